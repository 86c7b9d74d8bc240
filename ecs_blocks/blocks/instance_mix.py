"""Which types of EC2 instances, where more than one will do, and which share of them is Spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import autoscaling, ecs

from ecs_blocks.blocks.instance_architecture import architecture_of_type
from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.blocks.task_size import Architecture
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, known

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TYPES: Final = 40
"""Overrides of one group (Amazon EC2 Auto Scaling User Guide, "Quotas")."""

_MAKERS: Final[dict[str, Sequence[str]]] = {
    "X86_64": ("intel", "amd"),
    "ARM64": ("amazon-web-services",),
}

SpotStrategy = Literal["price-capacity-optimized", "capacity-optimized"]


class InstanceRequirements(Struct, frozen=True, kw_only=True):
    """What an instance has to be like; AWS chooses among all current types that are.

    Attributes:
        vcpu_min: virtual CPUs at least.
        vcpu_max: virtual CPUs at most.
        memory_min_mib: MiB of memory at least.
        memory_max_mib: MiB of memory at most.
        architecture: ``ARM64`` is Graviton; it has to fit the image of the instances.

    Burstable types (t3, t4g) and bare metal are none of them.
    """

    vcpu_min: Value[int]
    vcpu_max: Value[int]
    memory_min_mib: Value[int]
    memory_max_mib: Value[int]
    architecture: Architecture = "X86_64"

    def __post_init__(self) -> None:
        for name in ("vcpu_min", "vcpu_max", "memory_min_mib", "memory_max_mib"):
            check_at_least(name, getattr(self, name), 1)
        for word, low, high in (
            ("vcpu", self.vcpu_min, self.vcpu_max),
            ("memory", self.memory_min_mib, self.memory_max_mib),
        ):
            if (pair := known(low, high)) and pair[0] > pair[1]:
                raise BlockError(f"{word}: at least {pair[0]} is more than at most {pair[1]}")

    def of_group(self) -> Any:
        """As an Auto Scaling group has it."""
        return autoscaling.InstanceRequirements(
            VCpuCount=autoscaling.VCpuCountRequest(Min=self.vcpu_min, Max=self.vcpu_max),
            MemoryMiB=autoscaling.MemoryMiBRequest(
                Min=self.memory_min_mib, Max=self.memory_max_mib
            ),
            **self._rest(),
        )

    def of_provider(self) -> Any:
        """As a capacity provider of Managed Instances has it."""
        return ecs.InstanceRequirementsRequest(
            VCpuCount=ecs.VCpuCountRangeRequest(Min=self.vcpu_min, Max=self.vcpu_max),
            MemoryMiB=ecs.MemoryMiBRequest(Min=self.memory_min_mib, Max=self.memory_max_mib),
            **self._rest(),
        )

    def _rest(self) -> dict[str, Any]:
        return {
            "CpuManufacturers": list(_MAKERS[self.architecture]),
            "InstanceGenerations": ["current"],
            "BareMetal": "excluded",
            "BurstablePerformance": "excluded",
        }


class InstanceMix(Struct, frozen=True, kw_only=True):
    """Several types of instances in one group, on-demand and Spot.

    Attributes:
        types: ``("m7i.large", "m6i.large", "m7a.large")``, or ``InstanceRequirements``. They are
            of one architecture, for there is one image, and of about one size: ECS counts
            instances, and asks for so many more. The more types, the more rarely Spot has none,
            or takes one away.
        on_demand_base: so many instances are never on Spot.
        on_demand_percent: the share of on-demand beyond these; 0 is Spot alone.
        spot_strategy: where Spot comes from: by capacity and price (AWS's advice), or by capacity
            alone, which is interrupted least.

    What Spot takes away ECS drains first, within the two minutes of its notice; a container's
    ``stop_timeout_s`` stays below that.
    """

    types: tuple[str, ...] | InstanceRequirements
    on_demand_base: Value[int] = 1
    on_demand_percent: Value[int] = 0
    spot_strategy: SpotStrategy = "price-capacity-optimized"

    def __post_init__(self) -> None:
        check_at_least("on_demand_base", self.on_demand_base, 0)
        check_within("on_demand_percent", self.on_demand_percent, 0, 100)
        if isinstance(self.types, InstanceRequirements):
            return
        if not 1 <= len(self.types) <= MAX_TYPES:
            raise BlockError(f"{len(self.types)} types of instances; a group has 1 to {MAX_TYPES}")
        twice = sorted({one for one in self.types if self.types.count(one) > 1})
        if twice:
            raise BlockError(f"{', '.join(twice)}: the type is named twice")
        arm = [one for one in self.types if architecture_of_type(one) == "ARM64"]
        if 0 < len(arm) < len(self.types):
            raise BlockError(
                f"{', '.join(arm)}: Graviton beside other types; the image of the instances is of "
                "one architecture, and the others would never start"
            )

    def policy(self, template: Any) -> Any:
        """The group's ``MixedInstancesPolicy``; *template* is its launch template's version."""
        return autoscaling.MixedInstancesPolicy(
            LaunchTemplate=autoscaling.LaunchTemplate(
                LaunchTemplateSpecification=template, Overrides=self._overrides()
            ),
            InstancesDistribution=autoscaling.InstancesDistribution(
                OnDemandAllocationStrategy=(
                    "lowest-price"
                    if isinstance(self.types, InstanceRequirements)
                    else "prioritized"
                ),
                OnDemandBaseCapacity=self.on_demand_base,
                OnDemandPercentageAboveBaseCapacity=self.on_demand_percent,
                SpotAllocationStrategy=self.spot_strategy,
            ),
        )

    def _overrides(self) -> list[Any]:
        if isinstance(self.types, InstanceRequirements):
            return [autoscaling.LaunchTemplateOverrides(InstanceRequirements=self.types.of_group())]
        return [autoscaling.LaunchTemplateOverrides(InstanceType=one) for one in self.types]
