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
from ecs_blocks.review.impact.image_rules import added, exposed, image_rules
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.image_rules import ImageRule
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
    before, after = (image_rules(at(one, _RULES)) for one in (old, new))
    if before is None or after is None:
        return
    covers = ((new.id, _RULES),)
    deleting = [[one for one in rules if not one.spares] for rules in (before, after)]
    whole = covers if deleting[0] == deleting[1] else ()  # what else changes is told beside it
    for images, weight, words in (
        (exposed(after, before), Weight.CALM, "no longer expire"),
        (exposed(before, after), Weight.APPROVAL, "may expire again: what runs may be gone"),
    ):
        for one in images:
            told = f"{new.id}: {one.words} {words}"
            yield Finding(kind="data", weight=weight, text=told, about=(new.id,), covers=whole)
    rest = _deleted(before, after)
    if rest is not None:
        weight, words, is_whole = rest
        yield Finding(
            kind="data",
            weight=weight,
            text=f"{new.id}: {words}",
            about=(new.id,),
            covers=covers if is_whole else (),
        )


def _deleted(
    before: Sequence[ImageRule], after: Sequence[ImageRule]
) -> tuple[Weight, str, bool] | None:
    """What else is deleted, in words, and whether they are all there is to say; None for the same.

    Where the rules select other images, the rules themselves are shown too.
    """
    if more := added(before, after):
        old, new = ({one.selected for one in rules if not one.spares} for rules in (before, after))
        if old - new and any(one.selected not in old for one in more):
            words = "other images are deleted than before: an old release may be gone"
            return Weight.APPROVAL, words, False
        words = "images are deleted sooner, or more of them: an old release may be gone"
        return Weight.APPROVAL, words, True
    if added(after, before):
        return Weight.CALM, "images are deleted later, or fewer of them", True
    return None
