"""Which task sizes Fargate has.

Source: Amazon ECS Developer Guide, "Task definition parameters: task size". Nothing is rounded: a
size that does not exist is refused, and the nearest ones are named.
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
