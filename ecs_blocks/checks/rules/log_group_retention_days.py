"""CloudWatch Logs keeps logs for certain numbers of days only.

100 days cannot be had: the numbers are those of a list, and any other is refused when the stack is
deployed.

Source: Amazon CloudWatch Logs API Reference, PutRetentionPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator

# fmt: off
_DAYS: Final = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)
# fmt: on


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    given = group.get("RetentionInDays")
    if given is None or number(given) in _DAYS:
        return
    wanted = number(given)
    nearest = "" if wanted is None else f"; nearest: {_nearest(wanted)}"
    yield Fault("RetentionInDays", f"logs cannot be kept for {given!r} days{nearest}")


def _nearest(wanted: float) -> str:
    below = [days for days in _DAYS if days < wanted][-1:]
    above = [days for days in _DAYS if days > wanted][:1]
    return " or ".join(str(days) for days in below + above)


CHECK = Check(
    id="EB213",
    title="log retention that does not exist",
    types=("AWS::Logs::LogGroup",),
    severity=Severity.ERROR,
    fix="use one of the numbers of days that CloudWatch Logs has",
    judge=_judge,
)
