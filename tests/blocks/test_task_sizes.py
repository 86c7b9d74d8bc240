"""The sizes of a task.

Trap 19: Fargate has only some pairs of CPU and memory; ECS says so in the middle of a deploy.
Trap 20: a reservation above the hard limit can never be placed.
"""

from __future__ import annotations

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
