"""EB120."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.service_before_capacity import CHECK
from tests.checks.helpers import resource, verdict

CLUSTER = {"Ref": "Cluster"}


def template(depends: Any = (), cluster: Any = CLUSTER, **properties: Any) -> dict[str, Any]:
    strategy = [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
    return {
        "Cluster": {"Type": "AWS::ECS::Cluster"},
        "Task": resource("AWS::ECS::TaskDefinition"),
        "Associations": resource(
            "AWS::ECS::ClusterCapacityProviderAssociations",
            Cluster=CLUSTER,
            CapacityProviders=["FARGATE_SPOT"],
        ),
        "Service": {
            **resource(
                "AWS::ECS::Service",
                **{"Cluster": cluster, "CapacityProviderStrategy": strategy, **properties},
            ),
            "DependsOn": depends,
        },
    }


THROUGH = template(TaskDefinition={"Ref": "Task"})
THROUGH["Task"]["DependsOn"] = "Associations"
ON_CLUSTER = template()
ON_CLUSTER["Cluster"] = resource("AWS::ECS::Cluster", CapacityProviders=["FARGATE_SPOT"])
GOOD = [
    pytest.param(template(["Associations"]), id="depends on it"),
    pytest.param(template("Associations"), id="as text"),
    pytest.param(THROUGH, id="through the task definition"),
    pytest.param(ON_CLUSTER, id="the cluster has it itself"),
    pytest.param(template(CapacityProviderStrategy=[]), id="no strategy"),
    pytest.param(template(cluster="prod"), id="cluster of another stack"),
]
BAD = [
    pytest.param(template(), ["Service.DependsOn"], id="side by side"),
    pytest.param(template(["Task"]), ["Service.DependsOn"], id="depends on something else"),
]
UNKNOWN = [
    pytest.param(
        template(CapacityProviderStrategy={"Fn::If": ["A", [], []]}),
        ["Service.CapacityProviderStrategy"],
        id="strategy",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
