"""EB118."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.capacity_provider_association import CHECK
from tests.checks.helpers import resource, verdict

CLUSTER = {"Ref": "Cluster"}
SERVICE_PATH = "Service.CapacityProviderStrategy.0.CapacityProvider"


def strategy(*names: Any) -> list[dict[str, Any]]:
    return [{"CapacityProvider": name, "Weight": 1} for name in names]


def service(*names: Any, cluster: Any = CLUSTER) -> dict[str, Any]:
    return resource("AWS::ECS::Service", Cluster=cluster, CapacityProviderStrategy=strategy(*names))


def associations(*names: Any, cluster: Any = CLUSTER, default: Any = ()) -> dict[str, Any]:
    return resource(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        Cluster=cluster,
        CapacityProviders=list(names),
        DefaultCapacityProviderStrategy=strategy(*default),
    )


def template(**resources: Any) -> dict[str, Any]:
    return {"Cluster": {"Type": "AWS::ECS::Cluster"}, **resources}


PROVIDER = resource("AWS::ECS::CapacityProvider", Name="spot", AutoScalingGroupProvider={})
GOOD = [
    pytest.param(
        template(
            Service=service({"Ref": "Provider"}),
            Provider=PROVIDER,
            Associations=associations({"Ref": "Provider"}),
        ),
        id="associated",
    ),
    pytest.param(
        template(
            Service=service("spot"),
            Provider=PROVIDER,
            Associations=associations({"Ref": "Provider"}),
        ),
        id="by its name",
    ),
    pytest.param(
        {
            "Cluster": resource("AWS::ECS::Cluster", CapacityProviders=["FARGATE", "FARGATE_SPOT"]),
            "Service": service("FARGATE_SPOT"),
        },
        id="on the cluster",
    ),
    pytest.param(
        template(Associations=associations("FARGATE", default=["FARGATE"])), id="default strategy"
    ),
    pytest.param(
        template(
            Service=service({"Ref": "Managed"}),
            Managed=resource("AWS::ECS::CapacityProvider", ManagedInstancesProvider={"A": 1}),
        ),
        id="managed instances need no association",
    ),
    pytest.param(
        template(Service=resource("AWS::ECS::Service", Cluster=CLUSTER, LaunchType="FARGATE")),
        id="no strategy",
    ),
]
BAD = [
    pytest.param(template(Service=service("FARGATE_SPOT")), [SERVICE_PATH], id="no association"),
    pytest.param(
        template(
            Service=service({"Ref": "Provider"}),
            Provider=PROVIDER,
            Associations=associations("FARGATE"),
        ),
        [SERVICE_PATH],
        id="another one associated",
    ),
    pytest.param(
        template(Associations=associations("FARGATE", default=["FARGATE", "FARGATE_SPOT"])),
        ["Associations.DefaultCapacityProviderStrategy.1.CapacityProvider"],
        id="default strategy of an association",
    ),
    pytest.param(
        {
            "Cluster": resource(
                "AWS::ECS::Cluster",
                CapacityProviders=["FARGATE"],
                DefaultCapacityProviderStrategy=strategy("spot"),
            )
        },
        ["Cluster.DefaultCapacityProviderStrategy.0.CapacityProvider"],
        id="default strategy of a cluster",
    ),
]
UNKNOWN = [
    pytest.param(
        {"Service": service("FARGATE", cluster="prod")}, ["Service.Cluster"], id="cluster elsewhere"
    ),
    pytest.param(
        template(Service=service("FARGATE"), Associations=associations("FARGATE", cluster="prod")),
        ["Service.Cluster"],
        id="association of a cluster by its name",
    ),
    pytest.param(
        template(Service=service({"Ref": "Name"}), Associations=associations("FARGATE")),
        [SERVICE_PATH],
        id="name from outside",
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
