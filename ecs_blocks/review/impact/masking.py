"""Values in a sentence: of what must not be shown it is said that it changes."""

from __future__ import annotations

from typing import Any, Final

from ecs_blocks.review.difference.secret import hides
from ecs_blocks.review.impact.phrases import changed, spoken
from ecs_blocks.review.side import HIDDEN, LATER

HIDDEN_CHANGE: Final = "changes (its value is hidden)"


def hides_change(name: str, before: Any, after: Any) -> bool:
    """Whether some part of either side must not be shown under this *name*."""
    return _hides(name, before) or _hides(name, after)


def shown_change(name: str, before: Any, after: Any) -> str:
    """``old → new`` under this *name*; that it changes, where a part of it must not be shown."""
    return HIDDEN_CHANGE if hides_change(name, before, after) else changed(before, after)


def shown_value(name: str, value: Any) -> str:
    """*value* in words, as far as it may be shown under this *name*."""
    return HIDDEN if _hides(name, value) else spoken(value)


def _hides(name: str, value: Any) -> bool:
    return value == {LATER: HIDDEN} or hides(value, name)
