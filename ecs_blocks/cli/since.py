"""``--since TIME``: how far back a verb looks."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_SINCE: Final = re.compile(r"([0-9]{1,18})([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST: Final = dt.timedelta(days=3650)
"""CloudWatch Logs keeps nothing longer than ten years, unless it keeps it for ever."""


def since_option(default: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--since TIME`` as a ``timedelta``; *default* where nobody gave it, *words* are its help."""
    return click.option(
        "--since",
        default=default,
        callback=_duration,
        show_default=True,
        metavar="TIME",
        help=words,
    )


def _duration(_context: click.Context, _parameter: click.Parameter, text: str) -> dt.timedelta:
    found = _SINCE.fullmatch(text)
    if found is None:
        raise click.BadParameter("a time is a number with s, m, h, d or w behind it: 90s, 15m, 2d")
    unit = _UNITS[found[2]]
    if int(found[1]) > _LONGEST / dt.timedelta(**{unit: 1}):
        raise click.BadParameter(f"{text} is too far back; at most {_LONGEST.days}d, ten years")
    return dt.timedelta(**{unit: int(found[1])})
