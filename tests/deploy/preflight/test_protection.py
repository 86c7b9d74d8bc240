"""A first deploy that could not be taken back is told before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight.protection import check
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

KIND = "ElasticLoadBalancingV2::LoadBalancer"
ELSE = "SNS::Topic"


def balancer(value: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    attribute = {"Key": "deletion_protection.enabled", "Value": value}
    return {"Front": (KIND, {"LoadBalancerAttributes": [attribute]})}


@pytest.mark.parametrize(
    ("value", "written", "way"),
    [
        ("true", {"Ref": "FrontProtection"}, "the first time with --set FrontProtection=false"),
        (True, {"Ref": "DeletionProtection"}, "the first time with --set DeletionProtection=false"),
        ("true", "true", "begin without it"),
    ],
)
def test_a_protected_balancer_of_a_new_stack_is_a_warning(
    server: Scripted, value: Any, written: Any, way: str
) -> None:
    """The way out names the parameter that switches it."""
    [(_, properties)] = balancer(written).values()
    template = {"Resources": {"Front": {"Properties": properties}}}
    [line] = found(check, server.aws, subject(balancer(value), written=template))

    assert line.startswith("warning: Front: it is protected from deletion")
    assert line.endswith(way)


@pytest.mark.parametrize("value", ["false", False, {"Ref": "Later"}])
def test_an_open_balancer_is_none(server: Scripted, value: Any) -> None:
    assert found(check, server.aws, subject(balancer(value))) == []


def test_an_update_can_always_go_back(server: Scripted) -> None:
    of = subject(balancer("true"), has={"Topic": (ELSE, "arn:aws:sns:eu-west-1:1:t")})

    assert found(check, server.aws, of) == []


def test_a_balancer_without_attributes_is_none(server: Scripted) -> None:
    assert found(check, server.aws, subject({"Front": (KIND, {})})) == []
