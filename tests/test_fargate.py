"""Task sizes of Fargate: the table of AWS, and what is said of a size that does not exist."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from ecs_blocks.fargate import GIB, LARGEST, MEMORY_MIB, size_problem, smallest_size
from tests.properties import MODEST

# Amazon ECS Developer Guide, "Task definition parameters for Fargate": CPU, least, most and step
GUIDE = [
    (512, 1 * GIB, 4 * GIB, GIB),
    (1024, 2 * GIB, 8 * GIB, GIB),
    (2048, 4 * GIB, 16 * GIB, GIB),
    (4096, 8 * GIB, 30 * GIB, GIB),
    (8192, 16 * GIB, 60 * GIB, 4 * GIB),
    (16384, 32 * GIB, 120 * GIB, 8 * GIB),
]


@pytest.mark.parametrize(("cpu", "least", "most", "step"), GUIDE)
def test_the_table_is_that_of_the_guide(cpu: int, least: int, most: int, step: int) -> None:
    assert MEMORY_MIB[cpu] == tuple(range(least, most + 1, step))


def test_the_ends_of_the_table_go_by_no_step() -> None:
    assert MEMORY_MIB[256] == (512, 1024, 2048)
    assert MEMORY_MIB[32768] == (60 * GIB, 120 * GIB, 244 * GIB)
    assert len(MEMORY_MIB) == len(GUIDE) + 2


@pytest.mark.parametrize("cpu", MEMORY_MIB)
def test_a_size_that_exists_is_no_problem(cpu: int) -> None:
    assert [size_problem(cpu, memory) for memory in MEMORY_MIB[cpu]] == [None] * len(
        MEMORY_MIB[cpu]
    )


@pytest.mark.parametrize("cpu", [0, 255, 300, 1, 65536, -256])
def test_a_cpu_that_does_not_exist_is_refused_with_those_that_do(cpu: int) -> None:
    assert size_problem(cpu, 512) == (
        "cpu",
        f"Fargate has no {cpu} CPU units; it has 256, 512, 1024, 2048, 4096, 8192, 16384, 32768",
    )


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        (256, 100, "100 MiB does not go with 256 CPU units on Fargate; the nearest: 512"),
        (256, 990, "990 MiB does not go with 256 CPU units on Fargate; the nearest: 512 and 1024"),
        (
            256,
            4096,
            "4096 MiB does not go with 256 CPU units on Fargate; the nearest: 2048, or 4096 MiB "
            "with 512 CPU units",
        ),
        (
            8192,
            17 * GIB,
            "17408 MiB does not go with 8192 CPU units on Fargate; the nearest: 16384 and 20480, "
            "or 17408 MiB with 4096 CPU units",
        ),
        (
            512,
            512,
            "512 MiB does not go with 512 CPU units on Fargate; the nearest: 1024, or 512 MiB "
            "with 256 CPU units",
        ),
        (
            32768,
            999_999,
            "999999 MiB does not go with 32768 CPU units on Fargate; the nearest: 249856",
        ),
    ],
)
def test_a_memory_that_does_not_fit_is_refused_with_the_nearest(
    cpu: int, memory: int, expected: str
) -> None:
    assert size_problem(cpu, memory) == ("memory", expected)


SIZES = [(cpu, memory) for cpu, sizes in MEMORY_MIB.items() for memory in sizes]


def holding(cpu: int, memory: int) -> list[tuple[int, int]]:
    """Every size that has at least so much."""
    return [size for size in SIZES if size[0] >= cpu and size[1] >= memory]


def test_the_largest_size_has_the_most_of_both() -> None:
    assert holding(*LARGEST) == [LARGEST]


@MODEST
@given(
    cpu=strategies.integers(min_value=0, max_value=LARGEST[0] + 1),
    memory=strategies.integers(min_value=0, max_value=LARGEST[1] + 1),
)
def test_the_size_that_is_found_holds_the_need_and_none_is_smaller(cpu: int, memory: int) -> None:
    found = smallest_size(cpu, memory)

    if found is None:
        assert holding(cpu, memory) == []
        return
    assert found in holding(cpu, memory)
    assert size_problem(*found) is None
    assert [one for one in holding(cpu, memory) if one[0] < found[0]] == []
    assert [one for one in holding(cpu, memory) if one[0] == found[0] and one[1] < found[1]] == []


@pytest.mark.parametrize("gb_hours", [9.0, 1.0, 0.26])
def test_no_size_that_holds_the_need_is_cheaper(gb_hours: float) -> None:
    """Whatever is needed, while a vCPU hour costs as many GB hours, or more than a quarter."""

    def cost(size: tuple[int, int]) -> float:
        return size[0] / 1024 * gb_hours + size[1] / GIB

    for cpu in {one + more for one in MEMORY_MIB for more in (0, 1)}:
        for memory in {size[1] + more for size in SIZES for more in (0, 1)}:
            found = smallest_size(cpu, memory)
            if found is not None:
                assert cost(found) == min(map(cost, holding(cpu, memory)))
