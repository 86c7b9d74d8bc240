"""How values, numbers and lists are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.texts import sole_reference, text_of
from ecs_blocks.review.side import LATER
from ecs_blocks.templates.resolve import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONG: Final = 120
_MANY: Final = 6
_ARN_FIELDS: Final = 5
"""Of ``arn:partition:service:region:account:resource``, those before the resource."""
PERHAPS: Final = "perhaps, decided during the deploy: "
"""Before what happens only if a value that is looked up is another one than now."""

CUT: Final = "…"
"""Stands at the end of a value that is too long for a sentence."""


def plain(value: Any) -> Any:
    """*value* with each look-up as the text that it is written with, in a ``${…}``."""
    if isinstance(value, dict):
        if len(value) == 1 and LATER in value:
            return {"Ref": str(value[LATER])}
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def spoken(value: Any) -> str:
    """A value as a person reads it: ``2``, ``a, b``, ``!StackOutput net.Vpc``, ``HogeKey.Arn``."""
    return _short(words(value)) or '""'


def words(value: Any) -> str:
    """A value as ``spoken`` says it, whole."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(spoken, value)) or "nothing"
    if isinstance(value, dict) and len(value) == 1 and LATER in value:
        return str(value[LATER])
    flat = plain(value)
    reference = sole_reference(flat)
    if reference is not None:
        name, attribute = reference
        return name if attribute == "Ref" else f"{name}.{attribute}"
    written = text_of(flat)
    if written is None:
        written = json.dumps(flat, sort_keys=True, ensure_ascii=False, default=str)
    return written


def changed(before: Any, after: Any, unit: str = "") -> str:
    """``365 → 30 days``; a value that was not there is ``unset``.

    Of two ARNs that differ only behind the account, what is behind it.
    """
    before, after = _behind_account(before, after)
    old, new = ("unset" if one is None else spoken(one) for one in (before, after))
    return f"{old} → {new}{f' {unit}' if unit and after is not None else ''}"


def _behind_account(before: Any, after: Any) -> tuple[Any, Any]:
    if not (isinstance(before, str) and isinstance(after, str)):
        return before, after
    parts = before.split(":", _ARN_FIELDS), after.split(":", _ARN_FIELDS)
    whole = all(one[0] == "arn" and len(one) > _ARN_FIELDS for one in parts)
    same = parts[0][:_ARN_FIELDS] == parts[1][:_ARN_FIELDS]
    return (parts[0][-1], parts[1][-1]) if whole and same else (before, after)


def count(number: float, noun: str, plural: str = "") -> str:
    """``1 task``, ``2 tasks``, ``2 policies``."""
    if number == 1:
        return f"1 {noun}"
    if not plural:
        if noun.endswith("y") and noun[-2:-1] not in "aeiou":
            plural = f"{noun[:-1]}ies"
        else:
            plural = f"{noun}{'es' if noun.endswith(('s', 'x', 'ch')) else 's'}"
    return f"{figure(number)} {plural}"


def figure(number: float) -> str:
    """A number without what it does not need: ``2``, ``0.5``, ``12,288``."""
    rounded = round(number, 2)
    return f"{int(rounded):,}" if float(rounded).is_integer() else scalar_text(rounded)


def listed(items: Iterable[str], many: int = _MANY) -> str:
    """``a``, ``a and b``, ``a, b and c``; what is beyond *many* is counted."""
    found = list(dict.fromkeys(items))
    if len(found) > many:
        found = [*found[: many - 1], f"{len(found) - many + 1} more"]
    return " and ".join(([", ".join(found[:-1])] if len(found) > 1 else []) + found[-1:])


def verb(items: Iterable[str], one: str, several: str) -> str:
    """The form of a verb that goes with the number of *items*."""
    return one if len(list(dict.fromkeys(items))) == 1 else several


def minutes(number: float | None) -> str:
    """``10 min``; ``a time that is not known yet`` for None."""
    return "a time that is not known yet" if number is None else f"{figure(number)} min"


def _short(text: str) -> str:
    """*text* in one line, cut where it is too long for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _LONG else f"{line[: _LONG - 1]}{CUT}"
