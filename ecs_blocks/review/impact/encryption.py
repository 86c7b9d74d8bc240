"""Another key for what is kept: what is there already stays under the old one.

Sources: Amazon S3 User Guide, "Setting default server-side encryption behavior" (it changes nothing
of objects that are there); Amazon CloudWatch Logs User Guide, "Encrypt log data" (the old key has
to stay, for what was encrypted with it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_BUCKET: Final = "AWS::S3::Bucket"
_LOGS: Final = "AWS::Logs::LogGroup"
_RULES: Final = "BucketEncryption.ServerSideEncryptionConfiguration"
_HOLDS: Final = {_BUCKET: ("objects", "BucketEncryption"), _LOGS: ("logs", "KmsKeyId")}
"""What each type keeps, and the property that says by which key."""


def other_keys(subject: Subject) -> Iterator[Finding]:
    """A finding for each bucket and log group whose key becomes another one, or goes."""
    for _, old, new in subject.modified(*_HOLDS):
        noun, path = _HOLDS[new.type]
        before, after = _key(old), _key(new)
        if before is None or not differs(before, after) or at(new, path) is None:
            continue
        now = "get no key of your own" if after is None else f"get {spoken(after)}"
        yield Finding(
            kind="data",
            weight=Weight.NOTICE,
            text=(
                f"{new.id}: {noun} that are there stay under the key {spoken(before)}, which must "
                f"stay usable; new ones {now}"
            ),
            covers=((new.id, path),),
        )


def _key(resource: Resource) -> Any:
    """The key that *resource* names; None where it names none."""
    if resource.type == _LOGS:
        return at(resource, "KmsKeyId")
    rules = at(resource, _RULES)
    for rule in [] if is_intrinsic(rules) else as_items(rules):
        default = rule.get("ServerSideEncryptionByDefault") if isinstance(rule, dict) else None
        if isinstance(default, dict) and "KMSMasterKeyID" in default:
            return default["KMSMasterKeyID"]
    return None
