"""EB102."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.cluster_settings import CHECK
from tests.checks.helpers import resource, verdict


def cluster(name: Any, value: Any) -> dict[str, Any]:
    settings = [{"Name": name, "Value": value}]
    return {"Cluster": resource("AWS::ECS::Cluster", ClusterSettings=settings)}


GOOD = [
    pytest.param(cluster("containerInsights", "enhanced"), id="enhanced"),
    pytest.param(cluster("containerInsights", "enabled"), id="enabled"),
    pytest.param(cluster("containerInsights", "disabled"), id="disabled"),
    pytest.param({"Cluster": {"Type": "AWS::ECS::Cluster"}}, id="no settings"),
]
BAD = [
    pytest.param(
        cluster("containerInsights", "bogus"), ["Cluster.ClusterSettings.0.Value"], id="value"
    ),
    pytest.param(
        cluster("containerInsights", "Enhanced"), ["Cluster.ClusterSettings.0.Value"], id="capital"
    ),
    pytest.param(
        cluster("containerInsights", value=True), ["Cluster.ClusterSettings.0.Value"], id="boolean"
    ),
    pytest.param(
        cluster("containerInsight", "enhanced"), ["Cluster.ClusterSettings.0.Name"], id="name"
    ),
    pytest.param(
        {"Cluster": resource("AWS::ECS::Cluster", ClusterSettings=["containerInsights"])},
        ["Cluster.ClusterSettings.0.Name"],
        id="text where a mapping belongs",
    ),
]
UNKNOWN = [
    pytest.param(
        cluster("containerInsights", {"Ref": "Value"}),
        ["Cluster.ClusterSettings.0.Value"],
        id="value",
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
