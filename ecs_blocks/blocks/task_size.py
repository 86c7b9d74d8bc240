"""How much CPU and memory a task has, on instances and on Fargate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.fargate import LARGEST, size_problem, smallest_size
from ecs_blocks.values import Token, Value, as_text, known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.blocks.sidecar import Sidecar

Architecture = Literal["X86_64", "ARM64"]

MIN_MEMORY_MIB: Final = 6
"""Docker takes no less (Amazon ECS API Reference, ``ContainerDefinition``)."""
VCPU: Final = 1024
"""CPU units of one."""
_LEAST_UNITS: Final = 32
"""Nobody needs fewer units than that, but Fargate has sizes of up to 32 vCPU."""


class Ec2Size(Struct, frozen=True, kw_only=True):
    """A task on the instances of the cluster.

    Attributes:
        memory_reservation_mib: what the scheduler sets aside (the soft limit).
        memory_mib: where the container is killed (the hard limit).
        cpu: CPU units that the container is guaranteed; it may use more while nobody needs them.
        architecture: of the instances.
    """

    memory_reservation_mib: Value[int]
    memory_mib: Value[int]
    cpu: Value[int] = 256
    architecture: Architecture = "X86_64"

    def __post_init__(self) -> None:
        check_at_least("cpu", self.cpu, 0)
        for name in ("memory_reservation_mib", "memory_mib"):
            check_at_least(name, getattr(self, name), MIN_MEMORY_MIB)
        memory = known(self.memory_reservation_mib, self.memory_mib)
        if memory and memory[0] > memory[1]:
            soft, hard = memory
            raise BlockError(f"a reservation of {soft} MiB is above the hard limit of {hard} MiB")

    def of_task(self) -> dict[str, Any]:
        """The task definition's part of it."""
        return {"RequiresCompatibilities": ["EC2"]}

    def of_container(self) -> dict[str, Any]:
        """The container's part of it."""
        return {
            "Cpu": self.cpu,
            "MemoryReservation": self.memory_reservation_mib,
            "Memory": self.memory_mib,
        }


class FargateSize(Struct, frozen=True, kw_only=True):
    """A task on Fargate.

    Attributes:
        cpu: CPU units of the task, 256 to 32768.
        memory_mib: memory of the task; a size that goes with *cpu* (trap 19).
        architecture: ``ARM64`` is Graviton.
        ephemeral_storage_gib: the task's own disk, 21 to 200; None is the 20 that come for free.
    """

    cpu: Value[int]
    memory_mib: Value[int]
    architecture: Architecture = "X86_64"
    ephemeral_storage_gib: Value[int] | None = None

    def __post_init__(self) -> None:
        check_within("ephemeral_storage_gib", self.ephemeral_storage_gib, 21, 200)
        size = known(self.cpu, self.memory_mib)
        if size and (problem := size_problem(*size)):
            raise BlockError(problem[1])

    @staticmethod
    def for_containers(
        *,
        cpu: int,
        memory_mib: int,
        sidecars: Iterable[Sidecar] = (),
        architecture: Architecture = "X86_64",
        ephemeral_storage_gib: Value[int] | None = None,
    ) -> FargateSize:
        """The cheapest size that holds the application and its *sidecars*: ``fargate_size_for``.

        Args:
            cpu: CPU units that the application needs; a vCPU has 1024.
            memory_mib: memory that the application needs, in MiB.
            sidecars: the same as the task's; each says its ``cpu`` and ``memory_mib`` itself.
            architecture: ``ARM64`` is Graviton.
            ephemeral_storage_gib: the task's own disk, 21 to 200; None is the 20 that come for
                free.

        Raises:
            BlockError: as ``fargate_size_for``, or the disk is too small or too large.
        """
        units, mib = fargate_size_for(cpu=cpu, memory_mib=memory_mib, sidecars=sidecars)
        return FargateSize(
            cpu=units,
            memory_mib=mib,
            architecture=architecture,
            ephemeral_storage_gib=ephemeral_storage_gib,
        )

    def of_task(self) -> dict[str, Any]:
        """The task definition's part of it. Fargate takes both as text."""
        found: dict[str, Any] = {
            "RequiresCompatibilities": ["FARGATE"],
            "Cpu": as_text(self.cpu),
            "Memory": as_text(self.memory_mib),
        }
        if self.ephemeral_storage_gib is not None:
            found["EphemeralStorage"] = ecs.EphemeralStorage(SizeInGiB=self.ephemeral_storage_gib)
        return found

    def of_container(self) -> dict[str, Any]:
        """The container's part of it: all of the task is its own."""
        return {}


def fargate_size_for(
    *, cpu: int, memory_mib: int, sidecars: Iterable[Sidecar] = ()
) -> tuple[int, int]:
    """CPU units and MiB of the cheapest size that holds the application and its *sidecars*.

    It has the fewest CPU units that hold them, and of those sizes the least memory. What is left
    over is the application's. Fargate itself needs nothing of it; ECS's own proxy of Service
    Connect does, and is none of *sidecars*: AWS advises to add 256 units and 64 MiB. Both are plain
    numbers, for ``eb.param(default=…, ge=…)`` of ``task_cpu`` and ``task_max_memory``.

    Args:
        cpu: CPU units that the application needs; a vCPU has 1024.
        memory_mib: memory that the application needs, in MiB.
        sidecars: the same as the task's; each says its ``cpu`` and ``memory_mib`` itself.

    Raises:
        BlockError: no size is so large, or a need is too small, no whole number, or a token.

    Source: Amazon ECS Developer Guide, "Choosing Fargate task sizes", "Service Connect".
    """
    beside = tuple(sidecars)
    units: dict[str, Value[int]] = {"cpu": cpu}
    units |= {f"cpu of {one.name}": one.cpu for one in beside}
    mib: dict[str, Value[int]] = {"memory_mib": memory_mib}
    mib |= {f"memory_mib of {one.name}": one.memory_mib for one in beside}
    needs = known(*units.values()), known(*mib.values())
    if needs[0] is None or needs[1] is None:
        later = [name for name, need in (units | mib).items() if isinstance(need, Token)]
        raise BlockError(
            f"no size can be chosen here: only CloudFormation knows {', '.join(later)}; "
            "give numbers, or write TaskCpu and TaskMaxMemory in environment.yaml"
        )
    _check_needs(cpu, memory_mib)
    found = smallest_size(sum(needs[0]), sum(needs[1]))
    if found is None:
        raise BlockError(
            f"the containers need {sum(needs[0])} CPU units and {sum(needs[1])} MiB together; "
            f"Fargate's largest size is {LARGEST[0]} CPU units and {LARGEST[1]} MiB"
        )
    return found


def _check_needs(cpu: Any, memory_mib: Any) -> None:
    """Refuse numbers that are no CPU units or MiB; a few units are meant as vCPU."""
    for name, need, unit in (("cpu", cpu, "CPU units"), ("memory_mib", memory_mib, "MiB")):
        is_number = isinstance(need, int | float) and not isinstance(need, bool)
        if name == "cpu" and is_number and 0 < need < _LEAST_UNITS:
            raise BlockError(f"cpu is {need}: CPU units? {need} vCPU are {need * VCPU:g}")
        if not is_number or isinstance(need, float):
            raise BlockError(f"{name} is {need!r}; it is a whole number of {unit}")
    check_at_least("cpu", cpu, 0)
    check_at_least("memory_mib", memory_mib, MIN_MEMORY_MIB)


TaskSize = Ec2Size | FargateSize
