"""Health checks of target groups: a changed one is asked of the tasks that run, at once.

CloudFormation changes the target group before the service starts new tasks, and ECS stops a task
whose target is unhealthy. Source: Amazon ECS Developer Guide, "Optimize load balancer health check
parameters"; Elastic Load Balancing User Guide, "Health checks for target groups".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, listed
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_ASKED: Final = {
    "HealthCheckPath": "the path",
    "HealthCheckPort": "the port",
    "HealthCheckProtocol": "the protocol",
    "HealthCheckEnabled": "whether it is asked at all",
}
"""What tasks that were healthy so far may not answer."""


def health_checks(subject: Subject) -> Iterator[Finding]:
    """A finding for each target group whose running tasks are asked something else."""
    serving = {
        group.id
        for service in subject.before.of_type(SERVICE)
        if facts.tasks_of(subject.after.resources.get(service.id), subject.after).fixed != 0
        for _, group in facts.target_groups(service, subject.before)
        if group is not None
    }
    for change, old, new in subject.modified(TARGET_GROUP):
        paths = [one for one in _ASKED if differs(at(old, one), at(new, one))]
        if not paths or change.logical_id not in serving or subject.is_replaced(new.id):
            continue
        words = listed(f"{_ASKED[one]} {changed(at(old, one), at(new, one))}" for one in paths)
        yield Finding(
            kind="downtime",
            weight=Weight.APPROVAL,
            text=(
                f"{new.id}: another health check, at once and of the tasks that run now ({words}): "
                "those that do not pass it are stopped"
            ),
            details=("deploy an image that passes both before this",),
            covers=tuple((new.id, one) for one in paths),
        )
