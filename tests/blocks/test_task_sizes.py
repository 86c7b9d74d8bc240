"""The sizes of a task.

Trap 19: Fargate has only some pairs of CPU and memory; ECS says so in the middle of a deploy.
Trap 20: a reservation above the hard limit can never be placed.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.fargate import MEMORY_MIB
from tests.blocks.helpers import TOKENS

PAIRS = [(cpu, memory) for cpu, sizes in MEMORY_MIB.items() for memory in sizes]


@pytest.mark.parametrize(("cpu", "memory"), PAIRS)
def test_trap_19_a_size_that_fargate_has(cpu: int, memory: int) -> None:
    found = eb.FargateSize(cpu=cpu, memory_mib=memory).of_task()

    assert found == {
        "RequiresCompatibilities": ["FARGATE"],
        "Cpu": str(cpu),
        "Memory": str(memory),
    }


@pytest.mark.parametrize(
    ("cpu", "memory", "message"),
    [
        pytest.param(
            300,
            512,
            "Fargate has no 300 CPU units; it has 256, 512, 1024, 2048, 4096, 8192, 16384, 32768",
            id="no such CPU",
        ),
        pytest.param(
            256,
            990,
            "990 MiB does not go with 256 CPU units on Fargate; the nearest: 512 and 1024",
            id="between two",
        ),
        pytest.param(
            256,
            4096,
            "4096 MiB does not go with 256 CPU units on Fargate; the nearest: 2048, or 4096 MiB "
            "with 512 CPU units",
            id="too much",
        ),
        pytest.param(
            1024,
            1024,
            "1024 MiB does not go with 1024 CPU units on Fargate; the nearest: 2048, or 1024 MiB "
            "with 256 CPU units",
            id="too little",
        ),
    ],
)
def test_trap_19_a_size_that_fargate_does_not_have(cpu: int, memory: int, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.FargateSize(cpu=cpu, memory_mib=memory)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("cpu", "memory"), [(TOKENS.number, 990), (300, TOKENS.number)], ids=["cpu", "memory"]
)
def test_trap_19_a_token_is_judged_with_its_value(
    cpu: eb.Value[int], memory: eb.Value[int]
) -> None:
    assert eb.FargateSize(cpu=cpu, memory_mib=memory).of_container() == {}


def sidecar(name: str, **needs: Any) -> eb.Sidecar:
    return eb.Sidecar(name=name, image="public.ecr.aws/team/it:1", **needs)


PROXY = sidecar("proxy", cpu=64, memory_mib=64)
ROUTER = eb.LogRouter(image="public.ecr.aws/team/logs:1", options={}, cpu=64, memory_mib=100)


@pytest.mark.parametrize(
    ("cpu", "memory", "sidecars", "size"),
    [
        pytest.param(256, 512, (), (256, 512), id="all of it"),
        pytest.param(0, 6, (), (256, 512), id="next to nothing"),
        pytest.param(192, 448, (PROXY,), (256, 512), id="just fits"),
        pytest.param(193, 448, (PROXY,), (512, 1024), id="a unit too much"),
        pytest.param(192, 449, (PROXY,), (256, 1024), id="a MiB too much"),
        pytest.param(300, 700, (PROXY, ROUTER), (512, 1024), id="three containers"),
        pytest.param(250, 512, (sidecar("agent", memory_mib=64),), (512, 1024), id="default cpu"),
        pytest.param(100, 3000, (), (512, 3072), id="much memory"),
        pytest.param(4000, 1000, (), (4096, 8192), id="much CPU"),
        pytest.param(9000, 58_000, (), (16384, 65536), id="fewer CPU units, more memory"),
        pytest.param(100, 249_856, (), (32768, 249_856), id="the largest"),
    ],
)
def test_trap_19_the_cheapest_size_that_holds_the_containers(
    cpu: int, memory: int, sidecars: tuple[eb.Sidecar, ...], size: tuple[int, int]
) -> None:
    assert eb.fargate_size_for(cpu=cpu, memory_mib=memory, sidecars=sidecars) == size
    assert eb.FargateSize.for_containers(
        cpu=cpu, memory_mib=memory, sidecars=sidecars
    ) == eb.FargateSize(cpu=size[0], memory_mib=size[1])


def test_what_else_a_size_has_is_handed_on() -> None:
    found = eb.FargateSize.for_containers(
        cpu=32, memory_mib=6, architecture="ARM64", ephemeral_storage_gib=TOKENS.number
    )

    assert found.architecture == "ARM64"
    assert found.ephemeral_storage_gib is TOKENS.number


_LATER = "give numbers, or write TaskCpu and TaskMaxMemory in environment.yaml"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"cpu": TOKENS.number},
            f"no size can be chosen here: only CloudFormation knows cpu; {_LATER}",
        ),
        (
            {
                "memory_mib": TOKENS.number,
                "sidecars": (PROXY, sidecar("agent", cpu=TOKENS.number, memory_mib=TOKENS.number)),
            },
            "no size can be chosen here: only CloudFormation knows cpu of agent, memory_mib, "
            f"memory_mib of agent; {_LATER}",
        ),
        (
            {"cpu": 32_700, "sidecars": (PROXY, ROUTER)},
            "the containers need 32828 CPU units and 676 MiB together; Fargate's largest size is "
            "32768 CPU units and 249856 MiB",
        ),
        (
            {"memory_mib": 249_857},
            "the containers need 256 CPU units and 249857 MiB together; Fargate's largest size is "
            "32768 CPU units and 249856 MiB",
        ),
        ({"cpu": -1}, "cpu is -1; allowed: 0 and more"),
        ({"cpu": 2}, "cpu is 2: CPU units? 2 vCPU are 2048"),
        ({"cpu": 0.25}, "cpu is 0.25: CPU units? 0.25 vCPU are 256"),
        ({"cpu": 512.5}, "cpu is 512.5; it is a whole number of CPU units"),
        ({"cpu": True}, "cpu is True; it is a whole number of CPU units"),
        ({"memory_mib": 512.5}, "memory_mib is 512.5; it is a whole number of MiB"),
        ({"memory_mib": "512"}, "memory_mib is '512'; it is a whole number of MiB"),
        ({"memory_mib": 5}, "memory_mib is 5; allowed: 6 and more"),
        ({"ephemeral_storage_gib": 20}, "ephemeral_storage_gib is 20; allowed: 21 to 200"),
    ],
)
def test_needs_for_which_no_size_can_be_chosen(given: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.FargateSize.for_containers(**{"cpu": 256, "memory_mib": 512} | given)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("soft", "hard"), [(512, 990), (990, 990), (TOKENS.number, 6), (991, TOKENS.number)]
)
def test_trap_20_a_reservation_up_to_the_limit(soft: eb.Value[int], hard: eb.Value[int]) -> None:
    found = eb.Ec2Size(memory_reservation_mib=soft, memory_mib=hard).of_container()

    assert list(found) == ["Cpu", "MemoryReservation", "Memory"]


def test_trap_20_a_reservation_above_the_limit_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Ec2Size(memory_reservation_mib=991, memory_mib=990)

    assert str(refused.value) == "a reservation of 991 MiB is above the hard limit of 990 MiB"
