"""The alarms of one service. They exist in every environment; whether they notify is a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from troposphere import cloudwatch as cw

from ecs_blocks.blocks.scaling import memory_of_limit, service_dimensions
from ecs_blocks.blocks.task import Ec2Size
from ecs_blocks.values import STACK_NAME, get_att, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.load_balancer import BalancerHandle
    from ecs_blocks.blocks.service import ServiceHandle
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope
    from ecs_blocks.values import TopicArn, Value

ECS: Final = "AWS/ECS"
ALB: Final = "AWS/ApplicationELB"
INSIGHTS: Final = "ECS/ContainerInsights"


@dataclass(frozen=True, kw_only=True)
class Notify:
    """Whom an alarm tells, and whether it does.

    Attributes:
        topic_arn: the SNS topic.
        enabled: False keeps the alarm, and keeps it quiet.
    """

    topic_arn: Value[TopicArn]
    enabled: Value[bool] = True


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric over a minute: its statistic is ``Sum``, ``Average``, … or ``p95``."""

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, Value[str]]
    period_s: int = 60

    def simple(self) -> dict[str, Any]:
        """As the properties of an alarm that watches just this metric."""
        percentile = self.statistic.startswith("p")
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "ExtendedStatistic" if percentile else "Statistic": self.statistic,
            "Dimensions": _dimensions(self.dimensions),
            "Period": self.period_s,
        }

    def query(self, id_: str) -> Any:
        """As one input of a calculation."""
        return cw.MetricDataQuery(
            Id=id_,
            ReturnData=False,
            MetricStat=cw.MetricStat(
                Metric=cw.Metric(
                    Namespace=self.namespace,
                    MetricName=self.name,
                    Dimensions=_dimensions(self.dimensions),
                ),
                Stat=self.statistic,
                Period=self.period_s,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """An expression over several metrics; ``label`` says in words what it is."""

    expression: Value[str]
    label: str
    metrics: Mapping[str, Metric]

    def simple(self) -> dict[str, Any]:
        """As the properties of an alarm."""
        result = cw.MetricDataQuery(
            Id="result", Expression=self.expression, Label=self.label, ReturnData=True
        )
        return {"Metrics": [*(m.query(id_) for id_, m in self.metrics.items()), result]}


def _dimensions(dimensions: Mapping[str, Value[str]]) -> list[Any]:
    return [cw.MetricDimension(Name=name, Value=value) for name, value in dimensions.items()]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One CloudWatch alarm that tells a topic when it rings and when it is over.

    Attributes:
        suffix: of the logical id (``CpuAlarm``) and of the name (``hoge-prod-cpu``).
        description: what is wrong when it rings, and what to look at.
        watches: a metric or a calculation.
        above: it rings when the value is higher than this.
        notify: whom it tells.
        minutes: for this many of the last minutes; one alone is often a blip.
        missing: what no data means; most of these metrics are silent while all is well.
    """

    suffix: str
    description: str
    watches: Metric | Calculation
    above: Value[float]
    notify: Notify
    minutes: int = 5
    missing: str = "notBreaching"

    def build(self, scope: Scope) -> Any:
        """Add the alarm, and return it (a ``troposphere.cloudwatch.Alarm``)."""
        words = "".join(f"-{c.lower()}" if c.isupper() else c for c in self.suffix)
        return scope.add(
            cw.Alarm(
                scope.id(f"{self.suffix}Alarm"),
                AlarmName=text(STACK_NAME, words),
                AlarmDescription=self.description,
                **self.watches.simple(),
                ComparisonOperator="GreaterThanThreshold",
                Threshold=self.above,
                EvaluationPeriods=self.minutes,
                DatapointsToAlarm=self.minutes,
                TreatMissingData=self.missing,
                ActionsEnabled=self.notify.enabled,
                AlarmActions=[self.notify.topic_arn],
                OKActions=[self.notify.topic_arn],
            )
        )


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Where the alarms of a service ring.

    Attributes:
        cpu_percent: average CPU, of what the tasks reserve.
        memory_percent: average memory, of the hard limit.
        target_5xx: answers 5xx of the application in a minute.
        balancer_5xx: answers 5xx of the load balancer itself in a minute.
        response_time_s: what 95 of 100 requests stay below.
    """

    cpu_percent: Value[int] = 85
    memory_percent: Value[int] = 85
    target_5xx: Value[int] = 10
    balancer_5xx: Value[int] = 10
    response_time_s: Value[float] = 1.0


@dataclass(frozen=True, kw_only=True)
class ServiceAlarms:
    """The eight alarms of a service behind a balancer.

    Attributes:
        service: what they watch.
        task: for what its memory relates to.
        balancer: counts requests, errors and time.
        target_group: knows which tasks are healthy.
        notify: whom they tell.
        thresholds: where they ring.

    A service that is stopped on purpose (0 tasks) is quiet.
    """

    service: ServiceHandle
    task: TaskHandle
    balancer: BalancerHandle
    target_group: Any
    notify: Notify
    thresholds: Thresholds = field(default_factory=Thresholds)

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add the alarms, and return them."""
        return tuple(scope.build(alarm) for alarm in self.alarms())

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms as data."""
        limits, notify = self.thresholds, self.notify
        ecs = service_dimensions(self.service)
        alb = {"LoadBalancer": self.balancer.full_name}
        both = {"TargetGroup": get_att(self.target_group, "TargetGroupFullName"), **alb}
        return (
            Alarm(
                suffix="Cpu",
                description="the tasks are short of CPU; raise TaskCpu or ServiceMaxCount",
                watches=Metric(
                    namespace=ECS, name="CPUUtilization", statistic="Average", dimensions=ecs
                ),
                above=limits.cpu_percent,
                notify=notify,
            ),
            Alarm(
                suffix="Memory",
                description="the tasks come close to their hard memory limit; raise TaskMaxMemory",
                watches=self._memory(ecs),
                above=limits.memory_percent,
                notify=notify,
            ),
            Alarm(
                suffix="TargetErrors",
                description="the application answers with 5xx; look into its log group",
                watches=Metric(
                    namespace=ALB,
                    name="HTTPCode_Target_5XX_Count",
                    statistic="Sum",
                    dimensions=both,
                ),
                above=limits.target_5xx,
                notify=notify,
                minutes=2,
            ),
            Alarm(
                suffix="BalancerErrors",
                description="the load balancer itself answers with 5xx: no healthy task, or a "
                "task that closes connections",
                watches=Metric(
                    namespace=ALB, name="HTTPCode_ELB_5XX_Count", statistic="Sum", dimensions=alb
                ),
                above=limits.balancer_5xx,
                notify=notify,
                minutes=2,
            ),
            Alarm(
                suffix="UnhealthyHosts",
                description="a task fails its health check",
                watches=Metric(
                    namespace=ALB, name="UnHealthyHostCount", statistic="Maximum", dimensions=both
                ),
                above=0,
                notify=notify,
            ),
            Alarm(
                suffix="ResponseTime",
                description="one of twenty requests takes longer than this many seconds",
                watches=Metric(
                    namespace=ALB, name="TargetResponseTime", statistic="p95", dimensions=both
                ),
                above=limits.response_time_s,
                notify=notify,
            ),
            self._running(ecs),
            self._no_healthy_host(ecs, both),
        )

    def _memory(self, ecs: Mapping[str, Value[str]]) -> Metric | Calculation:
        metric = Metric(
            namespace=ECS, name="MemoryUtilization", statistic="Average", dimensions=ecs
        )
        if not isinstance(self.task.size, Ec2Size):
            return metric
        return Calculation(
            expression=memory_of_limit("utilization", self.task.size),
            label="memory, in percent of the hard limit",
            metrics={"utilization": metric},
        )

    def _running(self, ecs: Mapping[str, Value[str]]) -> Alarm:
        desired, running = (
            Metric(namespace=INSIGHTS, name=name, statistic="Average", dimensions=ecs)
            for name in ("DesiredTaskCount", "RunningTaskCount")
        )
        return Alarm(
            suffix="RunningBelowDesired",
            description="fewer tasks run than should: they fail to start, or find no capacity",
            watches=Calculation(
                expression="desired - running",
                label="tasks missing",
                metrics={"desired": desired, "running": running},
            ),
            above=0,
            notify=self.notify,
            minutes=10,
        )

    def _no_healthy_host(
        self, ecs: Mapping[str, Value[str]], both: Mapping[str, Value[str]]
    ) -> Alarm:
        return Alarm(
            suffix="NoHealthyHost",
            description="the service is down: tasks should run, and none is healthy",
            watches=Calculation(
                # without any registered target the balancer says nothing at all: that is none
                expression="IF(desired > 0 AND FILL(healthy, 0) < 1, 1, 0)",
                label="1 while the service is down",
                metrics={
                    "desired": Metric(
                        namespace=INSIGHTS,
                        name="DesiredTaskCount",
                        statistic="Average",
                        dimensions=ecs,
                    ),
                    "healthy": Metric(
                        namespace=ALB,
                        name="HealthyHostCount",
                        statistic="Maximum",
                        dimensions=both,
                    ),
                },
            ),
            above=0,
            notify=self.notify,
            minutes=2,
        )
