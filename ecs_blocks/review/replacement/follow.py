"""What a change of one resource means for everything that refers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.review.difference.resources import PROPERTIES, Differing
from ecs_blocks.review.difference.trees import Leaf
from ecs_blocks.review.facts.beside import CHANGING_ATTRIBUTES, SAME_AFTERWARDS
from ecs_blocks.review.facts.types import facts
from ecs_blocks.review.model import Replacement
from ecs_blocks.review.replacement.own import (
    CUSTOM,
    GROUP,
    NESTED,
    NOTHING,
    ORDER,
    Verdict,
    of_group,
    verdict,
)
from ecs_blocks.templates.references import references
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.review.difference.seen import Member, Seen

_IDENTITIES: Final = ("Arn", "ARN", "Id", "Name", "Uri", "Url", "URL")
_LABELS: Final = ("Key", "Name", "Id", "Sid", "PolicyName", "ContainerName", "CapacityProvider")

_OTHER_TYPE: Final = (
    "{} becomes {} under the same logical id, which CloudFormation refuses (update of resource "
    "type is not permitted); give the new one another logical id"
)


class Reference(Struct, frozen=True):
    """One place where a resource refers to another one; the attribute of a Ref is empty."""

    leaf: Leaf
    target: str
    attribute: str


class Followed(Struct, kw_only=True):
    """A resource of both sides with all that is decided of it so far.

    ``verdicts`` are by the place of the leaf in ``leaves``; ``behind`` names the resources that
    make a leaf differ.
    """

    one: Differing
    leaves: list[Leaf]
    verdicts: list[Verdict]
    behind: list[set[str]]
    extra: Verdict = NOTHING

    @property
    def decided(self) -> Verdict:
        """The strongest of its verdicts."""
        return max([self.extra, *self.verdicts], key=lambda one: ORDER[one.replacement])


def follow(found: Mapping[str, Differing], old: Seen, new: Seen) -> dict[str, Followed]:
    """Every resource of both sides that differs, or that refers to what is replaced."""
    states = {name: _own(one, old, new) for name, one in found.items() if one.is_modified}
    users = _users(new) if states else {}
    waiting = list(states)
    while waiting:
        name = waiting.pop()
        for user, reference in users.get(name, ()):
            if user not in old.resources:
                continue
            effect = changes(states[name], reference.attribute)
            if effect is Replacement.NO:
                continue
            state = states.setdefault(user, _untouched(user, old, new))
            if _tell(state, reference, effect):
                waiting.append(user)
    return states


def changes(state: Followed, attribute: str) -> Replacement:
    """Whether a Ref (empty *attribute*) or an attribute of a resource gives another value."""
    one = state.one
    decided = state.decided.replacement
    top = attribute.split(".", maxsplit=1)[0]
    if decided is not Replacement.NO and attribute not in SAME_AFTERWARDS:
        if decided is Replacement.YES and not attribute and _keeps_its_ref(one):
            return Replacement.NO
        is_identity = not attribute or attribute.endswith(_IDENTITIES)
        return decided if is_identity else Replacement.MAYBE
    if not attribute or all(leaf.noise for leaf in state.leaves):
        return Replacement.NO
    if one.type.startswith(CUSTOM) or (one.type == NESTED and top == "Outputs"):
        return Replacement.MAYBE
    if attribute in CHANGING_ATTRIBUTES.get(one.type, ()):
        return Replacement.YES
    if any(leaf.names[:1] == (top,) for leaf in state.leaves):
        return Replacement.YES
    return Replacement.NO


def _own(one: Differing, old: Seen, new: Seen) -> Followed:
    leaves = list(one.leaves)
    state = Followed(
        one=one,
        leaves=leaves,
        verdicts=[verdict(one, leaf, old, new) for leaf in leaves],
        behind=[set() for _ in leaves],
    )
    if one.before is not None and one.changes_type:
        state.extra = Verdict(Replacement.YES, _OTHER_TYPE.format(one.before.type, one.type))
    return state


def _untouched(logical_id: str, old: Seen, new: Seen) -> Followed:
    both = old.resources[logical_id], new.resources[logical_id]
    one = Differing(logical_id=logical_id, before=both[0], after=both[1])
    return Followed(one=one, leaves=[], verdicts=[], behind=[])


def _tell(state: Followed, reference: Reference, effect: Replacement) -> bool:
    """Add what a reference of a resource does; whether that is news to those who refer to it."""
    was = state.decided.replacement, len(state.leaves)
    place = next(
        (i for i, leaf in enumerate(state.leaves) if _covers(leaf, reference.leaf)),
        len(state.leaves),
    )
    found = _verdict(state.one, reference, effect)
    if place == len(state.leaves):
        state.leaves.append(reference.leaf)
        state.verdicts.append(found)
        state.behind.append(set())
    elif ORDER[found.replacement] > ORDER[state.verdicts[place].replacement]:
        state.verdicts[place] = found
    state.behind[place].add(reference.target)
    return was != (state.decided.replacement, len(state.leaves))


def _verdict(one: Differing, reference: Reference, effect: Replacement) -> Verdict:
    known = facts(one.type)
    ruled = known.on_change(reference.leaf.names) if known is not None else Replacement.MAYBE
    if ruled is Replacement.NO:
        return NOTHING
    if one.type == GROUP and ruled is Replacement.MAYBE:
        return of_group(one, reference.leaf)
    name, target = reference.leaf.path, reference.target
    if ruled is effect is Replacement.YES:
        return Verdict(
            Replacement.YES,
            f"{name} of {one.type} cannot be changed in place, and {target}, to which it refers, "
            f"{'gets another ' + reference.attribute if reference.attribute else 'is replaced'}",
        )
    return Verdict(
        Replacement.MAYBE,
        f"{name} refers to {target}: whether that is another value afterwards, and whether this "
        "one is replaced then, is known during the deploy",
    )


def _covers(leaf: Leaf, other: Leaf) -> bool:
    """Whether *leaf* is about the place of *other*, or about something around it."""
    return leaf.noise is None and other.new[: len(leaf.new)] == leaf.new


def _keeps_its_ref(one: Differing) -> bool:
    """Whether its Ref is a name that is written in the template and stays."""
    if one.before is None or one.after is None or one.changes_type:
        return False
    known = facts(one.type)
    if known is None or not known.ref:
        return False
    sides = [
        member.properties.get(known.ref) if isinstance(member.properties, dict) else None
        for member in (one.before, one.after)
    ]
    return isinstance(sides[0], str) and sides[0] == sides[1]


def _users(new: Seen) -> dict[str, list[tuple[str, Reference]]]:
    """Who refers to each resource, and where."""
    found: dict[str, list[tuple[str, Reference]]] = {}
    for name, member in new.resources.items():
        for reference in references_of(member):
            if reference.target in new.resources and reference.target != name:
                found.setdefault(reference.target, []).append((name, reference))
    return found


def references_of(member: Member) -> Iterator[Reference]:
    """Every place in the properties of a resource that refers to something."""
    at = Leaf(old=(PROPERTIES,), new=(PROPERTIES,))
    yield from _references(member.properties, at)


def _references(value: Any, at: Leaf) -> Iterator[Reference]:
    if isinstance(value, dict) and not is_intrinsic(value):
        for key, item in value.items():
            yield from _references(item, at.key(key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            if is_intrinsic(item):
                yield from _at(item, at)
            else:
                yield from _references(item, at.item(_label(item, place), place, place))
    elif isinstance(value, dict):
        yield from _at(value, at)


def _at(value: Any, at: Leaf) -> Iterator[Reference]:
    path = at.path or PROPERTIES
    leaf = Leaf(path=path, names=at.names, old=at.old, new=at.new, before=value, after=value)
    for target, attribute in references(value):
        yield Reference(leaf, target, attribute)


def _label(item: Any, place: int) -> str:
    for name in _LABELS:
        found = item.get(name) if isinstance(item, dict) else None
        if isinstance(found, str):
            return found
    return str(place)
