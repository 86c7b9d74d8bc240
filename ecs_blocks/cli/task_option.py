"""``--task ID``: one task, by its id, how that begins, or its ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_TASK: Final = re.compile(r"(?:arn:.+/)?[0-9a-f-]{4,36}")


def task_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--task ID`` as it was typed, or None; *words* are its help."""
    return click.option("--task", callback=_checked, metavar="ID", help=words)


def _checked(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None and not _TASK.fullmatch(text):
        raise click.BadParameter("a task is given by its id, at least four characters, or its ARN")
    return text
