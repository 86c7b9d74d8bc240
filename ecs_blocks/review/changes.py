"""What differs between two sides, decided and explained: the changes of a review."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.review.difference.causes import Causes
from ecs_blocks.review.difference.resources import differing, differing_outputs
from ecs_blocks.review.difference.secret import secret_values, shown, shown_text
from ecs_blocks.review.difference.seen import Seen, seen
from ecs_blocks.review.difference.trees import Leaf
from ecs_blocks.review.model import (
    Action,
    Cause,
    PropertyChange,
    Replacement,
    ResourceChange,
)
from ecs_blocks.review.replacement.fate import of_removed, of_replaced
from ecs_blocks.review.replacement.follow import changes, follow
from ecs_blocks.review.side import HIDDEN
from ecs_blocks.templates.references import references
from ecs_blocks.templates.resolve import mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ecs_blocks.review.difference.resources import Differing
    from ecs_blocks.review.difference.seen import Member
    from ecs_blocks.review.replacement.follow import Followed
    from ecs_blocks.review.side import Side

_LABEL: Final = re.compile(r"\[([^\]]*)\](?:\.(?:Header)?Value)?$")
_OF_OUTPUT: Final = "Value"


class Compared(Struct, frozen=True, kw_only=True):
    """All that differs between two sides of a stack; ``after`` is what would be deployed."""

    after: Seen
    resources: tuple[ResourceChange, ...]
    outputs: tuple[PropertyChange, ...]


def compared(before: Side | None, after: Side | None) -> Compared:
    """What differs between *before* and *after*; None where the stack is not there."""
    return _Comparison(before, after).result()


class _Comparison:
    def __init__(self, before: Side | None, after: Side | None) -> None:
        self._old, self._new = seen(before), seen(after)
        self._secrets = secret_values(before, after)
        self._causes = Causes(self._old, self._new)

    def result(self) -> Compared:
        found = differing(self._old, self._new)
        followed = follow(found, self._old, self._new)
        resources = [
            self._resource(name, found.get(name), followed.get(name))
            for name in dict.fromkeys([*self._new.resources, *self._old.resources])
            if name in found or name in followed
        ]
        return Compared(
            after=self._new,
            resources=tuple(resources),
            outputs=tuple(self._outputs(followed)),
        )

    def _resource(
        self, name: str, found: Differing | None, followed: Followed | None
    ) -> ResourceChange:
        if followed is not None:
            return self._modified(name, followed)
        old, new = self._old.resources.get(name), self._new.resources.get(name)
        member = new or old
        condition = self._condition(name, is_added=old is None)
        causes = self._causes.of_whole(name, condition)
        truth = "true" if old is None else "false"
        return ResourceChange(
            logical_id=name,
            type=member.type if member is not None else "",
            action=Action.ADD if old is None else Action.REMOVE,
            fate=of_removed(old) if old is not None else None,
            why=f"its condition {condition} is {truth} now" if condition else "",
            causes=causes,
            properties=tuple(
                self._shown(leaf, causes) for leaf in (found.leaves if found is not None else ())
            ),
            line=self._line(name),
        )

    def _modified(self, name: str, followed: Followed) -> ResourceChange:
        old, new = self._old.resources[name], self._new.resources[name]
        decided = followed.decided
        is_other = followed.one.changes_type
        stays = is_other or decided.replacement is Replacement.NO
        rows = zip(followed.leaves, followed.verdicts, followed.behind, strict=True)
        return ResourceChange(
            logical_id=name,
            type=new.type,
            action=Action.MODIFY,
            replacement=decided.replacement,
            fate=None if stays else of_replaced(new),
            why=shown_text(decided.why, self._secrets),
            properties=tuple(
                self._property(name, (old, new), leaf, behind, verdict.replacement)
                for leaf, verdict, behind in rows
            ),
            line=self._line(name),
            was=old.type if is_other else "",
        )

    def _property(
        self,
        name: str,
        members: tuple[Member | None, Member | None],
        leaf: Leaf,
        behind: Collection[str] = (),
        replacement: Replacement = Replacement.NO,
    ) -> PropertyChange:
        return self._shown(leaf, self._causes.of(name, members, leaf, behind), replacement)

    def _shown(
        self, leaf: Leaf, causes: tuple[Cause, ...], replacement: Replacement = Replacement.NO
    ) -> PropertyChange:
        called = _called(leaf)
        before = shown(leaf.before, called, self._secrets)
        after = shown(leaf.after, called, self._secrets)
        hidden = HIDDEN in (before, after)
        return PropertyChange(
            path=shown_text(leaf.path, self._secrets),
            before=HIDDEN if hidden and before is not None else before,
            after=HIDDEN if hidden and after is not None else after,
            replacement=replacement,
            causes=causes,
            hidden=hidden,
            noise=leaf.noise,
        )

    def _outputs(self, followed: dict[str, Followed]) -> Iterator[PropertyChange]:
        """What differs of the outputs themselves, and those that give another value by it."""
        found = differing_outputs(self._old, self._new)
        for name in dict.fromkeys([*self._new.outputs, *self._old.outputs]):
            members = self._old.outputs.get(name), self._new.outputs.get(name)
            for leaf in found.get(name, ()):
                yield self._property(name, members, leaf)
            old, new = members
            if old is None or new is None or name in found:
                continue
            value = new.attributes.get("Value")
            behind = {
                target
                for target, attribute in references(value)
                if target in followed and changes(followed[target], attribute) is not Replacement.NO
            }
            if behind:
                place = ("Value",)
                leaf = Leaf(path=f"{name}.Value", old=place, new=place, before=value, after=value)
                yield self._property(name, members, leaf, behind)

    def _condition(self, name: str, *, is_added: bool) -> str:
        """The condition that decided it, where both templates have the resource; else empty."""
        other = self._old if is_added else self._new
        body = mapping(mapping(other.template.get("Resources")).get(name))
        condition = body.get("Condition")
        return condition if isinstance(condition, str) else ""

    def _line(self, name: str) -> str:
        for side in (self._new.side, self._old.side):
            line = side.lines.get(name) if side is not None else None
            if line:
                return line
        return ""


def _called(leaf: Leaf) -> str:
    """What the value is called: the name beside it (``Environment[X].Value``), or its key.

    The value of an output is called as the output is.
    """
    label = _LABEL.search(leaf.path)
    if label:
        return label[1]
    if leaf.names in ((), (_OF_OUTPUT,)):
        return leaf.path.removesuffix(f".{_OF_OUTPUT}")
    return leaf.names[-1]
