"""What goes away, and what protects from that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines, told
from tests.review.stacks import body


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (
            body("Logs::LogGroup", LogGroupName="/ecs/hoge"),
            "approval data: It: the log group /ecs/hoge is deleted, with all logs in it",
        ),
        (
            {**body("Logs::LogGroup"), "DeletionPolicy": "Retain"},
            "notice deletion: It: the log group leaves the stack and stays in the account, managed "
            "by nobody",
        ),
        (
            {**body("RDS::DBInstance"), "DeletionPolicy": "Snapshot"},
            "approval data: It: the database is deleted, with all its data; a snapshot of it is "
            "kept",
        ),
        (
            body("S3::Bucket"),
            "approval data: It: the bucket is deleted; where it is not empty, that fails, and it "
            "stays in the account",
        ),
        (
            body("ECR::Repository", EmptyOnDelete=True),
            "approval data: It: the image repository is deleted, with all its images",
        ),
        (
            body("KMS::Key", PendingWindowInDays=7),
            "approval data: It: the key is deleted, with the power to read what it encrypted; it "
            "can be restored for 7 days",
        ),
        (
            body("SecretsManager::Secret"),
            "approval data: It: the secret is deleted, with its value; Secrets Manager may restore "
            "it for up to 30 days",
        ),
        (
            body("ElasticLoadBalancingV2::LoadBalancer"),
            "approval deletion: It: the load balancer is deleted; its DNS name answers no more",
        ),
        (
            body("Route53::RecordSet", Name="hoge.example.com", Type="A"),
            "approval deletion: It: the DNS record hoge.example.com is deleted; the name leads "
            "nowhere",
        ),
        (
            body("ECS::Service"),
            "approval deletion: It: the service is deleted; its tasks are stopped",
        ),
        (
            body("IAM::Role"),
            "approval deletion: It: the role is deleted; what takes it on can do nothing",
        ),
        (
            body("WAFv2::WebACLAssociation"),
            "approval deletion: It: the web ACL's association is deleted; requests are no longer "
            "filtered by the web ACL",
        ),
        (
            body("Scheduler::Schedule"),
            "approval deletion: It: the schedule is deleted; its job no longer starts",
        ),
        (
            body("CloudWatch::Alarm"),
            "notice alarm: It: the alarm is deleted; nobody is told any more",
        ),
        (
            body("ApplicationAutoScaling::ScalingPolicy"),
            "notice deletion: It: the scaling policy is deleted; this metric no longer scales the "
            "tasks",
        ),
        (body("ECS::TaskDefinition"), "calm deletion: It: the task definition is deleted"),
        (
            body("Athena::WorkGroup"),
            "approval deletion: It: the Athena work group is deleted",
        ),
    ],
)
def test_what_goes(resource: dict[str, Any], expected: str) -> None:
    kinds = ("data", "deletion", "alarm", "replacement")

    assert lines({"It": resource}, {}, *kinds) == [expected]


def test_alarms_that_go_are_one_line() -> None:
    before = {name: body("CloudWatch::Alarm", Threshold=1) for name in ("A", "B")}

    assert lines(before, {}) == [
        "notice alarm: 2 alarms are deleted: A and B; nobody is told any more"
    ]


def test_those_of_a_type_that_hold_nothing_are_one_line() -> None:
    roles = {name: body("IAM::Role", Description=name) for name in ("A", "B")}

    assert lines({**roles, "C": body("SQS::Queue"), "D": body("SQS::Queue")}, {}) == [
        "approval data: C: the queue is deleted, with the messages in it",
        "approval data: D: the queue is deleted, with the messages in it",
        "approval deletion: 2 roles are deleted: A and B; for each: what takes it on can do "
        "nothing",
    ]


def test_a_renamed_logical_id_is_told() -> None:
    queue = body("SQS::Queue", VisibilityTimeout=30)
    [found] = [one for one in told({"Old": queue}, {"New": queue}) if one.kind == "data"]

    assert found.details == (
        "New is the same under another logical id: CloudFormation makes a new one and lets this "
        "one go; keep the logical id Old to keep it",
    )


def test_another_resource_is_no_rename() -> None:
    before = {"Old": body("SQS::Queue", VisibilityTimeout=30)}
    [found] = [one for one in told(before, {"New": body("SQS::Queue")}) if one.kind == "data"]

    assert found.details == ()


@pytest.mark.parametrize(
    ("type_", "before", "after", "weaker", "stronger"),
    [
        (
            "ElasticLoadBalancingV2::LoadBalancer",
            {"LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]},
            {},
            "deletion protection is turned off: a deploy or a click can delete it",
            "deletion protection is turned on",
        ),
        (
            "RDS::DBInstance",
            {"DeletionProtection": True},
            {"DeletionProtection": False},
            "deletion protection is turned off: a deploy or a click can delete it",
            "deletion protection is turned on",
        ),
        (
            "DynamoDB::Table",
            {"DeletionProtectionEnabled": True},
            {},
            "deletion protection is turned off: a deploy or a click can delete it",
            "deletion protection is turned on",
        ),
        (
            "Logs::LogGroup",
            {"RetentionInDays": 365},
            {"RetentionInDays": 30},
            "logs are kept 30 days (365 days before): older ones are deleted",
            "logs are kept 365 days (30 days before)",
        ),
        # for ever, where nothing is said
        (
            "Logs::LogGroup",
            {},
            {"RetentionInDays": 30},
            "logs are kept 30 days (for ever before): older ones are deleted",
            "logs are kept for ever (30 days before)",
        ),
        (
            "RDS::DBCluster",
            {"BackupRetentionPeriod": 7},
            {"BackupRetentionPeriod": 0},
            "backups are kept 0 days (7 days before): older ones are deleted",
            "backups are kept 7 days (0 days before)",
        ),
        (
            "DynamoDB::Table",
            {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
            {},
            "point-in-time recovery is turned off: the earlier states are lost",
            "point-in-time recovery is turned on",
        ),
        (
            "S3::Bucket",
            {"VersioningConfiguration": {"Status": "Enabled"}},
            {"VersioningConfiguration": {"Status": "Suspended"}},
            "versioning is suspended: what is overwritten or deleted from now on is lost",
            "versioning is turned on",
        ),
        (
            "SQS::Queue",
            {"MessageRetentionPeriod": 345600},
            {"MessageRetentionPeriod": 60},
            "messages are kept 60 s (345600 s before): older ones are deleted",
            "messages are kept 345600 s (60 s before)",
        ),
        *(
            (
                "S3::Bucket",
                {"LifecycleConfiguration": {"Rules": rules}},
                {"LifecycleConfiguration": {"Rules": [{"ExpirationInDays": 30}, *more]}},
                "objects are deleted sooner, or more of them, by its lifecycle rules",
                "objects are deleted later, or fewer of them, by its lifecycle rules",
            )
            for rules, more in (
                ([{"ExpirationInDays": 365}], []),
                ([{"ExpirationInDays": 30, "Status": "Disabled"}], []),
                ([{"ExpirationInDays": 30}], [{"Prefix": "a", "ExpirationInDays": 999}]),
            )
        ),
        (
            "ECR::Repository",
            {},
            {"EmptyOnDelete": True},
            "a deletion of the repository now takes all its images with it",
            "a deletion of the repository fails while there are images in it",
        ),
        (
            "KMS::Key",
            {},
            {"Enabled": False},
            "the key is disabled: nothing that it encrypted can be read",
            "the key is enabled",
        ),
        (
            "SNS::Topic",
            {"KmsMasterKeyId": "k"},
            {},
            "is no longer encrypted with a key of its own",
            "",
        ),
    ],
)
def test_protection(
    type_: str, before: dict[str, Any], after: dict[str, Any], weaker: str, stronger: str
) -> None:
    sides = {"It": body(type_, **before)}, {"It": body(type_, **after)}

    assert lines(sides[0], sides[1], "data") == [f"approval data: It: {weaker}"]
    assert lines(sides[1], sides[0], "data") == ([f"calm data: It: {stronger}"] if stronger else [])


@pytest.mark.parametrize(
    ("type_", "before", "after", "expected"),
    [
        (
            "SQS::Queue",
            {"DeletionPolicy": "Retain"},
            {},
            [
                "approval data: It: the messages in it are no longer kept when it is deleted "
                "(DeletionPolicy Retain → unset)"
            ],
        ),
        (
            "Logs::LogGroup",
            {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"},
            {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"},
            [
                "approval data: It: all logs in it are no longer kept when it is deleted or "
                "replaced (DeletionPolicy Retain → Delete, UpdateReplacePolicy Retain → Delete)"
            ],
        ),
        (
            "SQS::Queue",
            {},
            {"DeletionPolicy": "Retain"},
            ["calm data: It: the queue is kept when it is deleted (DeletionPolicy unset → Retain)"],
        ),
        # a database leaves a snapshot where nothing is said
        (
            "RDS::DBInstance",
            {},
            {"DeletionPolicy": "Delete"},
            [
                "approval data: It: all its data are no longer kept when it is deleted "
                "(DeletionPolicy unset → Delete)"
            ],
        ),
        # kept either way
        (
            "SQS::Queue",
            {"DeletionPolicy": "Retain"},
            {"DeletionPolicy": "RetainExceptOnCreate"},
            [],
        ),
        # nothing is lost with an alarm
        ("CloudWatch::Alarm", {"DeletionPolicy": "Retain"}, {}, []),
    ],
)
def test_deletion_policies(
    type_: str, before: dict[str, str], after: dict[str, str], expected: list[str]
) -> None:
    sides = [{"It": {**body(type_), **policies}} for policies in (before, after)]

    assert lines(sides[0], sides[1], "data") == expected
