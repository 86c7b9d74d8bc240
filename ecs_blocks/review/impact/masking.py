"""Values in a sentence: what must not be shown reads ``(hidden)``."""

from __future__ import annotations

from typing import Any

from ecs_blocks.review.difference.secret import is_hidden, shown
from ecs_blocks.review.impact.phrases import changed, spoken
from ecs_blocks.review.side import HIDDEN, LATER


def shown_change(name: str, before: Any, after: Any) -> str:
    """``old → new`` under this *name*; ``(hidden)`` alone where either side must not be shown."""
    return HIDDEN if _hides(name, before) or _hides(name, after) else changed(before, after)


def shown_value(name: str, value: Any) -> str:
    """*value* in words, as far as it may be shown under this *name*."""
    return HIDDEN if _hides(name, value) else spoken(value)


def _hides(name: str, value: Any) -> bool:
    return value == {LATER: HIDDEN} or is_hidden(shown(value, name, ()))
