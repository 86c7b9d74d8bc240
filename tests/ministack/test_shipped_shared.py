"""What the services of an environment share, as KMS, SNS, S3 and Events tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.shipped import REGION

if TYPE_CHECKING:
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack


def services(statements: list[Any]) -> set[str]:
    """Name the services of AWS that a policy allows something."""
    principals = [item["Principal"] for item in statements if item["Effect"] == "Allow"]
    lists = [item.get("Service", []) for item in principals if isinstance(item, dict)]
    return {name for names in lists for name in names}


def attributes(deployed: Deployed, topic: str) -> dict[str, str]:
    arn = {"TopicArn": deployed.id_of("cluster", topic)}
    found: dict[str, str] = deployed.ask("sns", "get_topic_attributes", **arn)["Attributes"]
    return found


def bucket(deployed: Deployed, operation: str) -> Any:
    name = deployed.id_of("cluster", "AccessLogBucket")
    return deployed.ask("s3", operation, Bucket=name)


def test_environment_has_one_key_and_it_rotates(deployed: Deployed) -> None:
    [key] = deployed.ask("kms", "list_keys")["Keys"]
    rotation = deployed.ask("kms", "get_key_rotation_status", KeyId=key["KeyId"])

    assert key["KeyArn"] == deployed.stacks["cluster"].outputs["KeyArn"]
    assert rotation["KeyRotationEnabled"] is True


def test_key_serves_the_log_groups_and_alarms_of_this_account(deployed: Deployed) -> None:
    key = {"KeyId": deployed.id_of("cluster", "Key")}
    statements = json.loads(deployed.ask("kms", "get_key_policy", **key)["Policy"])["Statement"]
    logs = f"logs.{REGION}.amazonaws.com"
    [for_logs] = [item for item in statements if item["Principal"] == {"Service": [logs]}]
    log_groups = f"arn:aws:logs:{REGION}:{deployed.account}:log-group:*"

    assert services(statements) == {logs, "cloudwatch.amazonaws.com", "events.amazonaws.com"}
    assert for_logs["Condition"]["ArnLike"] == {"kms:EncryptionContext:aws:logs:arn": log_groups}


@pytest.mark.parametrize("topic", ["AlarmTopic", "ActivityAlarmTopic"])
def test_topic_is_encrypted_with_the_key(deployed: Deployed, topic: str) -> None:
    key = deployed.id_of("cluster", "Key")

    assert attributes(deployed, topic)["KmsMasterKeyId"] == key


@pytest.mark.parametrize("topic", ["AlarmTopic", "ActivityAlarmTopic"])
def test_topic_takes_alarms_and_events_over_tls(deployed: Deployed, topic: str) -> None:
    statements = json.loads(attributes(deployed, topic)["Policy"])["Statement"]
    [denied] = [item for item in statements if item["Effect"] == "Deny"]

    assert services(statements) == {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    assert [item["Resource"] for item in statements] == [
        [deployed.id_of("cluster", topic)] for _ in statements
    ]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_infrastructure_team_hears_of_alarms(deployed: Deployed) -> None:
    topic = deployed.id_of("cluster", "AlarmTopic")
    found = deployed.ask("sns", "list_subscriptions")["Subscriptions"]

    assert [(item["TopicArn"], item["Protocol"], item["Endpoint"]) for item in found] == [
        (topic, "email", "infrastructure@example.com")
    ]


def test_account_has_one_bucket_for_the_balancers_logs(deployed: Deployed) -> None:
    found = deployed.ask("s3", "list_buckets")["Buckets"]

    assert [item["Name"] for item in found] == [deployed.id_of("cluster", "AccessLogBucket")]


def test_bucket_is_private_encrypted_and_versioned(deployed: Deployed) -> None:
    public = bucket(deployed, "get_public_access_block")["PublicAccessBlockConfiguration"]
    encryption = bucket(deployed, "get_bucket_encryption")["ServerSideEncryptionConfiguration"]
    ownership = bucket(deployed, "get_bucket_ownership_controls")["OwnershipControls"]

    assert public == dict.fromkeys(public, True)
    assert len(public) == 4
    # A load balancer cannot write into a bucket that a KMS key encrypts.
    assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "AES256"
    }
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket(deployed, "get_bucket_versioning") == {"Status": "Enabled"}


def test_bucket_takes_logs_of_the_balancers_of_this_account(deployed: Deployed) -> None:
    name = deployed.id_of("cluster", "AccessLogBucket")
    allowed, denied = json.loads(bucket(deployed, "get_bucket_policy")["Policy"])["Statement"]

    assert allowed["Principal"] == {"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]}
    assert allowed["Resource"] == [f"arn:aws:s3:::{name}/*/AWSLogs/{deployed.account}/*"]
    assert deployed.account in json.dumps(allowed["Condition"])
    assert (denied["Effect"], denied["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )


def test_task_without_a_place_is_told_to_the_alarm_topic(deployed: Deployed) -> None:
    [rule] = deployed.ask("events", "list_rules")["Rules"]
    [target] = deployed.ask("events", "list_targets_by_rule", Rule=rule["Name"])["Targets"]

    assert rule["State"] == "ENABLED"
    assert json.loads(rule["EventPattern"]) == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Service Action"],
        "detail": {
            "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE"],
            "clusterArn": [deployed.stacks["cluster"].outputs["ClusterArn"]],
        },
    }
    assert target["Arn"] == deployed.id_of("cluster", "AlarmTopic")
