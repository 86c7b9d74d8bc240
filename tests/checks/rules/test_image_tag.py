"""EB314."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.image_tag import CHECK
from tests.checks.helpers import resource, verdict


def task(image: Any) -> dict[str, Any]:
    return {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=[{"Image": image}])}


PLACE = "Task.ContainerDefinitions.0.Image"
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge"
GOOD = [
    pytest.param(task(f"{ECR}:1.2.3"), id="tag"),
    pytest.param(task(f"{ECR}:latest-7f3a"), id="tag that begins with latest"),
    pytest.param(task(f"{ECR}@sha256:{'0' * 64}"), id="digest"),
    pytest.param(task(f"{ECR}:latest@sha256:{'0' * 64}"), id="digest beside latest"),
    pytest.param(task("registry.example.com:5000/team/app:7"), id="registry with a port"),
    pytest.param(task(""), id="empty"),
]
BAD = [
    pytest.param(task(f"{ECR}:latest"), [PLACE], id="latest"),
    pytest.param(task(ECR), [PLACE], id="no tag"),
    pytest.param(task("nginx"), [PLACE], id="short name"),
    pytest.param(task("registry.example.com:5000/team/app"), [PLACE], id="registry with a port"),
    pytest.param(task({"Fn::Sub": "${Repository}:latest"}), [PLACE], id="latest of anything"),
]
UNKNOWN = [
    pytest.param(task({"Ref": "Image"}), PLACE, id="parameter"),
    pytest.param(task({"Fn::Sub": "${Repository}:${Tag}"}), PLACE, id="Sub"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
