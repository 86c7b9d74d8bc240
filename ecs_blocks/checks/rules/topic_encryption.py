"""What alarms and events say of a system is kept in the topic until it is delivered.

Without ``KmsMasterKeyId`` a topic stores its messages unencrypted. With ``alias/aws/sns`` it
encrypts them, and shuts out every AWS service that publishes to it: fine for messages of the
application, fatal for alarms, also those of other stacks, which a template cannot see.

Set ``KmsMasterKeyId`` to a key of your own.

Source: Amazon SNS Developer Guide, "Securing Amazon SNS data with server-side encryption".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.rules.topic_default_key import has_default_key, publishers

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "KmsMasterKeyId"


def _judge(topic: Resource, template: Template) -> Iterator[Fault]:
    if not topic.raw(_PATH):
        yield Fault(_PATH, "messages are stored unencrypted")
    # With a publisher in sight it is an error, and EB222 says so.
    elif has_default_key(topic, template) and not any(publishers(topic, template)):
        yield Fault(_PATH, "no AWS service can publish through alias/aws/sns")


CHECK = Check(
    id="EB221",
    title="topic is not encrypted with a key of your own",
    types=("AWS::SNS::Topic",),
    severity=Severity.WARNING,
    fix="set KmsMasterKeyId to a key that the publishing services may use",
    judge=_judge,
)
