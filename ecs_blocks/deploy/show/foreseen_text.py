"""What is known of a stack's deploy before it can be planned, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.show.line import Paper, hanging
from ecs_blocks.deploy.show.plan_text import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.foreseen import Foreseen


def foreseen_view(one: Foreseen, *, columns: int = 100, encoding: str = "utf-8") -> str:
    """It as text, lines of at most *columns*; as a plan is shown, as far as it goes."""
    paper = Paper(max(columns, 20), encoding=encoding)
    head = "\n".join(line for item in _head(one) for line in hanging(*item, paper)) + "\n"
    if not one.changes:
        return head
    return f"{head}\n{render(one.changes, (), columns=columns, encoding=encoding)}"


def _head(one: Foreseen) -> Iterator[tuple[str, str]]:
    what = "a new stack" if one.is_new else "an update"
    names, verb = " and ".join(one.waits_for), "is" if len(one.waits_for) == 1 else "are"
    yield "", f"{one.stack_name}: {what}, planned once {names} {verb} deployed"
    yield from (("- ", f"{key}: {where}") for key, where in one.later.items())
