"""EB316."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.container_sizes import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}
FARGATE = ["FARGATE"]


def task(*containers: Any, **more: Any) -> dict[str, Any]:
    return {
        "Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **more)
    }


def place(index: int, name: str) -> str:
    return f"Task.ContainerDefinitions.{index}.{name}"


SIZE = {"Cpu": "256", "Memory": "512"}
GOOD = [
    pytest.param(task({"Memory": 512, "Cpu": 256}, **SIZE), id="all of it"),
    pytest.param(task({"Memory": 256}, {"Memory": "256"}, **SIZE), id="half each"),
    pytest.param(task({"Memory": 512, "Cpu": 10}, Memory="0.5 GB", Cpu=".25 vCPU"), id="units"),
    pytest.param(
        task({"Memory": 512, "MemoryReservation": 128}, {"Memory": 512, "MemoryReservation": 384}),
        id="limits overlap, reservations do not",
    ),
    pytest.param(task({"Memory": 512, "MemoryReservation": 512}), id="limit and reservation equal"),
    pytest.param(task({}, {}, RequiresCompatibilities=FARGATE, **SIZE), id="no word on Fargate"),
    pytest.param(task({}, RequiresCompatibilities=FARGATE), id="task size is EB308's matter"),
    pytest.param(task({}, RequiresCompatibilities=["MANAGED_INSTANCES"]), id="managed instances"),
    pytest.param(task({}, Memory=512), id="the task's memory is enough"),
    pytest.param(task({"MemoryReservation": 64}), id="a reservation is enough"),
    pytest.param(task({"Memory": 4096, "Cpu": 4096}), id="no size at the task"),
    pytest.param(task({"Memory": OUTSIDE}), id="some memory"),
    pytest.param(
        task(
            {"Memory": 1024},
            RuntimePlatform={"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
            **SIZE,
        ),
        id="Windows",
    ),
]
BAD = [
    pytest.param(task({"Memory": 1024}, **SIZE), [place(0, "Memory")], id="above the task's"),
    pytest.param(
        task({"Memory": 1024, "MemoryReservation": 256}, **SIZE), [place(0, "Memory")], id="limit"
    ),
    pytest.param(task({"MemoryReservation": 1024}, **SIZE), ["Task.Memory"], id="soft alone"),
    pytest.param(task({"Memory": 512}, {"Memory": 256}, **SIZE), ["Task.Memory"], id="sum"),
    pytest.param(task({"Cpu": 256}, {"Cpu": 10}, **SIZE), ["Task.Cpu"], id="CPU"),
    pytest.param(
        task({"Memory": 128, "MemoryReservation": 256}, **SIZE),
        [place(0, "MemoryReservation")],
        id="reservation above the limit",
    ),
    pytest.param(task({"Memory": 1}, {}), [place(1, "Memory")], id="no memory at all on EC2"),
]
UNKNOWN = [
    pytest.param(task({"Memory": 1}, Memory=OUTSIDE), ["Task.Memory"], id="size"),
    pytest.param(
        task({"Cpu": OUTSIDE}, {"Cpu": 1}, **SIZE), [place(0, "Cpu")], id="a container's size"
    ),
    pytest.param(
        task({}, RequiresCompatibilities=[OUTSIDE]),
        ["Task.RequiresCompatibilities.0"],
        id="Fargate or not",
    ),
]


def test_a_sum_can_be_too_much_without_what_is_not_known() -> None:
    resources = task({"Memory": 512}, {"Memory": OUTSIDE}, {"Memory": 1}, **SIZE)

    assert verdict(CHECK, resources) == (["Task.Memory"], [place(1, "Memory")])


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
