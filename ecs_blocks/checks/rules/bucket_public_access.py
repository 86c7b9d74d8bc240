"""One careless statement makes a bucket public; four switches make that impossible.

New buckets block public access by default, and a template that leaves it to the default neither
shows it nor notices when someone turns it off in the console. With some of the four switches off, a
policy or an ACL can open the bucket to everyone.

Set all of ``BlockPublicAcls``, ``BlockPublicPolicy``, ``IgnorePublicAcls`` and
``RestrictPublicBuckets`` to true.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "PublicAccessBlockConfiguration"
_SWITCHES: Final = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def _judge(bucket: Resource, _template: Template) -> Iterator[Fault]:
    off = [name for name in _SWITCHES if not is_true(bucket.get(f"{_PATH}.{name}"))]
    if off:
        yield Fault(_PATH, f"not set to true: {', '.join(off)}")


CHECK = Check(
    id="EB231",
    title="bucket does not block public access",
    types=("AWS::S3::Bucket",),
    severity=Severity.WARNING,
    fix="set all four switches of PublicAccessBlockConfiguration to true",
    judge=_judge,
)
