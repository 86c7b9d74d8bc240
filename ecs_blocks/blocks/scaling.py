"""How many tasks run: by CPU, by memory, by requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import applicationautoscaling as aas

from ecs_blocks.blocks.load_balancer import BalancerHandle
from ecs_blocks.blocks.service import ServiceHandle
from ecs_blocks.blocks.task import TaskHandle
from ecs_blocks.blocks.task_size import Ec2Size
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Token, Value, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class ScalingTargets(Struct, frozen=True, kw_only=True):
    """Between how many tasks, and what to aim for.

    Attributes:
        min_count: at least this many; 0 stops the service.
        max_count: at most this many; the same as *min_count* switches scaling off.
        cpu_percent: average CPU to aim for, of what the tasks reserve.
        memory_percent: average memory to aim for, of the hard limit.
        requests_per_minute: requests to aim for, of each task.
    """

    min_count: Value[int]
    max_count: Value[int]
    cpu_percent: Value[int] = 70
    memory_percent: Value[int] = 80
    requests_per_minute: Value[int] = 6000

    def __post_init__(self) -> None:
        low, high = self.min_count, self.max_count
        if not isinstance(low, Token) and not isinstance(high, Token) and low > high:
            raise BlockError(f"at least {low} tasks are more than at most {high}")


class ScalingHandle(Struct, frozen=True, kw_only=True):
    """The target and its policies."""

    target: Any
    policies: tuple[Any, ...]


class Scaling(Struct, frozen=True, kw_only=True):
    """Target tracking for one service. It is always there, so that it can be switched by values.

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
    balancer: BalancerHandle
    target_group: Any
    targets: ScalingTargets

    def build(self, scope: Scope) -> ScalingHandle:
        """Add the scalable target and its three policies."""
        name = self.service.name
        target = scope.add(
            aas.ScalableTarget(
                scope.id("ScalableTarget"),
                ServiceNamespace="ecs",
                ScalableDimension="ecs:service:DesiredCount",
                ResourceId=text("service/", self.service.cluster_name, "/", name),
                MinCapacity=self.targets.min_count,
                MaxCapacity=self.targets.max_count,
            )
        )
        cpu = _predefined("ECSServiceAverageCPUUtilization")
        requests = _predefined(
            "ALBRequestCountPerTarget",
            text(self.balancer.full_name, "/", get_att(self.target_group, "TargetGroupFullName")),
        )
        rows = (
            ("Cpu", self.targets.cpu_percent, cpu),
            ("Memory", self.targets.memory_percent, self._memory()),
            ("Requests", self.targets.requests_per_minute, requests),
        )
        policies = tuple(
            scope.add(
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
            for kind, aim, metric in rows
        )
        return ScalingHandle(target=target, policies=policies)

    def _memory(self) -> dict[str, Any]:
        if not isinstance(self.task.size, Ec2Size):
            return _predefined("ECSServiceAverageMemoryUtilization")
        metric = aas.TargetTrackingMetric(
            Namespace="AWS/ECS",
            MetricName="MemoryUtilization",
            Dimensions=[
                aas.TargetTrackingMetricDimension(Name=name, Value=value)
                for name, value in service_dimensions(self.service).items()
            ],
        )
        return {
            "CustomizedMetricSpecification": aas.CustomizedMetricSpecification(
                Metrics=[
                    aas.TargetTrackingMetricDataQuery(
                        Id="utilization",
                        MetricStat=aas.TargetTrackingMetricStat(Metric=metric, Stat="Average"),
                        ReturnData=False,
                    ),
                    aas.TargetTrackingMetricDataQuery(
                        Id="memory",
                        Expression=memory_of_limit("utilization", self.task.size),
                        Label="memory, in percent of the hard limit",
                        ReturnData=True,
                    ),
                ]
            )
        }


def service_dimensions(service: ServiceHandle) -> dict[str, Value[str]]:
    """The dimensions under which CloudWatch keeps a service's metrics."""
    return {"ClusterName": service.cluster_name, "ServiceName": service.name}


def memory_of_limit(utilization: str, size: Ec2Size) -> Value[str]:
    """The expression for memory as a share of the hard limit.

    On instances CloudWatch gives the share of the *reservation*: 990 MiB used of 512 reserved
    read 193 %.
    """
    return text(f"{utilization} * ", size.memory_reservation_mib, " / ", size.memory_mib)


def _predefined(kind: str, label: Value[str] | None = None) -> dict[str, Any]:
    metric = aas.PredefinedMetricSpecification(PredefinedMetricType=kind)
    if label is not None:
        metric.ResourceLabel = label
    return {"PredefinedMetricSpecification": metric}
