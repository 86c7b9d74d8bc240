"""When a group cannot launch instances, nobody is told unless the group has been told whom.

A launch fails for lack of capacity, a quota, a revoked key, a broken image: the group tries again,
tasks stay PENDING, and the only trace is in the group's activity history. Notifications for the
four events (launch, launch error, terminate, terminate error) go to an SNS topic.

Set ``NotificationConfigurations`` with the four ``NotificationTypes``. A rule of EventBridge on the
source ``aws.autoscaling`` in the same template counts as well.

Source: Amazon EC2 Auto Scaling User Guide, "Amazon SNS notification options".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import (
    Check,
    Fault,
    Resource,
    Severity,
    Template,
    Unknown,
    lookup,
)
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "NotificationConfigurations"
_EVENTS: Final = (
    "EC2_INSTANCE_LAUNCH",
    "EC2_INSTANCE_LAUNCH_ERROR",
    "EC2_INSTANCE_TERMINATE",
    "EC2_INSTANCE_TERMINATE_ERROR",
)


def _judge(group: Resource, template: Template) -> Iterator[Fault]:
    told: set[str] = set()
    for path, _ in group.items(_PATH):
        for place, event in group.items(f"{path}.NotificationTypes"):
            if is_intrinsic(event):
                raise Unknown(place)
            told.add(str(event).removeprefix("autoscaling:"))
    missing = [event for event in _EVENTS if event not in told]
    if missing and not _has_rule(template):
        yield Fault(_PATH, f"nobody is told of {', '.join(missing)}")


def _has_rule(template: Template) -> bool:
    patterns = (rule.get("EventPattern", {}) for rule in template.of_type("AWS::Events::Rule"))
    return any("aws.autoscaling" in as_items(lookup(p, "source", [])) for p in patterns)


CHECK = Check(
    id="EB111",
    title="Auto Scaling group tells nobody of failed launches",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.WARNING,
    fix="add NotificationConfigurations with the four events to a topic that someone reads",
    judge=_judge,
)
