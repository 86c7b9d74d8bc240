"""The lifecycle rules of an image repository: which images one selects, and which never expire.

Source: Amazon ECR User Guide, "Lifecycle policy properties in Amazon ECR" and "Examples of
lifecycle policies": an image is expired by one rule at most, the lowest ``rulePriority`` that
selects it comes first, and of several patterns of one rule an image has to have all.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.naming import MAX_DEPLOYED
from ecs_blocks.review.impact.protection import lifecycle_rules
from ecs_blocks.review.impact.reading import finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ANY: Final = "any"
_UNTAGGED: Final = "untagged"
_OWN: Final = frozenset({"tagStatus", "tagPrefixList", "tagPatternList", "countNumber"})
"""Of a selection, what has a field here; the rest is how it counts."""


class Selected(Struct, frozen=True):
    """Which images a rule selects: all, those without a tag, or with one of each pattern."""

    status: str
    patterns: frozenset[str] = frozenset()

    def includes(self, other: Selected) -> bool:
        """Whether all images of *other* are surely among these."""
        if self.status == _ANY:
            return True
        each = all(any(fnmatchcase(o, own) for o in other.patterns) for own in self.patterns)
        return self.status == other.status and each

    def meets(self, other: Selected) -> bool:
        """Whether one image may be in both: it may have many tags."""
        return _ANY in (self.status, other.status) or self.status == other.status

    @property
    def words(self) -> str:
        """``images with a tag like deployed-*``."""
        if self.status == _ANY:
            return "images"
        if self.status == _UNTAGGED:
            return "images without a tag"
        tags = " and one like ".join(sorted(self.patterns) or ["*"])
        return f"images with a tag like {tags}"


class ImageRule(Struct, frozen=True):
    """One rule: what it selects, how it counts (images, days), and how many it keeps."""

    selected: Selected
    how: frozenset[tuple[str, str]]
    kept: float

    @property
    def spares(self) -> bool:
        """Whether it is never reached: it keeps what it selects from the rules after it."""
        return self.kept >= MAX_DEPLOYED

    def deletes_all_of(self, other: ImageRule) -> bool:
        """Whether it deletes whatever *other* deletes."""
        is_sooner = self.how == other.how and self.kept <= other.kept
        return is_sooner and self.selected.includes(other.selected)


def image_rules(value: Any) -> list[ImageRule] | None:
    """The rules of a ``LifecyclePolicyText`` that expire or spare images, by their priority.

    None where they are not known.
    """
    rules = lifecycle_rules(value)
    if rules is None:
        return None
    found = sorted(rules, key=lambda one: finite(one.get("rulePriority")) or 0)
    return [rule for rule in map(_read, found) if rule is not None]


def _read(rule: dict[str, Any]) -> ImageRule | None:
    selection, action = rule.get("selection"), rule.get("action")
    if not isinstance(selection, dict):
        return None
    if isinstance(action, dict) and action.get("type", "expire") != "expire":
        return None  # one that moves images to the archive deletes none
    kept = finite(selection.get("countNumber"))
    if not kept:
        return None
    prefixes = (f"{text(one)}*" for one in as_items(selection.get("tagPrefixList")))
    patterns = frozenset((*prefixes, *map(text, as_items(selection.get("tagPatternList")))))
    status = text(selection.get("tagStatus"))
    known = status if status in (_ANY, _UNTAGGED) else "tagged"
    how = frozenset((key, str(one)) for key, one in selection.items() if key not in _OWN)
    return ImageRule(Selected(known, patterns if known == "tagged" else frozenset()), how, kept)


def _reaching(rules: Iterable[ImageRule], images: Selected) -> list[ImageRule]:
    """The rules that may delete some of *images*: none behind the first that selects all of them.

    For that one decides, even where it keeps what it selects.
    """
    found = []
    for rule in rules:
        if rule.selected.meets(images) and not rule.spares:
            found.append(rule)
        if rule.selected.includes(images):
            break
    return found


def exposed(before: Sequence[ImageRule], after: Sequence[ImageRule]) -> list[Selected]:
    """What a rule of *before* spares from all others, and may expire by *after*."""
    spared = dict.fromkeys(rule.selected for rule in before if rule.spares)
    return [one for one in spared if not _reaching(before, one) and _reaching(after, one)]


def added(before: Sequence[ImageRule], after: Sequence[ImageRule]) -> list[ImageRule]:
    """The rules of *after* that may delete what none of *before* did.

    Without those that reach only what was spared: ``exposed`` tells it.
    """
    every = dict.fromkeys(rule.selected for rule in (*before, *after))
    told = exposed(before, after)
    found: dict[ImageRule, None] = {}
    for images in every:
        if images not in told:
            old = _reaching(before, images)
            new = _reaching(after, images)
            found |= {one: None for one in new if not any(o.deletes_all_of(one) for o in old)}
    return list(found)


def deletes_more(old: Any, new: Any) -> bool:
    """Whether the text *new* of a policy may delete images that the text *old* would have kept."""
    before, after = image_rules(old), image_rules(new)
    if before is None or after is None:
        return False
    return bool(added(before, after) or exposed(before, after))
