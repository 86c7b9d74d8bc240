"""Another key for what is kept: what is there already stays under the old one.

Sources: Amazon S3 User Guide, "Setting default server-side encryption behavior" (it changes nothing
of objects that are there); Amazon CloudWatch Logs User Guide, "Encrypt log data" (the old key has
to stay, for what was encrypted with it; what has none is encrypted by the service's own).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ecs_blocks.checks.model import referenced
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import grants
from ecs_blocks.review.impact.permission.held import Held
from ecs_blocks.review.impact.permission.words import role_name
from ecs_blocks.review.impact.phrases import PERHAPS, spoken
from ecs_blocks.review.impact.reading import at, differs, is_looked_up
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.permission.grants import Grant
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
        if before is None or not differs(before, after):
            continue
        maybe = PERHAPS * is_looked_up([before, after])
        now = "are encrypted with a key of AWS's" if after is None else f"get {spoken(after)}"
        # Of logs it is CloudWatch Logs that uses the key, whoever reads them.
        shut_out = list(_shut_out(subject, before)) if new.type == _BUCKET else []
        yield Finding(
            kind="data",
            weight=Weight.APPROVAL if after is None or shut_out else Weight.NOTICE,
            text=(
                f"{new.id}: {maybe}{noun} that are there stay under the key {spoken(before)}, "
                f"which must stay usable; new ones {now}"
            ),
            details=tuple(f"{one} may no longer decrypt them" for one in shut_out),
            covers=((new.id, path),),
        )


def _shut_out(subject: Subject, key: Any) -> Iterator[str]:
    """The roles that could decrypt with *key*, and no longer may."""
    own = referenced(key)
    names = [key] if own is None else [key, {"Fn::GetAtt": [own, "Arn"]}]
    allowed = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": names}
    wanted = grants({"Statement": [allowed]})
    for role in subject.after.of_type(ROLE):
        old, new = Held(role.id, subject.before), Held(role.id, subject.after)
        if new.is_known and _allows(old, wanted) and not _allows(new, wanted):
            yield role_name(role.id, subject.after)


def _allows(held: Held, wanted: list[Grant]) -> bool:
    """Whether one of *wanted* is allowed, if only under a condition."""
    given = [replace(one, condition=frozenset()) for one in held.grants if one.allow]
    return any(one.lies_within(other) for one in wanted for other in given)


def _key(resource: Resource) -> Any:
    """The key that *resource* names; None where it names none."""
    if resource.type == _LOGS:
        return at(resource, "KmsKeyId")
    rules = at(resource, _RULES)
    if is_intrinsic(rules):
        return rules
    for rule in as_items(rules):
        default = rule.get("ServerSideEncryptionByDefault") if isinstance(rule, dict) else None
        if isinstance(default, dict) and "KMSMasterKeyID" in default:
            return default["KMSMasterKeyID"]
    return None
