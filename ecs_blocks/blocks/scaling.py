"""How many tasks run: by CPU and memory, by requests, by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from troposphere import applicationautoscaling as aas

from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.blocks.task import TaskHandle
from ecs_blocks.blocks.task_size import Ec2Size
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Value, get_att, known, ref, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.templates.stack import Scope


class ScheduledCount(Struct, frozen=True, kw_only=True):
    """Other bounds from a time on: off at night, more before the rush.

    Attributes:
        name: of the action, once in a service: ``Night``.
        schedule: ``cron(0 20 ? * MON-FRI *)``, with six fields, or ``at(…)``.
        min_count: at least this many from then on.
        max_count: at most this many; with *min_count* 0 and this 0 the service is off.
        time_zone: of the schedule: ``Asia/Tokyo``.

    Bounds stay until the next action: one that switches off needs one that switches on. A deploy
    does not undo them, unless it changes the bounds of the service itself.
    """

    name: str
    schedule: Value[str]
    min_count: Value[int]
    max_count: Value[int]
    time_zone: Value[str] = "UTC"

    def __post_init__(self) -> None:
        check_bounds(self.min_count, self.max_count)

    def resource(self) -> Any:
        """As the scalable target has it."""
        return aas.ScheduledAction(
            ScheduledActionName=self.name,
            Schedule=self.schedule,
            Timezone=self.time_zone,
            ScalableTargetAction=aas.ScalableTargetAction(
                MinCapacity=self.min_count, MaxCapacity=self.max_count
            ),
        )


class UtilizationTargets(Struct, frozen=True, kw_only=True):
    """Between how many tasks, and how busy each of them may be.

    Attributes:
        min_count: at least this many; 0 stops the service, once its first task has run: ECS
            starts one of every new service.
        max_count: at most this many; the same as *min_count* switches scaling off.
        cpu_percent: average CPU to aim for, of what the tasks reserve.
        memory_percent: average memory to aim for, of the hard limit.
        schedule: other bounds at certain times.
    """

    min_count: Value[int]
    max_count: Value[int]
    cpu_percent: Value[int] = 70
    memory_percent: Value[int] = 80
    schedule: tuple[ScheduledCount, ...] = ()

    def __post_init__(self) -> None:
        check_bounds(self.min_count, self.max_count)


class ScalingTargets(UtilizationTargets, frozen=True, kw_only=True):
    """Between how many tasks, and what to aim for, behind a load balancer.

    Attributes:
        min_count: at least this many; 0 stops the service.
        max_count: at most this many; the same as *min_count* switches scaling off.
        cpu_percent: average CPU to aim for, of what the tasks reserve.
        memory_percent: average memory to aim for, of the hard limit.
        schedule: other bounds at certain times.
        requests_per_minute: requests to aim for, of each task.
    """

    requests_per_minute: Value[int] = 6000


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
        target = scalable_target(
            scope, self.service, aims.min_count, aims.max_count, schedule=aims.schedule
        )
        rows = (
            ("Cpu", aims.cpu_percent, predefined("ECSServiceAverageCPUUtilization")),
            ("Memory", aims.memory_percent, self._memory()),
        )
        policies = tuple(track(scope, target, kind, aim, metric) for kind, aim, metric in rows)
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
        requests = track(scope, base.target, "Requests", self.targets.requests_per_minute, metric)
        return ScalingHandle(target=base.target, policies=(*base.policies, requests))


def check_bounds(least: Value[int], most: Value[int]) -> None:
    """Refuse bounds that do not go together.

    Raises:
        BlockError: the least is more than the most.
    """
    if (both := known(least, most)) and both[0] > both[1]:
        raise BlockError(f"at least {both[0]} tasks are more than at most {both[1]}")


def scalable_target(
    scope: Scope,
    service: ServiceHandle,
    least: Value[int],
    most: Value[int],
    *,
    schedule: tuple[ScheduledCount, ...] = (),
) -> Any:
    """Add what says between how many tasks *service* scales. Its least lifts a new one (trap 1)."""
    target = aas.ScalableTarget(
        scope.id("ScalableTarget"),
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
        ResourceId=text("service/", service.cluster_name, "/", service.name),
        MinCapacity=least,
        MaxCapacity=most,
    )
    if schedule:
        target.ScheduledActions = [one.resource() for one in schedule]
    return scope.add(target)


def track(
    scope: Scope,
    target: Any,
    kind: str,
    aim: Value[float],
    metric: dict[str, Any],
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
                    TargetValue=aim, ScaleOutCooldown=60, ScaleInCooldown=300, **metric
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
