"""How a bucket is encrypted belongs in the template, where a review sees it.

S3 encrypts every new object with a key of its own (SSE-S3) where nothing is written, so nothing is
unprotected. Written down, it is a decision: SSE-S3 for the access logs of a load balancer, which
can use nothing else, a KMS key for the rest.

Set ``BucketEncryption.ServerSideEncryptionConfiguration``.

Source: Amazon S3 User Guide, "Setting default server-side encryption behavior".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "BucketEncryption.ServerSideEncryptionConfiguration"


def _judge(bucket: Resource, _template: Template) -> Iterator[Fault]:
    if not bucket.get(_PATH):
        yield Fault(_PATH, "encryption is left to the default of S3 (SSE-S3)")


CHECK = Check(
    id="EB232",
    title="bucket leaves encryption to the default",
    types=("AWS::S3::Bucket",),
    severity=Severity.INFO,
    fix="set BucketEncryption to AES256 or to a KMS key",
    judge=_judge,
)
