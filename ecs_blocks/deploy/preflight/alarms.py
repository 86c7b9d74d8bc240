"""Alarms: names of new ones are free; those that can roll a deploy back exist, and are quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped, warning
from ecs_blocks.deploy.preflight.names import holder_of, taken_by_own
from ecs_blocks.deploy.preflight.template import is_true, part, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_TYPES: Final = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_BATCH: Final = 100
"""What DescribeAlarms takes at once."""


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """New alarms, the services' deployment alarms, and the stack's rollback triggers."""
    new: dict[str, str] = {}
    for type_name in _TYPES:
        for logical_id, properties in subject.of_type(type_name):
            name = text(properties.get("AlarmName"))
            holder = holder_of(subject, type_name, name) if name else logical_id
            if holder and holder != logical_id:
                yield taken_by_own(holder, logical_id, "alarm", name)
            elif not holder:
                new[name] = logical_id
    watching = dict(_deployment_alarms(subject, new))
    triggers = [arn.rpartition(":")[2] for arn in subject.rollback_alarms]
    states = _states(aws, list(dict.fromkeys([*new, *watching, *triggers])))
    if isinstance(states, Gap):
        yield skipped("alarms", states)
        return
    for name, logical_id in new.items():
        if name in states:
            message = f"there is an alarm {name} already, outside this stack"
            yield problem(logical_id, message, "delete it, or choose another name")
    for name, service in watching.items():
        yield from _watching(service, name, states.get(name, ""))
    for name in triggers:
        yield from _trigger(name, states.get(name, ""))


def _deployment_alarms(subject: Subject, new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The alarms that are there before the deploy, each with the service that is rolled back."""
    for service, properties in subject.of_type("AWS::ECS::Service"):
        alarms = part(properties, "DeploymentConfiguration", "Alarms")
        names = alarms.get("AlarmNames")
        if is_true(alarms.get("Enable")) and isinstance(names, list):
            for one in names:
                own = one.get("Ref") if isinstance(one, dict) else None
                name = text(one) or subject.physical_id(str(own))
                if name and name not in new:
                    yield name, service


def _states(aws: Aws, names: list[str]) -> dict[str, str] | Gap:
    found: dict[str, str] = {}
    client = aws.client("cloudwatch")
    for begin in range(0, len(names), _BATCH):
        answer = ask(
            "cloudwatch:DescribeAlarms",
            client.describe_alarms,
            AlarmNames=names[begin : begin + _BATCH],
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            MaxRecords=_BATCH,
        )
        if isinstance(answer, Gap):
            return answer
        for one in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())):
            found[str(one["AlarmName"])] = str(one["StateValue"])
    return found


def _watching(service: str, name: str, state: str) -> Iterator[Finding]:
    """What is wrong with an alarm that the deploy does not make.

    ECS takes the name of one that is missing, at least where it creates a service
    (aws/copilot-cli#4294): nobody else tells a misspelt name.
    """
    if not state:
        message = f"its deployment alarm {name} does not exist: nothing would roll back by it"
        way = "make the alarm first, correct its name, or take it out of the service"
        yield problem(service, message, way)
    elif state == "ALARM":
        message = (
            f"its deployment alarm {name} is in ALARM; ECS then watches no alarm during this "
            "deployment, and does not roll back by one"
        )
        yield warning(service, message)


def _trigger(name: str, state: str) -> Iterator[Finding]:
    where = f"rollback trigger {name}"
    if not state:
        message = "there is no such alarm; CloudFormation would roll the whole deploy back"
        yield problem(where, message, "make the alarm first, or take it off the stack")
    elif state == "ALARM":
        message = "the alarm is in ALARM; CloudFormation would roll the whole deploy back"
        yield problem(where, message, "look at what rings, or take the trigger off the stack")
