"""An alarm that cannot use the topic's key changes its state, and nobody hears of it.

``alias/aws/sns`` is a key of AWS whose policy cannot be changed: it lets the people and roles of
the account use it, and no service. CloudWatch and EventBridge publish as services, so each of
their messages to such a topic is dropped. The only trace is in the history of the alarm.

Use a key of your own whose policy lets ``cloudwatch.amazonaws.com`` (and
``events.amazonaws.com``) call ``kms:Decrypt`` and ``kms:GenerateDataKey*``.

Source: Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services
and encrypted topics".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import as_items, parts
from ecs_blocks.checks.views.texts import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARMS: Final = (
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::LogAlarm",
)
_ACTIONS: Final = ("AlarmActions", "OKActions", "InsufficientDataActions")


def has_default_key(topic: Resource, template: Template) -> bool:
    """Whether the topic is encrypted with the key that AWS manages for SNS.

    Raises:
        Unknown: the key is one from outside this template.
    """
    key = settled(topic.raw("KmsMasterKeyId"), template, "KmsMasterKeyId")
    return key == "alias/aws/sns" or key.endswith(":alias/aws/sns")


def publishers(topic: Resource, template: Template) -> Iterator[str]:
    """The ids of the alarms and rules of this template that publish to the topic."""
    for alarm in template.of_type(*ALARMS):
        actions = [one for key in _ACTIONS for one in as_items(alarm.raw(key))]
        if any(template.target(one) is topic for one in actions):
            yield alarm.id
    for rule in template.of_type("AWS::Events::Rule"):
        if any(template.target(one.raw("Arn")) is topic for one in parts(rule, "Targets")):
            yield rule.id


def _judge(topic: Resource, template: Template) -> Iterator[Fault]:
    if has_default_key(topic, template):
        for publisher in publishers(topic, template):
            yield Fault("KmsMasterKeyId", f"{publisher} cannot publish through alias/aws/sns")


CHECK = Check(
    id="EB222",
    title="alarms cannot publish to the encrypted topic",
    types=("AWS::SNS::Topic",),
    severity=Severity.ERROR,
    fix="encrypt the topic with a key of your own that cloudwatch.amazonaws.com may use",
    judge=_judge,
)
