"""Image repositories: which tags may be moved to another image, and which images expire.

Source: AWS CloudFormation Template Reference, AWS::ECR::Repository; Amazon ECR User Guide,
"Preventing image tags from being overwritten" and "Lifecycle policies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.naming import DEPLOYED
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.protection import lifecycle_rules, slowness, spares
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_MUTABILITY: Final = "ImageTagMutability"
_FILTERS: Final = "ImageTagMutabilityExclusionFilters"
_RULES: Final = "LifecyclePolicy.LifecyclePolicyText"
_MARKS: Final = f"{DEPLOYED}*"
_MOVE: Final = {
    "MUTABLE": True,
    "MUTABLE_WITH_EXCLUSION": True,
    "IMMUTABLE": False,
    "IMMUTABLE_WITH_EXCLUSION": False,
}


class _Tags(Struct, frozen=True):
    """Whether the tags of a repository move, and the patterns of those that do the opposite."""

    move: bool
    but: frozenset[str]


def repositories(subject: Subject) -> Iterator[Finding]:
    """What changes for the tags of a repository, and for the images in it."""
    for _, old, new in subject.modified("AWS::ECR::Repository"):
        yield from _moved(old, new)
        yield from _expired(old, new)


def _moved(old: Resource, new: Resource) -> Iterator[Finding]:
    before, after = _tags(old), _tags(new)
    if before is None or after is None:
        return
    covers = ((new.id, _MUTABILITY), (new.id, _FILTERS))

    def finding(weight: Weight, words: str) -> Finding:
        return Finding(kind="exposure", weight=weight, text=f"{new.id}: {words}", covers=covers)

    if before.move != after.move:
        but = f", but those that fit {listed(sorted(after.but))}" if after.but else ""
        if after.move:
            words = f"a tag may be pushed again with another image{but}"
            yield finding(Weight.APPROVAL, words)
        else:
            yield finding(Weight.CALM, f"a tag stays with its image{but}")
        return
    more, less = after.but - before.but, before.but - after.but
    free, fixed = (less, more) if after.move else (more, less)
    if free:
        # a mark is moved by every deploy, and nothing runs by it
        weight = Weight.NOTICE if free == {_MARKS} and not after.move else Weight.APPROVAL
        others = "" if after.move else "; tags that fit none of its patterns stay"
        which = listed(sorted(free))
        yield finding(
            weight, f"tags that fit {which} may be pushed again with another image{others}"
        )
    if fixed:
        yield finding(Weight.CALM, f"tags that fit {listed(sorted(fixed))} stay with their image")


def _tags(repository: Resource) -> _Tags | None:
    """None where it is not known."""
    how, filters = at(repository, _MUTABILITY), at(repository, _FILTERS)
    if is_intrinsic(how) or is_intrinsic(filters):
        return None
    word = "MUTABLE" if how is None else text(how)
    patterns = [
        _pattern(one) if isinstance(one, dict) and not is_intrinsic(one) else None
        for one in as_items(filters)
    ]
    if word not in _MOVE or None in patterns:
        return None
    but = frozenset(filter(None, patterns)) if word.endswith("_WITH_EXCLUSION") else frozenset()
    return _Tags(_MOVE[word], but)


def _pattern(one: dict[str, Any]) -> str | None:
    """The pattern of one exclusion filter; None where it is not known."""
    value = one.get("ImageTagMutabilityExclusionFilterValue")
    return value if isinstance(value, str) else None


def _expired(old: Resource, new: Resource) -> Iterator[Finding]:
    before, after = (lifecycle_rules(at(one, _RULES)) for one in (old, new))
    if before is None or after is None:
        return
    covers = ((new.id, _RULES),)
    others = [_others(some) for some in (before, after)]
    whole = covers if others[0] == others[1] else ()  # what else changes is told beside it
    kept, spared = _spared(before), _spared(after)
    for patterns, weight, words in (
        (spared - kept, Weight.CALM, "no longer expire"),
        (kept - spared, Weight.APPROVAL, "may expire again: what runs may be gone"),
    ):
        if patterns:
            told = f"{new.id}: images with a tag like {listed(sorted(patterns))} {words}"
            yield Finding(kind="data", weight=weight, text=told, about=(new.id,), covers=whole)
    slow = [slowness({"rules": some}) for some in others]
    if slow[0] is None or slow[1] is None or slow[0] == slow[1]:
        return
    is_sooner = slow[1] < slow[0]
    words = "images are deleted later, or fewer of them"
    if is_sooner:
        words = "images are deleted sooner, or more of them: an old release may be gone"
    weight = Weight.APPROVAL if is_sooner else Weight.CALM
    yield Finding(kind="data", weight=weight, text=f"{new.id}: {words}", covers=covers)


def _others(rules: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules that delete something; which number each has changes with those before it."""
    numbers = ("rulePriority", "description")
    return [
        {key: value for key, value in one.items() if key not in numbers}
        for one in rules
        if not spares(one)
    ]


def _spared(rules: Iterable[dict[str, Any]]) -> frozenset[str]:
    """The patterns of tags that a rule keeps from all others."""
    found: set[str] = set()
    for rule in filter(spares, rules):
        prefixes = as_items(rule["selection"].get("tagPrefixList"))
        patterns = as_items(rule["selection"].get("tagPatternList"))
        found |= {*(f"{text(one)}*" for one in prefixes), *map(text, patterns)} or {"*"}
    return frozenset(found)
