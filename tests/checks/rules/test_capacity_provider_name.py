"""EB117."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.capacity_provider_name import CHECK
from tests.checks.helpers import resource, verdict


def provider(**properties: Any) -> dict[str, Any]:
    return {"Provider": resource("AWS::ECS::CapacityProvider", **properties)}


GOOD = [
    pytest.param(provider(), id="left out"),
    pytest.param(provider(Name="on-demand"), id="another name"),
    pytest.param(provider(Name="my-ecs"), id="not at the beginning"),
    pytest.param(provider(Name=7), id="no text"),
    pytest.param(provider(Name={"Fn::Sub": "ec2-${Cluster}"}), id="beginning in sight"),
]
BAD = [
    pytest.param(provider(Name="ecs-ec2"), ["Provider.Name"], id="ecs"),
    pytest.param(provider(Name="aws-spot"), ["Provider.Name"], id="aws"),
    pytest.param(
        provider(Name={"Fn::Sub": "ecs-${AWS::StackName}"}), ["Provider.Name"], id="of a sub"
    ),
    pytest.param(provider(Name="fargateish"), ["Provider.Name"], id="fargate"),
]
UNKNOWN = [
    pytest.param(provider(Name={"Ref": "Name"}), ["Provider.Name"], id="ref"),
    pytest.param(provider(Name={"Fn::Sub": "${Prefix}-ec2"}), ["Provider.Name"], id="beginning"),
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
