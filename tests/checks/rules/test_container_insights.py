"""EB101. Regression: no-container-insights, insights-enabled-not-enhanced."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.container_insights import CHECK
from tests.checks.helpers import resource, verdict


def cluster(*settings: Any, **properties: Any) -> dict[str, Any]:
    if settings:
        properties["ClusterSettings"] = list(settings)
    return {"Cluster": resource("AWS::ECS::Cluster", **properties)}


def insights(value: Any) -> dict[str, Any]:
    return {"Name": "containerInsights", "Value": value}


GOOD = [
    pytest.param(cluster(insights("enhanced")), id="enhanced"),
    pytest.param(cluster(insights("bogus")), id="a bogus value is the matter of EB102"),
    pytest.param(cluster({"Name": "other"}, insights("enhanced")), id="second of two"),
    pytest.param({"Topic": resource("AWS::SNS::Topic")}, id="no cluster"),
]
BAD = [
    pytest.param(cluster(), ["Cluster.ClusterSettings"], id="left out"),
    pytest.param(
        {"Cluster": {"Type": "AWS::ECS::Cluster"}}, ["Cluster.ClusterSettings"], id="bare"
    ),
    pytest.param(cluster(ClusterSettings=[]), ["Cluster.ClusterSettings"], id="empty"),
    pytest.param(
        cluster(insights("enabled")), ["Cluster.ClusterSettings.0.Value"], id="the older kind"
    ),
    pytest.param(cluster(insights("disabled")), ["Cluster.ClusterSettings.0.Value"], id="off"),
]
UNKNOWN = [
    pytest.param(
        cluster(insights({"Ref": "Insights"})), ["Cluster.ClusterSettings.0.Value"], id="value"
    ),
    pytest.param(
        cluster(ClusterSettings={"Fn::If": ["A", [], []]}), ["Cluster.ClusterSettings"], id="list"
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
