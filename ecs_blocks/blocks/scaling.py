"""How many tasks run: by CPU and memory, by requests, by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from troposphere import applicationautoscaling as aas

from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.blocks.task import TaskHandle
from ecs_blocks.blocks.task_counts import TaskCounts
from ecs_blocks.blocks.task_size import Ec2Size
from ecs_blocks.values import STACK_NAME, Value, get_att, ref, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.blocks.cooldowns import Cooldowns
    from ecs_blocks.templates.stack import Scope


class UtilizationTargets(TaskCounts, frozen=True, kw_only=True):
    """Between how many tasks, and how busy each of them may be.

    It takes all of ``TaskCounts`` too.

    Attributes:
        min_count: at least this many; 0 stops the service, once its first task has run: ECS
            starts one of every new service.
        max_count: at most this many; the same as *min_count* switches scaling off.
        cpu_percent: average CPU to aim for, of what the tasks reserve.
        memory_percent: average memory to aim for, of the hard limit.
    """

    cpu_percent: Value[int] = 70
    memory_percent: Value[int] = 80

    def __post_init__(self) -> None:
        super().__post_init__()
        check_at_least("cpu_percent", self.cpu_percent, 1)
        check_at_least("memory_percent", self.memory_percent, 1)


class ScalingTargets(UtilizationTargets, frozen=True, kw_only=True):
    """Between how many tasks, and what to aim for, behind a load balancer.

    It takes all of ``UtilizationTargets`` too.

    Attributes:
        requests_per_minute: requests to aim for, of each task.
    """

    requests_per_minute: Value[int] = 6000

    def __post_init__(self) -> None:
        super().__post_init__()
        check_at_least("requests_per_minute", self.requests_per_minute, 1)


class ScalingHandle(Struct, frozen=True, kw_only=True):
    """The target and its policies."""

    target: Any
    policies: tuple[Any, ...]


class UtilizationScaling(Struct, frozen=True, kw_only=True):
    """Target tracking of CPU and memory. It is always there, so that values can switch it.

    Attributes:
        service: what scales.
        task: its task, for what its memory relates to.
        targets: what to aim for.

    Out after a minute, in after five: leaving too early costs more than staying.
    """

    service: ServiceHandle
    task: TaskHandle
    targets: UtilizationTargets

    def build(self, scope: Scope) -> ScalingHandle:
        """Add the scalable target and its two policies."""
        aims = self.targets
        target = scalable_target(scope, self.service, aims)
        rows = (
            ("Cpu", aims.cpu_percent, predefined("ECSServiceAverageCPUUtilization")),
            ("Memory", aims.memory_percent, self._memory()),
        )
        policies = tuple(
            track(scope, target, kind, aim, metric, cooldowns=aims.cooldowns)
            for kind, aim, metric in rows
        )
        return ScalingHandle(target=target, policies=policies)

    def _memory(self) -> dict[str, Any]:
        if not isinstance(self.task.size, Ec2Size):
            return predefined("ECSServiceAverageMemoryUtilization")
        return calculated(
            "memory",
            memory_of_limit("utilization", self.task.size, self.task.sidecars.values()),
            "memory, in percent of the hard limit",
            utilization=("AWS/ECS", "MemoryUtilization", service_dimensions(self.service)),
        )


class CountsRequests(Protocol):
    """A load balancer as scaling and alarms need it: what CloudWatch calls it."""

    @property
    def full_name(self) -> Value[str]:
        """``app/name/0123456789abcdef``."""
        ...


class Scaling(Struct, frozen=True, kw_only=True):
    """Target tracking for one service behind a load balancer: CPU, memory and requests.

    Attributes:
        service: what scales.
        task: its task, for what its memory relates to.
        balancer: counts the requests.
        target_group: gets them.
        targets: what to aim for.

    Out after a minute, in after five: leaving too early costs more than staying.
    """

    service: ServiceHandle
    task: TaskHandle
    balancer: CountsRequests
    target_group: Any
    targets: ScalingTargets

    def build(self, scope: Scope) -> ScalingHandle:
        """Add the scalable target and its three policies."""
        base = scope.build(
            UtilizationScaling(service=self.service, task=self.task, targets=self.targets)
        )
        metric = predefined(
            "ALBRequestCountPerTarget",
            text(self.balancer.full_name, "/", get_att(self.target_group, "TargetGroupFullName")),
        )
        aims = self.targets
        requests = track(
            scope,
            base.target,
            "Requests",
            aims.requests_per_minute,
            metric,
            cooldowns=aims.cooldowns,
        )
        return ScalingHandle(target=base.target, policies=(*base.policies, requests))


def scalable_target(scope: Scope, service: ServiceHandle, counts: TaskCounts) -> Any:
    """Add what says between how many tasks *service* scales. Its least lifts a new one (trap 1).

    No schedule is said to be none: an action that stayed would stop the service at night (trap 9).
    So is that nothing is suspended: scaling that stayed off would be missed at the next rush.
    """
    target = aas.ScalableTarget(
        scope.id("ScalableTarget"),
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
        ResourceId=text("service/", service.cluster_name, "/", service.name),
        MinCapacity=counts.min_count,
        MaxCapacity=counts.max_count,
        ScheduledActions=[one.resource() for one in counts.schedule],
        SuspendedState=aas.SuspendedState(
            DynamicScalingInSuspended=counts.suspended,
            DynamicScalingOutSuspended=counts.suspended,
            ScheduledScalingSuspended=counts.suspended,
        ),
    )
    return scope.add(target)


def track(
    scope: Scope,
    target: Any,
    kind: str,
    aim: Value[float],
    metric: dict[str, Any],
    *,
    cooldowns: Cooldowns,
) -> Any:
    """Add a policy that keeps *metric* near *aim*; *kind* is in its id and its name."""
    return scope.add(
        aas.ScalingPolicy(
            scope.id(f"{kind}Scaling"),
            PolicyName=text(STACK_NAME, f"-{kind.lower()}"),
            PolicyType="TargetTrackingScaling",
            ScalingTargetId=ref(target.title),
            TargetTrackingScalingPolicyConfiguration=(
                aas.TargetTrackingScalingPolicyConfiguration(
                    TargetValue=aim,
                    ScaleOutCooldown=cooldowns.out_s,
                    ScaleInCooldown=cooldowns.in_s,
                    **metric,
                )
            ),
        )
    )


def memory_of_limit(utilization: str, size: Ec2Size, sidecars: Iterable[Any]) -> Value[str]:
    """The expression for memory as a share of the hard limit; *sidecars* are definitions.

    On instances CloudWatch gives the share of the *reservation*: 990 MiB used of 512 reserved
    read 193 %. It counts all containers of a task; of a sidecar both are its limit.
    """
    beside = [part for one in sidecars for part in (" + ", one.Memory)]
    soft, hard = size.memory_reservation_mib, size.memory_mib
    if not beside:
        return text(f"{utilization} * ", soft, " / ", hard)
    return text(f"{utilization} * (", soft, *beside, ") / (", hard, *beside, ")")


def predefined(kind: str, label: Value[str] | None = None) -> dict[str, Any]:
    """A metric that Application Auto Scaling knows by name."""
    metric = aas.PredefinedMetricSpecification(PredefinedMetricType=kind)
    if label is not None:
        metric.ResourceLabel = label
    return {"PredefinedMetricSpecification": metric}


def calculated(
    result_id: str,
    expression: Value[str],
    label: str,
    **metrics: tuple[str, str, Mapping[str, Value[str]]],
) -> dict[str, Any]:
    """A metric that is calculated from others, each a namespace, a name and dimensions."""
    inputs = [
        aas.TargetTrackingMetricDataQuery(
            Id=id_,
            MetricStat=aas.TargetTrackingMetricStat(
                Metric=aas.TargetTrackingMetric(
                    Namespace=namespace,
                    MetricName=name,
                    Dimensions=[
                        aas.TargetTrackingMetricDimension(Name=key, Value=value)
                        for key, value in dimensions.items()
                    ],
                ),
                Stat="Average",
            ),
            ReturnData=False,
        )
        for id_, (namespace, name, dimensions) in metrics.items()
    ]
    result = aas.TargetTrackingMetricDataQuery(
        Id=result_id, Expression=expression, Label=label, ReturnData=True
    )
    return {
        "CustomizedMetricSpecification": aas.CustomizedMetricSpecification(
            Metrics=[*inputs, result]
        )
    }
