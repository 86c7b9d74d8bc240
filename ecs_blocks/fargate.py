"""Which task sizes Fargate has, and which of them holds what is needed.

Source: Amazon ECS Developer Guide, "Task definition parameters: task size". A size that is given is
never rounded: one that does not exist is refused, and the nearest ones are named.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

GIB: Final = 1024

MEMORY_MIB: Final[Mapping[int, tuple[int, ...]]] = MappingProxyType(
    {
        256: (512, 1 * GIB, 2 * GIB),
        512: tuple(n * GIB for n in range(1, 5)),
        1024: tuple(n * GIB for n in range(2, 9)),
        2048: tuple(n * GIB for n in range(4, 17)),
        4096: tuple(n * GIB for n in range(8, 31)),
        8192: tuple(n * GIB for n in range(16, 61, 4)),
        16384: tuple(n * GIB for n in range(32, 121, 8)),
        32768: (60 * GIB, 120 * GIB, 244 * GIB),
    }
)
"""CPU units to the memory sizes, in MiB, that go with them."""

LARGEST: Final = max((cpu, max(sizes_mib)) for cpu, sizes_mib in MEMORY_MIB.items())
"""CPU units and MiB of the largest size: no other has more of either."""


def smallest_size(cpu: int, memory_mib: int) -> tuple[int, int] | None:
    """The cheapest size, CPU units and MiB, that has at least so much; None where none has.

    That is the one with the fewest CPU units, and of those the one with the least memory. More
    CPU than that goes with less memory only for needs of 57 to 60 GiB, where 32768 units have 60
    GiB and 16384 have 64: 16 vCPU against 4 GB. Everywhere else it goes with as much or more. So
    the order is right while a vCPU hour costs more than a quarter of a GB hour; on AWS's list of
    prices it costs as much as about nine.
    """
    return next(
        (
            (units, size_mib)
            for units, sizes_mib in MEMORY_MIB.items()
            for size_mib in sizes_mib
            if units >= cpu and size_mib >= memory_mib
        ),
        None,
    )


def size_problem(cpu: int, memory_mib: int) -> tuple[str, str] | None:
    """What is wrong with a size: ("cpu" or "memory", the message); None where it exists."""
    if cpu not in MEMORY_MIB:
        sizes = ", ".join(str(size) for size in MEMORY_MIB)
        return "cpu", f"Fargate has no {cpu} CPU units; it has {sizes}"
    sizes_mib = MEMORY_MIB[cpu]
    if memory_mib in sizes_mib:
        return None
    below = max((m for m in sizes_mib if m < memory_mib), default=None)
    above = min((m for m in sizes_mib if m > memory_mib), default=None)
    near = " and ".join(f"{m}" for m in (below, above) if m is not None)
    message = f"{memory_mib} MiB does not go with {cpu} CPU units on Fargate; the nearest: {near}"
    larger = min((c for c, sizes in MEMORY_MIB.items() if memory_mib in sizes), default=None)
    if larger is not None:
        message += f", or {memory_mib} MiB with {larger} CPU units"
    return "memory", message
