"""An alarm that does nothing when it goes off is a light in an empty room.

Without ``AlarmActions`` the alarm changes colour in the console. Nobody is called, nothing scales.

Set ``AlarmActions`` to the topic that someone reads. An alarm that a deployment watches
(``DeploymentConfiguration.Alarms``), that a composite alarm is made of, or whose changes a rule of
EventBridge takes up (source ``aws.cloudwatch``), has its use without; so has one that acts on
missing data (``InsufficientDataActions``).

Source: Amazon CloudWatch User Guide, "Alarm actions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup
from ecs_blocks.checks.rules.topic_default_key import ALARMS
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.texts import HOLE, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(alarm: Resource, template: Template) -> Iterator[Fault]:
    acting = ("AlarmActions", "InsufficientDataActions")
    acts = any(one for key in acting for one in as_items(alarm.get(key)))
    if not acts and not _is_watched(alarm, template):
        yield Fault("AlarmActions", "nothing happens when the alarm goes off")


def _is_watched(alarm: Resource, template: Template) -> bool:
    name = text_of(alarm.raw("AlarmName"))
    for service in template.of_type("AWS::ECS::Service"):
        watched = as_items(service.get("DeploymentConfiguration.Alarms.AlarmNames"))
        if any(template.target(one) is alarm or (name and text_of(one) == name) for one in watched):
            return True
    for composite in template.of_type("AWS::CloudWatch::CompositeAlarm"):
        rule = text_of(composite.raw("AlarmRule")) or ""
        referred = {hole.partition(".")[0] for hole in HOLE.findall(rule)}
        if alarm.id in referred or (name and name in rule):
            return True
    patterns = (rule.get("EventPattern", {}) for rule in template.of_type("AWS::Events::Rule"))
    return any("aws.cloudwatch" in as_items(lookup(one, "source", [])) for one in patterns)


CHECK = Check(
    id="EB701",
    title="alarm without an action",
    types=ALARMS,
    severity=Severity.WARNING,
    fix="set AlarmActions to a topic that someone reads",
    judge=_judge,
)
