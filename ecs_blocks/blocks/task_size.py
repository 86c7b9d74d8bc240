"""How much CPU and memory a task has, on instances and on Fargate."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.fargate import size_problem
from ecs_blocks.values import Value, as_text, known

Architecture = Literal["X86_64", "ARM64"]

MIN_MEMORY_MIB: Final = 6
"""Docker takes no less (Amazon ECS API Reference, ``ContainerDefinition``)."""


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


TaskSize = Ec2Size | FargateSize
