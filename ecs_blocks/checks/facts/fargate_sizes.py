"""The size of a Fargate task as templates write it, and the sizes near one that does not exist."""

from __future__ import annotations

import re
from typing import Final

from ecs_blocks.fargate import MEMORY_MIB

WINDOWS_CPUS: Final = frozenset({1024, 2048, 4096})
"""The CPU sizes that Fargate has for Windows containers."""

_UNITS: Final = {"": 1.0, "VCPU": 1024.0, "GB": 1024.0}
_SIZE: Final = re.compile(r"(\d+|\d*\.\d+)\s*(vcpu|gb|)", re.IGNORECASE)


def parsed(value: object) -> int | None:
    """CPU units or MiB from ``512``, ``"512"``, ``".5 vCPU"`` or ``"1 GB"``; else None."""
    found = None if isinstance(value, bool) else _SIZE.fullmatch(str(value).strip())
    if found is None:
        return None
    size = float(found[1]) * _UNITS[found[2].upper()]
    return int(size) if size.is_integer() else None


def nearest(cpu: int, memory: int, cpus: frozenset[int]) -> tuple[tuple[int, int], ...]:
    """Up to three sizes that exist near one that does not, each at least as much memory if it can.

    First with the CPU that was asked for (or the nearest there is), then with less of it.
    """
    ordered = sorted(cpus)
    closest = min(ordered, key=lambda one: (abs(one - cpu), one))
    found = [(closest, _at_least(closest, memory)), (closest, _at_most(closest, memory))]
    fitting = [one for one in ordered if MEMORY_MIB[one][0] <= memory <= MEMORY_MIB[one][-1]]
    if fitting:
        other = min(fitting, key=lambda one: (abs(one - cpu), one))
        found.append((other, _at_least(other, memory)))
    return tuple(dict.fromkeys(found))


def _at_least(cpu: int, memory: int) -> int:
    return next((size for size in MEMORY_MIB[cpu] if size >= memory), MEMORY_MIB[cpu][-1])


def _at_most(cpu: int, memory: int) -> int:
    return next((size for size in reversed(MEMORY_MIB[cpu]) if size <= memory), MEMORY_MIB[cpu][0])
