"""What differs between the resources, and between the outputs, of two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ecs_blocks.review.difference.policies import sorting_key
from ecs_blocks.review.difference.seen import Member
from ecs_blocks.review.difference.trees import Leaf, leaves
from ecs_blocks.review.facts.beside import EMPTY_IS_NONE
from ecs_blocks.review.facts.types import TypeFacts, facts
from ecs_blocks.review.model import Noise
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.difference.seen import Seen

PROPERTIES: Final = "Properties"
NOISE: Final = {
    "Metadata": Noise.METADATA,
    "DeletionPolicy": Noise.POLICY,
    "UpdateReplacePolicy": Noise.POLICY,
    "UpdatePolicy": Noise.POLICY,
    "CreationPolicy": Noise.POLICY,
    "DependsOn": Noise.POLICY,
}
"""What stands beside a resource's properties and does nothing to what runs."""


class Differing(Struct, frozen=True, kw_only=True):
    """A resource that is not the same on both sides; None on the side where it is not."""

    logical_id: str
    before: Member | None
    after: Member | None
    leaves: tuple[Leaf, ...] = ()

    @property
    def is_modified(self) -> bool:
        """Whether it is on both sides."""
        return self.before is not None and self.after is not None

    @property
    def type(self) -> str:
        """Its type, of the side after where it is there."""
        member = self.after or self.before
        return member.type if member is not None else ""

    @property
    def changes_type(self) -> bool:
        """Whether another type stands under its logical id."""
        return (
            self.before is not None
            and self.after is not None
            and (self.before.type != self.after.type)
        )


def differing(before: Seen, after: Seen) -> dict[str, Differing]:
    """Every resource that differs, in the order of the template after; removed ones at the end."""
    tags = list(_of_stack_tags(before, after))
    found: dict[str, Differing] = {}
    for name in dict.fromkeys([*after.resources, *before.resources]):
        old, new = before.resources.get(name), after.resources.get(name)
        known = facts(new.type) if new is not None else None
        if old is None or new is None:
            inside = tuple(_whole(old, new))
        else:
            inside = tuple(_of_member(old, new, known))
            inside += tuple(_tags_of(new, known, tags))
        if inside or old is None or new is None or old.type != new.type:
            found[name] = Differing(logical_id=name, before=old, after=new, leaves=inside)
    return found


def differing_outputs(before: Seen, after: Seen) -> dict[str, tuple[Leaf, ...]]:
    """What differs of the outputs, by name; their Description does not count."""
    found: dict[str, tuple[Leaf, ...]] = {}
    for name in dict.fromkeys([*after.outputs, *before.outputs]):
        old, new = before.outputs.get(name), after.outputs.get(name)
        sides = [
            None
            if one is None
            else {key: value for key, value in one.attributes.items() if key != "Description"}
            for one in (old, new)
        ]
        at = Leaf(path=name)
        if inside := tuple(leaves(sides[0], sides[1], None, at)):
            found[name] = inside
    return found


def _of_member(old: Member, new: Member, known: TypeFacts | None) -> Iterator[Leaf]:
    if old.type == new.type:
        at = Leaf(old=(PROPERTIES,), new=(PROPERTIES,))
        for leaf in leaves(old.properties, new.properties, known, at):
            yield _named(_with_noise(_with_wording(leaf, new.type), known))
    for key in dict.fromkeys([*new.attributes, *old.attributes]):
        left, right = old.attributes.get(key), new.attributes.get(key)
        if key == "DependsOn":
            left, right = _as_list(left), _as_list(right)
        for leaf in leaves(left, right, None, Leaf(path=key, old=(key,), new=(key,))):
            yield replace(leaf, noise=NOISE.get(key, leaf.noise))


def _whole(old: Member | None, new: Member | None) -> Iterator[Leaf]:
    """The properties of a resource that is on one side only, each whole."""
    member = old or new
    properties = member.properties if member is not None else None
    at = Leaf(old=(PROPERTIES,), new=(PROPERTIES,))
    if not isinstance(properties, dict) or is_intrinsic(properties):
        yield _with_side(_named(at), properties, old)
        return
    for key, value in properties.items():
        yield _with_side(at.key(key), value, old)


def _with_side(leaf: Leaf, value: Any, old: Member | None) -> Leaf:
    return replace(leaf, after=value) if old is None else replace(leaf, before=value)


def _with_noise(leaf: Leaf, known: TypeFacts | None) -> Leaf:
    """Tags are noise, but where a type cannot have others without being replaced."""
    tags = known.tags.split(".") if known and known.tags else ["Tags"]
    if known is None or leaf.names[: len(tags)] != tuple(tags) or known.tags in known.create_only:
        return leaf
    return replace(leaf, noise=Noise.TAGS)


def _with_wording(leaf: Leaf, type_: str) -> Leaf:
    """An empty list where there was no list, or the other way round, is another wording."""
    if leaf.path in EMPTY_IS_NONE.get(type_, ()) and not leaf.before and not leaf.after:
        return replace(leaf, noise=Noise.ORDER)
    return leaf


def _named(leaf: Leaf) -> Leaf:
    return leaf if leaf.path else replace(leaf, path=PROPERTIES)


def _as_list(value: Any) -> list[Any] | None:
    if value is None:
        return None
    return sorted(value if isinstance(value, list) else [value], key=sorting_key)


def _of_stack_tags(before: Seen, after: Seen) -> Iterator[tuple[str, str | None, str | None]]:
    """The stack's tags that change, which CloudFormation hands on to every resource."""
    if before.side is None or after.side is None:
        return
    old, new = before.side.tags, after.side.tags
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _tags_of(
    member: Member, known: TypeFacts | None, tags: list[tuple[str, str | None, str | None]]
) -> Iterator[Leaf]:
    """Those of the stack's tags that a resource gets: it can have tags, and has no such own one."""
    if known is None or not known.tags or not tags or "." in known.tags:
        return
    own = member.properties.get(known.tags) if isinstance(member.properties, dict) else None
    names = set(own) if isinstance(own, dict) else set()
    if isinstance(own, list):
        names = {str(one.get("Key")) for one in own if isinstance(one, dict)}
    noise = None if known.tags in known.create_only else Noise.TAGS
    for key, old, new in tags:
        if key not in names:
            yield Leaf(
                path=f"{known.tags}[{key}]",
                names=(known.tags,),
                old=(STACK_TAG, key),
                new=(STACK_TAG, key),
                before=old,
                after=new,
                noise=noise,
            )


STACK_TAG: Final = "(tags of the stack)"
"""The first step of a leaf that comes of the stack's tags, not of the template."""
