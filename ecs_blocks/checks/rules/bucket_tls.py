"""A bucket answers plain HTTP too, unless its policy refuses.

Whoever is allowed to read a bucket may do so over a connection that anyone on the way can read.

Add to the ``AWS::S3::BucketPolicy`` a statement with ``Effect: Deny``, ``Principal: "*"``,
``Action: s3:*``, the bucket and its objects as ``Resource``, and the condition
``Bool: {aws:SecureTransport: false}``.

Source: Amazon S3 User Guide, "Security best practices: enforce encryption of data in transit".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.texts import text_of
from ecs_blocks.checks.views.tls_only import refuses_plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(bucket: Resource, template: Template) -> Iterator[Fault]:
    name = text_of(bucket.raw("BucketName"))
    for policy in template.of_type("AWS::S3::BucketPolicy"):
        holder = policy.raw("Bucket")
        ours = template.target(holder) is bucket or (name and text_of(holder) == name)
        if ours and refuses_plain_text(policy.get("PolicyDocument", {}), "s3:GetObject"):
            return
    yield Fault("", "objects may be read and written without TLS")


CHECK = Check(
    id="EB233",
    title="bucket answers without TLS",
    types=("AWS::S3::Bucket",),
    severity=Severity.WARNING,
    fix="deny s3:* in a BucketPolicy where aws:SecureTransport is false",
    judge=_judge,
)
