"""What a stack policy denies, by a table of policies and changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.cloudformation.stack_policy import MAX_BYTES, policy_of, refusals
from ecs_blocks.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL: Final = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
TABLE: Final = "AWS::DynamoDB::Table"


def deny(**given: Any) -> dict[str, Any]:
    """A denial of everything; what is *given* replaces a part of it."""
    return ALL | {"Effect": "Deny"} | given


def of_type(*types: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {"ResourceType": list(types)}}


def told(statements: Mapping[str, Any] | list[Any], change: Change) -> tuple[list[str], list[str]]:
    """What is denied for certain and possibly, without the resource."""
    given = statements if isinstance(statements, list) else [statements]
    policy = policy_of(json.dumps({"Statement": given}), "test")
    found = refusals(policy, [change])
    return [one.split(": ", 1)[1] for one in found.certain], [
        one.split(": ", 1)[1] for one in found.possible
    ]


MODIFIED: Final = Change("Modify", "Data", TABLE, replacement="False", scope=("Properties",))
REPLACED: Final = Change("Modify", "Data", TABLE, replacement="True")
REMOVED: Final = Change("Remove", "Data", TABLE)
MAYBE: Final = Change("Modify", "Data", TABLE, replacement="Conditional")


@pytest.mark.parametrize(
    ("statements", "change", "certain"),
    [
        (ALL, REPLACED, []),
        (ALL, REMOVED, []),
        ([], MODIFIED, ["Update:Modify is allowed by no statement"]),
        ([ALL, deny()], MODIFIED, ["Update:Modify is denied by statement 2"]),
        ([deny(), ALL], MODIFIED, ["Update:Modify is denied by statement 1"]),
        ([ALL, deny(Sid="data")], MODIFIED, ["Update:Modify is denied by statement 2 (data)"]),
        # actions
        ([ALL, deny(Action="Update:Replace")], MODIFIED, []),
        (
            [ALL, deny(Action="Update:Replace")],
            REPLACED,
            ["Update:Replace is denied by statement 2"],
        ),
        (
            [ALL, deny(Action=["Update:Replace", "Update:Delete"])],
            REMOVED,
            ["Update:Delete is denied by statement 2"],
        ),
        (
            [{"Effect": "Allow", "NotAction": "Update:Delete", "Resource": "*"}],
            REMOVED,
            ["Update:Delete is allowed by no statement"],
        ),
        ([{"Effect": "Allow", "NotAction": "Update:Delete", "Resource": "*"}], REPLACED, []),
        # resources
        (
            [ALL, deny(Resource="LogicalResourceId/Data")],
            MODIFIED,
            ["Update:Modify is denied by statement 2"],
        ),
        ([ALL, deny(Resource="LogicalResourceId/Date")], MODIFIED, []),
        (
            [ALL, deny(Resource="LogicalResourceId/*at*")],
            REMOVED,
            ["Update:Delete is denied by statement 2"],
        ),
        (
            [{"Effect": "Allow", "Action": "Update:*", "NotResource": "LogicalResourceId/Data"}],
            MODIFIED,
            ["Update:Modify is allowed by no statement"],
        ),
        # types
        (
            [ALL, deny(Condition=of_type(TABLE, "AWS::RDS::DBInstance"))],
            REMOVED,
            ["Update:Delete is denied by statement 2"],
        ),
        ([ALL, deny(Condition=of_type("AWS::RDS::DBInstance"))], REMOVED, []),
        ([ALL, deny(Condition=of_type("AWS::DynamoDB::*"))], REMOVED, []),
        (
            [ALL, deny(Condition=of_type("AWS::DynamoDB::*", operator="StringLike"))],
            REMOVED,
            ["Update:Delete is denied by statement 2"],
        ),
        # what the policy is not about
        ([], Change("Add", "Data", TABLE), []),
        ([], Change("Import", "Data", TABLE), []),
        ([], Change("Modify", "Data", TABLE, replacement="False", scope=("Metadata",)), []),
        ([], Change("Modify", "Data", TABLE, replacement="True", path=("Child",)), []),
    ],
)
def test_what_is_denied(statements: Any, change: Change, certain: list[str]) -> None:
    assert told(statements, change) == (certain, [])


def test_what_only_the_deploy_decides_is_a_doubt_and_both_ways_closed_is_none() -> None:
    assert told([ALL, deny(Action="Update:Replace")], MAYBE) == (
        [],
        ["Update:Replace is denied by statement 2"],
    )
    assert told([ALL, deny()], MAYBE) == (
        ["Update:Modify is denied by statement 2", "Update:Replace is denied by statement 2"],
        [],
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is no stack policy: Input data was truncated"),
        ("[]", "this is no stack policy: Expected `object`, got `array`"),
        ("{}", "this is no stack policy: Object missing required field `Statement`"),
        ('{"Statement": [{}]}', "required field `Effect` - at `$.Statement[0]`"),
        ('{"Statement": [{"Effect": "deny"}]}', "Invalid enum value 'deny'"),
        ('{"Statement": [{"Effect": "Deny", "Actions": "*"}]}', "unknown field `Actions`"),
        (" " * (MAX_BYTES + 1), "has 16,385 bytes; CloudFormation takes 16,384"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=r"^stacks/policy\.json: ") as error:
        policy_of(text, "stacks/policy.json")

    assert problem in str(error.value)
