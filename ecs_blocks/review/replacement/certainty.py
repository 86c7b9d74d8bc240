"""Whether two values differ for certain, or only the deploy will tell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.difference.policies import sorting_key
from ecs_blocks.review.difference.spelling import SSM
from ecs_blocks.review.facts.types import facts
from ecs_blocks.review.side import LATER, RUNNING
from ecs_blocks.templates.references import references
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from ecs_blocks.review.difference.seen import Seen

_OPEN: Final = frozenset({"Fn::If", "Fn::Transform"})


def differ(before: Any, after: Any, old: Seen, new: Seen) -> bool | None:
    """Whether *before* and *after*, both in the one spelling, are different values.

    True where both are known, where one is not there, and where they refer to two resources; False
    where they are written in two ways; None where only the deploy will tell.
    """
    return _differ(before, after, old, new) or (
        False if _is_same(before, after, old, new) else None
    )


def _is_same(before: Any, after: Any, old: Seen, new: Seen) -> bool:
    known = _known(before, old)
    return known is not None and known == _known(after, new)


def _differ(before: Any, after: Any, old: Seen, new: Seen) -> bool:
    if before is None or after is None:
        return not is_open(before if after is None else after)
    if not is_intrinsic(before) and not is_intrinsic(after):
        return _plain_differ(before, after, old, new)
    known = [_known(before, old), _known(after, new)]
    if known[0] is not None and known[1] is not None:
        return known[0] != known[1]
    if _runs(before) and _runs(after):  # what runs of one repository is never what does of another
        return bool(before != after)
    match before, after:
        case {"Ref": str() as one}, {"Ref": str() as other}:
            return one in old.resources and other in new.resources and one != other
        case {"Fn::GetAtt": [str() as one, str() as a]}, {
            "Fn::GetAtt": [str() as other, str() as b]
        }:
            return a == b and _is_identity(a) and one != other
        case {"Fn::Sub": str() as one}, {"Fn::Sub": str() as other}:
            return _same_references(before, after) and one != other
        case {"Fn::Join": [_, list() as one]}, {"Fn::Join": [_, list() as other]}:
            return _only_texts_differ(one, other)
    return False


def is_open(value: Any) -> bool:
    """Whether *value* may turn out to be nothing, or anything."""
    return is_intrinsic(value) and next(iter(value)) in _OPEN


def why_unknown(value: Any) -> str:
    """What keeps *value* from being known, in a few words; empty where nothing does."""
    if isinstance(value, list):
        return next(filter(None, map(why_unknown, value)), "")
    if not isinstance(value, dict):
        return ""
    if is_intrinsic(value):
        [(function, argument)] = value.items()
        if function == LATER:
            return f"{argument} is looked up when it is deployed"
        if function == SSM:
            return f"the SSM parameter {argument} is read when it is deployed"
        if function == "Fn::ImportValue":
            return "another stack's export is read when it is deployed"
        if function == "Fn::If":
            return "a condition is decided when it is deployed"
        inside = why_unknown(argument)
        if inside or function not in ("Ref", "Fn::GetAtt"):
            return inside or "CloudFormation computes it"
        name = next((name for name, _ in references(value)), "")
        return f"it comes from {name}" if name else ""
    return next(filter(None, map(why_unknown, value.values())), "")


def _plain_differ(before: Any, after: Any, old: Seen, new: Seen) -> bool:
    """Of texts, lists and mappings of which a part may be unknown."""
    if isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            return not any(map(is_open, (*before, *after)))
        left, right = Counter(map(sorting_key, before)), Counter(map(sorting_key, after))
        gone = [one for one in before if (left - right)[sorting_key(one)]]
        come = [one for one in after if (right - left)[sorting_key(one)]]
        return all(_differ(a, b, old, new) for a in gone for b in come) if gone else True
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        return any(
            _differ(before.get(key), after.get(key), old, new)
            for key in keys
            if before.get(key) != after.get(key)
        )
    return True


def _runs(value: Any) -> bool:
    return str(value.get(LATER)).startswith(RUNNING) if isinstance(value, dict) else False


def _known(value: Any, side: Seen) -> str | None:
    """A text as it is; of a Ref to a resource that is called by its Ref, its written name."""
    if isinstance(value, str):
        return value
    match value:
        case {"Ref": str() as name} if name in side.resources:
            member = side.resources[name]
            known = facts(member.type)
            if known is not None and known.ref and isinstance(member.properties, dict):
                found = member.properties.get(known.ref)
                return found if isinstance(found, str) else None
    return None


def _is_identity(attribute: str) -> bool:
    return attribute.endswith(("Arn", "Id", "ARN"))


def _same_references(before: Any, after: Any) -> bool:
    return list(references(before)) == list(references(after))


def _only_texts_differ(before: list[Any], after: list[Any]) -> bool:
    if len(before) != len(after):
        return False
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return bool(pairs) and all(isinstance(a, str) and isinstance(b, str) for a, b in pairs)
