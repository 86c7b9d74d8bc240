"""EB308."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Template
from ecs_blocks.checks.rules.fargate_task_size import CHECK
from ecs_blocks.checks.run import judge
from tests.checks.helpers import resource, verdict


def task(cpu: Any, memory: Any, **properties: Any) -> dict[str, Any]:
    properties.setdefault("RequiresCompatibilities", ["FARGATE"])
    return {"Task": resource("AWS::ECS::TaskDefinition", Cpu=cpu, Memory=memory, **properties)}


WINDOWS = {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
GOOD = [
    pytest.param(task("256", "512"), id="smallest"),
    pytest.param(task(512, 1024), id="numbers"),
    pytest.param(task("1 vCPU", "2GB"), id="with units"),
    pytest.param(task(".25 vcpu", "0.5 GB"), id="fractions"),
    pytest.param(task("8192", "61440"), id="8 vCPU"),
    pytest.param(task("32768", "249856"), id="largest"),
    pytest.param(task("1024", "8192", RuntimePlatform=WINDOWS), id="Windows"),
    pytest.param(task("300", "700", RequiresCompatibilities=["EC2"]), id="EC2 takes any size"),
    pytest.param({"Task": resource("AWS::ECS::TaskDefinition")}, id="no compatibility"),
]
BAD = [
    pytest.param(task("512", "990"), ["Task.Memory"], id="memory between two sizes"),
    pytest.param(task("256", "4096"), ["Task.Memory"], id="too much memory for the CPU"),
    pytest.param(task("8192", "17408"), ["Task.Memory"], id="8 vCPU goes in steps of 4 GB"),
    pytest.param(task("300", "512"), ["Task.Cpu"], id="no such CPU"),
    pytest.param(
        task("300", "700", RequiresCompatibilities=["EC2", "FARGATE"]), ["Task.Cpu"], id="both"
    ),
    pytest.param(task("half", "512"), ["Task.Cpu"], id="no number"),
    pytest.param(task(None, None), ["Task.Cpu", "Task.Memory"], id="missing"),
    pytest.param(task("256", "512", RuntimePlatform=WINDOWS), ["Task.Cpu"], id="Windows"),
    pytest.param(task(cpu=True, memory="512"), ["Task.Cpu"], id="a boolean"),
]
UNKNOWN = [
    pytest.param(task("256", {"Ref": "Memory"}), "Task.Memory", id="memory"),
    pytest.param(
        task("256", "513", RequiresCompatibilities=[{"Ref": "Launch"}]),
        "Task.RequiresCompatibilities.0",
        id="compatibility",
    ),
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


@pytest.mark.parametrize(
    ("cpu", "memory", "near"),
    [
        ("512", "990", "512 with 1024, 256 with 1024"),
        ("256", "4096", "256 with 2048, 512 with 4096"),
        ("1000", "3000", "1024 with 3072, 1024 with 2048"),
        ("99999", "999999", "32768 with 249856"),
    ],
)
def test_the_message_names_the_nearest_sizes(cpu: str, memory: str, near: str) -> None:
    (finding,) = judge(Template({"Resources": task(cpu, memory)}), [CHECK]).findings

    assert finding.message.endswith(f"nearest: {near}")
