"""Logs say more about customers than anyone meant them to; their key should be yours.

CloudWatch Logs encrypts every log group with a key of its own, which whoever may read the group
may use. With ``KmsKeyId`` reading needs the key as well, and each use of it is in CloudTrail.

Set ``KmsKeyId`` to the ARN of a key whose policy lets ``logs.<region>.amazonaws.com`` encrypt,
decrypt, generate data keys and describe it; without that the log group cannot be created.

Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    if not group.raw("KmsKeyId"):
        yield Fault("KmsKeyId", "the log group has no key of your own")


CHECK = Check(
    id="EB211",
    title="log group without a KMS key",
    types=("AWS::Logs::LogGroup",),
    severity=Severity.WARNING,
    fix="set KmsKeyId to the ARN of a key that CloudWatch Logs may use",
    judge=_judge,
)
