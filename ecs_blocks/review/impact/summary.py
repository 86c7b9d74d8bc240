"""One sentence for a list of stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.phrases import count, figure
from ecs_blocks.review.impact.service_facts import tasks_of
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import Consequence

_LONG: Final = 220


def headline(subject: Subject, consequences: Sequence[Consequence]) -> str:
    """What matters most in one sentence, without the name of the app and its environment."""
    pair = subject.pair
    if pair.after is None:
        return (
            "is no longer described, so nothing updates it; its stack runs on. To delete that, run "
            "ecs-blocks delete first"
        )
    approvals = [one for one in consequences if one.weight is Weight.APPROVAL]
    more, rest = len(approvals) - 1, len(consequences) - len(approvals)
    also = f"; {count(more, 'more thing')} to approve" if more > 0 else ""
    if pair.before is None:
        first = f"; {_short(approvals[0].text)}{also}" if approvals else ""
        return f"{_new(subject)}{first}"
    if not consequences:
        return "nothing changes that does anything"
    if approvals:
        told = approvals[0]
    else:
        told = next((one for one in consequences if one.kind == "rollout"), consequences[0])
        rest -= 1
    also += f"; {count(rest, 'more change')}" if rest else ""
    text = told.text
    if len(subject.after.of_type(SERVICE)) == 1:
        [service] = subject.after.of_type(SERVICE)
        text = text.removeprefix(f"{service.id}: ")
    return f"{_short(text)}{also}"


def _new(subject: Subject) -> str:
    services = subject.after.of_type(SERVICE)
    tasks = [tasks_of(one, subject.after) for one in services]
    found = count(len(subject.after.resources), "resource")
    if not services:
        return f"a new stack: {found}"
    known = [(one.low, one.high) for one in tasks if one.low is not None and one.high is not None]
    number = ""
    if len(known) == len(tasks):
        low, high = (sum(one[place] for one in known) for place in (0, 1))
        span = count(low, "task") if low == high else f"{figure(low)} to {count(high, 'task')}"
        number = f" with {span}"
    return f"a new stack: {found}, {count(len(services), 'service')}{number} among them"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1].rstrip()}…"
