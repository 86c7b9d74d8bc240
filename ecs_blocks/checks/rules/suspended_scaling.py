"""Scaling that is suspended is easy to forget: nothing fails until the next rush.

Application Auto Scaling holds the number of tasks where it is, or takes none away, or lets no
schedule count, for as long as ``SuspendedState`` says so. That helps in an incident. Weeks later
the service answers slowly under load, or runs all night, and nobody knows why.

Let it be a value that is false, and true for the time of an incident: every environment that
scales has ``ScalingSuspended``. Say false rather than nothing, or what somebody suspended by hand
stays. While it is true this check reminds of it; where it is to stay suspended, say why.

Source: Application Auto Scaling User Guide, "Suspend and resume scaling".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATE: Final = "SuspendedState"
_MEANINGS: Final = {
    "DynamicScalingOutSuspended": "nothing answers to load any more",
    "DynamicScalingInSuspended": "what is idle stays",
    "ScheduledScalingSuspended": "no schedule counts",
}


def _judge(target: Resource, _template: Template) -> Iterator[Fault]:
    on = {
        name: words for name, words in _MEANINGS.items() if is_true(target.get(f"{_STATE}.{name}"))
    }
    if on:
        yield Fault(f"{_STATE}.{next(iter(on))}", f"scaling is suspended: {', '.join(on.values())}")


CHECK = Check(
    id="EB716",
    title="scaling is suspended",
    types=(SCALABLE_TARGET,),
    severity=Severity.WARNING,
    fix="set ScalingSuspended to false, and to true only for the time of an incident",
    judge=_judge,
)
