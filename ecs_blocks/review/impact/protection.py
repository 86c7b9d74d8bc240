"""What keeps data from being lost: policies, protection, backups, how long things are kept.

Sources: AWS CloudFormation Template Reference of each type; for logs, Amazon CloudWatch Logs,
PutRetentionPolicy (older events are deleted).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.facts.beside import SNAPSHOT_BY_DEFAULT
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.guards import Guard, judged, more, off, on, present
from ecs_blocks.review.impact.kinds import kind_of
from ecs_blocks.review.impact.reading import finite
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_BALANCER: Final = ("AWS::ElasticLoadBalancingV2::LoadBalancer",)
_DATABASE: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster")
_TABLE: Final = ("AWS::DynamoDB::Table",)
_LOGS: Final = ("AWS::Logs::LogGroup",)
_UNPROTECTED: Final = "deletion protection is turned off: a deploy or a click can delete it"
_PROTECTED: Final = "deletion protection is turned on"
_PLAIN: Final = "is no longer encrypted with a key of its own"
_PITR: Final = "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"


def slowness(value: Any) -> float | None:
    """How long a bucket's rules keep what they delete.

    Every rule counts: fewer days in one of them, or one rule more, delete more.
    """
    rules = lifecycle_rules(value)
    return None if rules is None else -sum(map(_deleted, rules))


def is_faster(old: Any, new: Any) -> bool:
    """Whether the rules *new* of a bucket delete sooner, or more, than *old*."""
    was, now = slowness(old), slowness(new)
    return was is not None and now is not None and now < was


def lifecycle_rules(value: Any) -> list[dict[str, Any]] | None:
    """The rules of a bucket, or of the text of a repository; None where they are not known."""
    try:
        policy = json.loads(value) if isinstance(value, str) else value or {}
    except (ValueError, RecursionError):
        return None
    if not isinstance(policy, dict) or is_intrinsic(policy):
        return None
    rules = as_items(policy.get("Rules", policy.get("rules")))
    return [one for one in rules if isinstance(one, dict)]


def _deleted(rule: dict[str, Any]) -> float:
    """How much a rule deletes: the more, the fewer days it keeps."""
    days = finite(rule.get("ExpirationInDays"))
    return 1 / days if days and rule.get("Status") != "Disabled" else 0


_GUARDS: Final = (
    Guard(
        types=_BALANCER,
        path="LoadBalancerAttributes[deletion_protection.enabled]",
        safety=on(),
        kind="data",
        weaker=_UNPROTECTED,
        stronger=_PROTECTED,
    ),
    Guard(
        types=_DATABASE,
        path="DeletionProtection",
        safety=on(),
        kind="data",
        weaker=_UNPROTECTED,
        stronger=_PROTECTED,
    ),
    Guard(
        types=(*_TABLE, *_LOGS),
        path="DeletionProtectionEnabled",
        safety=on(),
        kind="data",
        weaker=_UNPROTECTED,
        stronger=_PROTECTED,
    ),
    Guard(
        types=("AWS::Cognito::UserPool",),
        path="DeletionProtection",
        safety=lambda value: None if isinstance(value, dict) else float(text(value) == "ACTIVE"),
        kind="data",
        weaker=_UNPROTECTED,
        stronger=_PROTECTED,
    ),
    Guard(
        types=_LOGS,
        path="RetentionInDays",
        safety=more(None),
        kind="data",
        weaker="logs are kept {new} ({old} before): older ones are deleted",
        stronger="logs are kept {new} ({old} before)",
        unit="days",
        unset="for ever",
    ),
    Guard(
        types=("AWS::S3::Bucket",),
        path="LifecycleConfiguration",
        safety=slowness,
        kind="data",
        weaker="objects are deleted sooner, or more of them, by its lifecycle rules",
        stronger="objects are deleted later, or fewer of them, by its lifecycle rules",
    ),
    Guard(
        types=_DATABASE,
        path="BackupRetentionPeriod",
        safety=more(1),
        kind="data",
        weaker="backups are kept {new} ({old} before): older ones are deleted",
        stronger="backups are kept {new} ({old} before)",
        unit="days",
        unset="1 day",
    ),
    Guard(
        types=_TABLE,
        path=_PITR,
        safety=on(),
        kind="data",
        weaker="point-in-time recovery is turned off: the earlier states are lost",
        stronger="point-in-time recovery is turned on",
    ),
    Guard(
        types=("AWS::S3::Bucket",),
        path="VersioningConfiguration.Status",
        safety=on(),
        kind="data",
        weaker="versioning is suspended: what is overwritten or deleted from now on is lost",
        stronger="versioning is turned on",
    ),
    Guard(
        types=("AWS::EFS::FileSystem",),
        path="BackupPolicy.Status",
        safety=on(),
        kind="data",
        weaker="its daily backups are turned off",
        stronger="it is backed up daily",
    ),
    Guard(
        types=("AWS::SQS::Queue",),
        path="MessageRetentionPeriod",
        safety=more(345_600),
        kind="data",
        weaker="messages are kept {new} ({old} before): older ones are deleted",
        stronger="messages are kept {new} ({old} before)",
        unit="s",
        unset="4 days",
    ),
    Guard(
        types=("AWS::SQS::Queue",),
        path="RedrivePolicy",
        safety=present,
        kind="data",
        weaker="no dead-letter queue: a message that cannot be handled is tried until it expires",
        stronger="messages that cannot be handled go to a dead-letter queue",
    ),
    Guard(
        types=("AWS::ECR::Repository",),
        path="EmptyOnDelete",
        safety=off(),
        kind="data",
        weaker="a deletion of the repository now takes all its images with it",
        stronger="a deletion of the repository fails while there are images in it",
    ),
    Guard(
        types=("AWS::KMS::Key",),
        path="Enabled",
        safety=on(default=True),
        kind="data",
        weaker="the key is disabled: nothing that it encrypted can be read",
        stronger="the key is enabled",
    ),
    Guard(
        types=("AWS::KMS::Key",),
        path="EnableKeyRotation",
        safety=on(),
        kind="data",
        weight=Weight.NOTICE,
        weaker="the key is no longer rotated every year",
        stronger="the key is rotated every year",
    ),
    Guard(
        types=("AWS::KMS::Key",),
        path="PendingWindowInDays",
        safety=more(30),
        kind="data",
        weight=Weight.NOTICE,
        weaker="a deleted key can be restored for {new} ({old} before)",
        unit="days",
        unset="30 days",
    ),
    Guard(
        types=("AWS::SNS::Topic", "AWS::SQS::Queue"),
        path="KmsMasterKeyId",
        safety=present,
        kind="data",
        weaker=_PLAIN,
    ),
    Guard(
        types=("AWS::ECS::Cluster",),
        path="Configuration.ExecuteCommandConfiguration.KmsKeyId",
        safety=present,
        kind="data",
        weaker="sessions in containers are no longer encrypted with a key of their own",
    ),
)

_KEPT: Final = {"Retain": 2, "RetainExceptOnCreate": 2, "Snapshot": 1, "Delete": 0}

_WHEN: Final = {"DeletionPolicy": "deleted", "UpdateReplacePolicy": "replaced"}


def protections(subject: Subject) -> Iterator[Finding]:
    """A finding for each protection of data that is taken away, or added."""
    yield from judged(subject, _GUARDS)
    for _, old, new in subject.modified():
        if kind_of(new.type).is_data and old.type == new.type:
            yield from _policies(old, new)


def _policies(old: Resource, new: Resource) -> Iterator[Finding]:
    """What becomes of the data once the resource is deleted or replaced, if that changes."""
    kind = kind_of(new.type)
    weaker = [one for one in _WHEN if _kept(new, one) < _kept(old, one)]
    stronger = [one for one in _WHEN if _kept(new, one) > _kept(old, one)]
    for names, verb in ((weaker, "goes"), (stronger, "stays")):
        if not names:
            continue
        when = " or ".join(_WHEN[one] for one in names)
        lost = kind.holds if verb == "goes" else f"the {kind.noun}"
        how = "no longer kept" if verb == "goes" else "kept"
        plural = "are" if lost.startswith(("all ", "the messages", "the records")) else "is"
        if lost.endswith("history") or lost.startswith("everything"):
            plural = "is"
        changes = ", ".join(
            f"{one} {old.body.get(one) or 'unset'} → {new.body.get(one) or 'unset'}"
            for one in names
        )
        yield Finding(
            kind="data",
            weight=Weight.APPROVAL if verb == "goes" else Weight.CALM,
            text=f"{new.id}: {lost} {plural} {how} when it is {when} ({changes})",
            covers=tuple((new.id, one) for one in names),
        )


def _kept(resource: Resource, policy: str) -> int:
    given = resource.body.get(policy)
    in_cluster = resource.properties.get("DBClusterIdentifier") is not None
    snapshot = resource.type in SNAPSHOT_BY_DEFAULT and not in_cluster
    default = 1 if snapshot and policy == "DeletionPolicy" else 0
    return default if given is None else _KEPT.get(str(given), 0)
