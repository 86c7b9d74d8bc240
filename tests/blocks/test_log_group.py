"""The log group.

Trap 21: a log group that is there already makes the next create fail; a plain Retain with a fixed
name would leave one behind after a create that failed.
Trap 22: logs that never end; the retention is always there, and one that CloudWatch takes.
"""

from __future__ import annotations

import botocore.session
import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.log_group import RETENTION_DAYS, LogGroup
from tests.blocks.helpers import KEY, TOKENS, built, resources


def test_a_log_group_of_literals() -> None:
    found = resources(LogGroup(name="/ecs/web", retention_days=30, key_arn=KEY))

    assert found == {
        "WebLogGroup": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "LogGroupName": "/ecs/web",
                "RetentionInDays": 30,
                "KmsKeyId": KEY,
            },
        }
    }


def test_a_log_group_of_tokens() -> None:
    block = LogGroup(
        name=eb.text("/ecs/", TOKENS.word), retention_days=TOKENS.number, key_arn=TOKENS.key_arn
    )

    found = resources(block)["WebLogGroup"]["Properties"]

    assert found == {
        "LogGroupName": {"Fn::Sub": "/ecs/${Word}"},
        "RetentionInDays": {"Ref": "Number"},
        "KmsKeyId": {"Ref": "KeyArn"},
    }


def test_trap_21_a_create_that_fails_leaves_no_group_behind() -> None:
    found = resources(LogGroup(name="/ecs/web", retention_days=30, key_arn=KEY))["WebLogGroup"]

    policies = (found["DeletionPolicy"], found["UpdateReplacePolicy"])

    assert policies == ("RetainExceptOnCreate", "Retain")


@pytest.mark.parametrize("days", RETENTION_DAYS)
def test_trap_22_the_retention_is_what_was_asked_for(days: int) -> None:
    found = resources(LogGroup(name="/ecs/web", retention_days=days, key_arn=KEY))

    assert found["WebLogGroup"]["Properties"]["RetentionInDays"] == days


def test_trap_22_the_retentions_are_those_of_the_api() -> None:
    model = botocore.session.get_session().get_service_model("logs")

    documentation = model.shape_for("Days").documentation

    assert ", ".join(str(d) for d in RETENTION_DAYS[:-1]) + f", and {RETENTION_DAYS[-1]}" in (
        documentation
    )


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(LogGroup(name="/ecs/web", retention_days=30, key_arn=KEY))

    made.handle.LogGroupClass = "INFREQUENT_ACCESS"

    assert made.resources["WebLogGroup"]["Properties"]["LogGroupClass"] == "INFREQUENT_ACCESS"
