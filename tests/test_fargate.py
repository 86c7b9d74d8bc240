"""Task sizes of Fargate: the table of AWS, and what is said of a size that does not exist."""

from __future__ import annotations

import pytest

from ecs_blocks.fargate import GIB, MEMORY_MIB, size_problem

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
