"""A topic takes messages over plain HTTP too, unless its policy refuses them.

Encryption at rest (``KmsMasterKeyId``) says nothing of the way there: SNS has an endpoint without
TLS. A policy closes it for every publisher.

Add to an ``AWS::SNS::TopicPolicy`` of the topic a statement with ``Effect: Deny``,
``Principal: "*"``, ``Action: sns:Publish`` and ``Condition: {Bool: {aws:SecureTransport: false}}``.

Source: Amazon SNS Developer Guide, "Security best practices: enforce encryption of data in
transit".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tls_only import refuses_plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(topic: Resource, template: Template) -> Iterator[Fault]:
    for policy in template.of_type("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"):
        named = [*as_items(policy.raw("Topics")), policy.raw("TopicArn")]
        if any(template.target(one) is topic for one in named) and refuses_plain_text(
            policy.get("PolicyDocument", {}), "sns:Publish"
        ):
            return
    yield Fault("", "messages may be published without TLS")


CHECK = Check(
    id="EB223",
    title="topic takes messages without TLS",
    types=("AWS::SNS::Topic",),
    severity=Severity.WARNING,
    fix="deny sns:Publish in a TopicPolicy where aws:SecureTransport is false",
    judge=_judge,
)
