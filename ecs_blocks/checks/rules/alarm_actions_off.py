"""An alarm whose actions are switched off looks like one that watches.

``ActionsEnabled: false`` keeps the alarm and takes away its voice. In a test environment that is a
fair choice, and so this is only told, not held against it. In production it is usually left over
from the last incident.

Leave ``ActionsEnabled`` out, or set it to true, where someone should be called. To be quiet for a
while, use an ``AWS::CloudWatch::AlarmMuteRule``: it ends by itself.

Source: Amazon CloudWatch API Reference, PutMetricAlarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.rules.topic_default_key import ALARMS

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(alarm: Resource, _template: Template) -> Iterator[Fault]:
    if str(alarm.get("ActionsEnabled", True)).lower() == "false":
        yield Fault("ActionsEnabled", "the alarm calls nobody in this environment")


CHECK = Check(
    id="EB702",
    title="actions of the alarm are switched off",
    types=ALARMS,
    severity=Severity.INFO,
    fix="leave ActionsEnabled out where the alarm should call someone",
    judge=_judge,
)
