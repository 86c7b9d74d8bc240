"""Values that only a deploy can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.lookups import resolve
from tests.deploy.preflight.lookups_world import (
    KEY,
    REPOSITORY,
    output,
    outputs,
    refusal,
    rendered,
    ssm,
    stacks,
    stored,
)
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.stage import place

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted


def test_values_come_with_their_sources(server: Scripted) -> None:
    stacks(server, cluster_prod=outputs(KeyArn=KEY, Topic="arn:t"))
    server.on("ssm.GetParameters", stored(vpc=("String", "vpc-1"), nets=("StringList", "a,b")))
    of = rendered(
        {
            "KeyArn": output("KeyArn"),
            "Topic": output("Topic"),
            "Vpc": ssm("/vpc"),
            "N": ssm("/nets"),
        }
    )
    found = resolve(server.aws, place(), of)

    assert found.values == {"KeyArn": KEY, "Topic": "arn:t", "Vpc": "vpc-1", "N": "a,b"}
    assert found.sources == {
        "KeyArn": "output KeyArn of cluster-prod",
        "Topic": "output Topic of cluster-prod",
        "Vpc": "SSM parameter /vpc",
        "N": "SSM parameter /nets",
    }
    assert [name for name, _ in server.asked] == [
        "cloudformation.DescribeStacks",
        "cloudformation.DescribeStacks",
        "ssm.GetParameters",
    ]


def test_what_leaves_nothing_open_has_nothing_found(server: Scripted) -> None:
    stacks(server)
    found = resolve(server.aws, place(), rendered({}))

    assert (found.values, found.sources, found.images) == ({}, {}, ())


def test_a_stack_that_does_not_exist_is_to_be_deployed_first(server: Scripted) -> None:
    stacks(server)

    assert refusal(server, rendered({"KeyArn": output("KeyArn"), "Topic": output("Topic")})) == (
        15,
        ["KeyArn, Topic: the stack cluster-prod does not exist"],
        ["deploy cluster first: ecs-blocks deploy cluster --env prod"],
    )


@pytest.mark.parametrize(
    "status",
    ["REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE",
     "DELETE_IN_PROGRESS", "DELETE_FAILED"],
)  # fmt: skip
def test_a_stack_that_never_was_made_has_no_outputs(server: Scripted, status: str) -> None:
    stacks(server, cluster_prod={**outputs(KeyArn=KEY), "StackStatus": status})

    assert refusal(server, rendered({"KeyArn": output("KeyArn")})) == (
        15,
        [f"KeyArn: the stack cluster-prod is {status}, so there are no outputs to count on"],
        ["deploy cluster first: ecs-blocks deploy cluster --env prod"],
    )


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS"])
def test_a_stack_that_was_made_once_has_its_outputs(server: Scripted, status: str) -> None:
    stacks(server, cluster_prod={**outputs(KeyArn=KEY), "StackStatus": status})

    assert resolve(server.aws, place(), rendered({"KeyArn": output("KeyArn")})).values == {
        "KeyArn": KEY
    }


@pytest.mark.parametrize(
    ("there", "end"),
    [
        (outputs(KeyArn=KEY), "; did you mean KeyArn?"),
        (outputs(A="1", B="2"), "; it has A, B"),
        ({}, "; it has none"),
    ],
)
def test_a_missing_output_names_those_that_there_are(
    server: Scripted, there: dict[str, Any], end: str
) -> None:
    stacks(server, cluster_prod=there)

    assert refusal(server, rendered({"KeyArn": output("KeyArm")})) == (
        2,
        [f"KeyArn: the stack cluster-prod has no output KeyArm{end}"],
        ["if the output is new, deploy its stack first: ecs-blocks deploy cluster --env prod"],
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Parameters": []}, "Vpc: there is no SSM parameter /vpc"),
        (
            stored(vpc=("SecureString", "AQICAHh")),
            "Vpc: the SSM parameter /vpc is a SecureString, and would be readable in the stack",
        ),
        (
            stored(vpc=("String", "AKIAIOSFODNN7EXAMPLE")),
            "Vpc: the SSM parameter /vpc holds what looks like an AWS access key",
        ),
        (
            stored(vpc=("String", "subnet-0a1b2c3d")),
            'Vpc: the SSM parameter /vpc is "subnet-0a1b2c3d"; expected a VPC\'s id, like '
            "vpc-0a1b2c3d",
        ),
    ],
)
def test_an_ssm_parameter_has_to_exist_to_be_readable_and_to_fit(
    server: Scripted, answer: dict[str, Any], expected: str
) -> None:
    stacks(server)
    server.on("ssm.GetParameters", answer)
    of = rendered({"Vpc": ssm("/vpc")}, Vpc={"Type": "AWS::EC2::VPC::Id"})

    assert refusal(server, of)[:2] == (2, [expected])
    assert [one["WithDecryption"] for one in server.parameters("ssm.GetParameters")] == [False]


@pytest.mark.slow
def test_everything_that_is_missing_is_told_at_once(server: Scripted) -> None:
    stacks(server, other_prod=outputs(Name="x"))
    server.on("ssm.GetParameters", stored())
    server.on("ecr.DescribePullThroughCacheRules", {"pullThroughCacheRules": []})
    server.on("ecr.BatchGetImage", refused("RepositoryNotFoundException"))
    of = rendered(
        {"A": output("KeyArn"), "B": output("Nam", "other-prod"), "C": ssm("/c")},
        image=f"{REPOSITORY}:1.8.2",
    )

    assert refusal(server, of) == (
        2,
        [
            "A: the stack cluster-prod does not exist",
            "B: the stack other-prod has no output Nam; did you mean Name?",
            "C: there is no SSM parameter /c",
            "hoge:1.8.2: there is no repository hoge in account 123456789012, ap-northeast-1",
        ],
        [
            "deploy cluster first: ecs-blocks deploy cluster --env prod",
            "if the output is new, deploy its stack first: ecs-blocks deploy other --env prod",
            "make it: aws ssm put-parameter --type String --name /c --value … --region "
            "ap-northeast-1",
            "deploy the stack that makes the repository first",
        ],
    )


def test_a_missing_permission_is_not_taken_for_a_missing_value(server: Scripted) -> None:
    stacks(server)
    server.on("ssm.GetParameters", DENIED)

    assert refusal(server, rendered({"C": ssm("/c"), "D": ssm("/d")}))[:2] == (
        14,
        ["C, D: reading the SSM parameters /c, /d: permission is missing: you are not authorized"],
    )


def test_a_stack_that_may_not_be_read_ends_it(server: Scripted) -> None:
    with pytest.raises(DeployError) as error:
        resolve(server.aws, place(), rendered({"KeyArn": output("KeyArn")}))

    assert error.value.exit_code == 14
    assert error.value.message.startswith("reading the stack hoge-prod: permission is missing")


def test_more_than_ten_parameters_are_asked_for_ten_at_a_time(server: Scripted) -> None:
    stacks(server)
    names = [f"p{number}" for number in range(12)]
    server.on("ssm.GetParameters", stored(**dict.fromkeys(names, ("String", "x"))))
    of = rendered({name.upper(): ssm(f"/{name}") for name in names})

    assert resolve(server.aws, place(), of).values == {name.upper(): "x" for name in names}
    assert [len(one["Names"]) for one in server.parameters("ssm.GetParameters")] == [10, 2]
