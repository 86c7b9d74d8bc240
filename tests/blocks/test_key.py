"""The KMS key of an environment.

Trap 43: a service that may use the key may do so only for this account. EventBridge is the one
that says no source (SNS Developer Guide), so it is held to the topics of this account instead.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import built, resources, topic

_ACCOUNT = {"Ref": "AWS::AccountId"}
_USE = ["kms:Decrypt", "kms:GenerateDataKey"]


def statements() -> dict[str, dict[str, Any]]:
    """The key policy's statements by Sid."""
    found = resources(eb.Key(description="a key"))["WebKey"]["Properties"]["KeyPolicy"]
    return {statement.pop("Sid"): statement for statement in found["Statement"]}


def test_a_key_is_rotated_and_kept_but_not_after_a_create_that_failed() -> None:
    found = resources(eb.Key(description="a key"))
    del found["WebKey"]["Properties"]["KeyPolicy"]

    assert found == {
        "WebKey": {
            "Type": "AWS::KMS::Key",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "Description": "a key",
                "EnableKeyRotation": True,
                "PendingWindowInDays": 30,
            },
        }
    }


def test_nobody_else_is_named_in_the_policy() -> None:
    assert list(statements()) == [
        "TheAccountDecidesByIam",
        "LogGroupsOfThisAccount",
        "AlarmsOfThisAccount",
        "EventsForTopicsOfThisAccount",
        "AutoScalingOfThisAccount",
    ]


def test_the_account_is_never_locked_out_of_its_key() -> None:
    assert statements()["TheAccountDecidesByIam"] == {
        "Effect": "Allow",
        "Principal": {"AWS": [{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}]},
        "Action": ["kms:*"],
        "Resource": ["*"],
    }


def test_log_groups_of_this_account_may_use_it() -> None:
    arns = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"

    assert statements()["LogGroupsOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": [{"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}]},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        "Resource": ["*"],
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": {"Fn::Sub": arns}}},
    }


def test_alarms_of_this_account_may_use_it() -> None:
    assert statements()["AlarmsOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com"]},
        "Action": _USE,
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": _ACCOUNT}},
    }


def test_events_are_held_to_topics_of_this_account_and_to_no_source() -> None:
    topics = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"

    assert statements()["EventsForTopicsOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": _USE,
        "Resource": ["*"],
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": {"Fn::Sub": topics}}},
    }


def test_auto_scaling_is_named_by_a_condition_as_its_role_may_not_exist_yet() -> None:
    role = (
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
        "autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )

    assert statements()["AutoScalingOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": _USE,
        "Resource": ["*"],
        "Condition": {"ArnEquals": {"aws:PrincipalArn": {"Fn::Sub": role}}},
    }


@pytest.mark.parametrize(
    "sid",
    [
        "LogGroupsOfThisAccount",
        "AlarmsOfThisAccount",
        "EventsForTopicsOfThisAccount",
        "AutoScalingOfThisAccount",
    ],
)
def test_trap_43_no_other_account_can_have_a_service_use_the_key(sid: str) -> None:
    [operands] = statements()[sid]["Condition"].values()
    [value] = operands.values()

    assert "AWS::AccountId" in str(value)


def test_a_topic_built_beside_it_uses_it() -> None:
    made = built(eb.Key(description="a key"))
    topic(made.stack, "Other")

    assert made.resources["OtherAlarmTopic"]["Properties"] == {
        "KmsMasterKeyId": {"Ref": "OtherKey"}
    }


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(eb.Key(description="a key"))

    made.handle.MultiRegion = True

    assert made.resources["WebKey"]["Properties"]["MultiRegion"] is True
