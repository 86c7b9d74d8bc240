"""What RunTask is given: everything of the service that a task can have, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.one_off.request import Job, arguments, tags
from ecs_blocks.deploy.one_off.service import Service

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
STRATEGY = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
ALWAYS = {
    "cluster": "arn:cluster",
    "taskDefinition": "arn:definition",
    "count": 1,
    "startedBy": "me",
    "clientToken": "token",
    "overrides": {"containerOverrides": [{"name": "app", "command": ["./migrate"]}]},
}


def job(
    variables: dict[str, str] | None = None, *, on_demand: bool = False, **described: Any
) -> Job:
    service = Service(
        "Service",
        "arn",
        {"clusterArn": "arn:cluster", "taskDefinition": "arn:running", **described},
        {},
        dt.datetime.now(dt.UTC),
    )
    return Job(
        service=service,
        definition="arn:definition",
        container="app",
        command=("./migrate",),
        variables=variables or {},
        started_by="me",
        token="token",
        on_demand=on_demand,
    )


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({}, {}),
        ({"networkConfiguration": NETWORK}, {"networkConfiguration": NETWORK}),
        ({"launchType": "FARGATE"}, {"launchType": "FARGATE"}),
        ({"capacityProviderStrategy": STRATEGY}, {"capacityProviderStrategy": STRATEGY}),
        (
            {"capacityProviderStrategy": STRATEGY, "launchType": "EC2"},
            {"capacityProviderStrategy": STRATEGY},
        ),
        (
            {"launchType": "FARGATE", "platformVersion": "1.4.0"},
            {"launchType": "FARGATE", "platformVersion": "1.4.0"},
        ),
        (
            {"placementConstraints": [{"type": "distinctInstance"}], "placementStrategy": []},
            {"placementConstraints": [{"type": "distinctInstance"}]},
        ),
        (
            {"enableECSManagedTags": True, "enableExecuteCommand": False},
            {"enableECSManagedTags": True},
        ),
        ({"propagateTags": "TASK_DEFINITION"}, {"propagateTags": "TASK_DEFINITION"}),
        ({"propagateTags": "SERVICE"}, {}),
        ({"propagateTags": "NONE"}, {}),
        ({"desiredCount": 3, "deploymentConfiguration": {}, "loadBalancers": [{}]}, {}),
    ],
)
def test_the_settings_of_the_service_are_the_tasks(
    described: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert arguments(job(**described)) == {**ALWAYS, **expected}


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"capacityProviderStrategy": STRATEGY}, {"launchType": "FARGATE"}),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 1}, *STRATEGY]},
            {"launchType": "FARGATE"},
        ),
        (
            {"capacityProviderStrategy": STRATEGY, "platformVersion": "1.4.0"},
            {"launchType": "FARGATE", "platformVersion": "1.4.0"},
        ),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "ec2", "weight": 1}]},
            {"capacityProviderStrategy": [{"capacityProvider": "ec2", "weight": 1}]},
        ),
        ({"launchType": "EC2"}, {"launchType": "EC2"}),
        ({}, {}),
    ],
)
def test_a_task_that_must_not_be_interrupted_does_not_run_on_spot(
    described: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert arguments(job(on_demand=True, **described)) == {**ALWAYS, **expected}


def test_where_another_controller_deploys_its_primary_task_set_has_the_settings() -> None:
    sets = [
        {"status": "ACTIVE", "taskDefinition": "arn:old", "launchType": "EC2"},
        {"status": "PRIMARY", "taskDefinition": "arn:new", "networkConfiguration": NETWORK},
    ]
    found = arguments(job(taskDefinition="", taskSets=sets, launchType="EC2"))

    assert found == {**ALWAYS, "networkConfiguration": NETWORK}


def test_volumes_that_the_service_has_made_are_made_for_the_task_too() -> None:
    volume = {"roleArn": "arn:role", "sizeInGiB": 10}
    deployments = [
        {"status": "ACTIVE", "volumeConfigurations": [{"name": "old", "managedEBSVolume": {}}]},
        {
            "status": "PRIMARY",
            "volumeConfigurations": [{"name": "data", "managedEBSVolume": volume}],
        },
    ]

    assert arguments(job(deployments=deployments))["volumeConfigurations"] == [
        {
            "name": "data",
            "managedEBSVolume": {**volume, "terminationPolicy": {"deleteOnTermination": True}},
        }
    ]


def test_variables_come_over_those_of_the_container() -> None:
    [override] = arguments(job({"A": "1", "B": ""}))["overrides"]["containerOverrides"]

    assert override["environment"] == [{"name": "A", "value": "1"}, {"name": "B", "value": ""}]


@pytest.mark.parametrize(("length", "fits"), [(8080, True), (8081, False)])
def test_more_than_ecs_takes_is_refused_here(length: int, *, fits: bool) -> None:
    found = ""
    try:
        arguments(job({"A": "x" * length}))
    except DeployError as error:
        found = error.message

    expected = "command and variables have 8193 characters as JSON; ECS takes 8192"
    assert found == ("" if fits else expected)


@pytest.mark.parametrize(
    ("propagate", "expected"),
    [("SERVICE", [{"key": "CostCenter", "value": "a"}]), ("NONE", []), ("TASK_DEFINITION", [])],
)
def test_the_services_tags_are_given_where_it_gives_them_to_its_tasks(
    propagate: str, expected: list[dict[str, str]]
) -> None:
    given = [
        {"key": "CostCenter", "value": "a"},
        {"key": "aws:cloudformation:stack-name", "value": "hoge-prod"},
    ]

    assert tags(job(propagateTags=propagate, tags=given).service) == expected
