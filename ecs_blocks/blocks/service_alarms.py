"""The alarms of one service. They exist in every environment; whether they notify is a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ecs_blocks.blocks.alarms import ALB, INSIGHTS, Alarm, Calculation, Metric, Notify
from ecs_blocks.blocks.balancer_alarms import balancer_errors, rejected_connections
from ecs_blocks.blocks.scaling import CountsRequests, memory_of_limit
from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.blocks.task import TaskHandle
from ecs_blocks.blocks.task_size import Ec2Size
from ecs_blocks.blocks.thresholds import TaskThresholds, Thresholds
from ecs_blocks.values import Value, get_att

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.templates.stack import Scope


class TaskAlarms(Struct, frozen=True, kw_only=True):
    """The three alarms of any service: short of CPU, short of memory, fewer tasks than wanted.

    Attributes:
        service: what they watch.
        task: for what its memory relates to.
        notify: whom they tell.
        thresholds: where they ring.

    How many tasks run is counted by Container Insights: the cluster has to have them on.
    """

    service: ServiceHandle
    task: TaskHandle
    notify: Notify
    thresholds: TaskThresholds = field(default_factory=TaskThresholds)

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add the alarms, and return them."""
        return tuple(scope.build(alarm) for alarm in self.alarms())

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms as data."""
        return (*self.busy(), self.running())

    def busy(self) -> tuple[Alarm, Alarm]:
        """CPU and memory."""
        limits = self.thresholds
        return (
            Alarm(
                suffix="Cpu",
                description="the tasks are short of CPU; raise TaskCpu or ServiceMaxCount",
                watches=self.service.metric("CPUUtilization"),
                above=limits.cpu_percent,
                notify=self.notify,
            ),
            Alarm(
                suffix="Memory",
                description="the tasks come close to their hard memory limit; raise TaskMaxMemory",
                watches=self._memory(),
                above=limits.memory_percent,
                notify=self.notify,
            ),
        )

    def running(self) -> Alarm:
        """Fewer tasks than should."""
        ecs = service_dimensions(self.service)
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

    def _memory(self) -> Metric | Calculation:
        metric = self.service.metric("MemoryUtilization")
        if not isinstance(self.task.size, Ec2Size):
            return metric
        return Calculation(
            expression=memory_of_limit("utilization", self.task.size, self.task.sidecars.values()),
            label="memory, in percent of the hard limit",
            metrics={"utilization": metric},
        )


class ServiceAlarms(Struct, frozen=True, kw_only=True):
    """The ten alarms of a service behind a balancer; eight, where it shares the balancer.

    Attributes:
        service: what they watch.
        task: for what its memory relates to.
        balancer: counts requests, errors and time.
        target_group: knows which tasks are healthy.
        notify: whom they tell.
        thresholds: where they ring.
        by_the_clock: whether a schedule may stop the service, which is no alarm then.
        shares_balancer: whether other services have the balancer too. What it does itself is
            nobody's fault in particular then, and rings with its owner.

    A service without any task has no metrics, so that it is down shows by what is missing: one
    that is stopped on purpose rings once, unless ``AlarmsEnabled`` is false.
    """

    service: ServiceHandle
    task: TaskHandle
    balancer: CountsRequests
    target_group: Any
    notify: Notify
    thresholds: Thresholds = field(default_factory=Thresholds)
    by_the_clock: bool = False
    shares_balancer: bool = False

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add the alarms, and return them."""
        return tuple(scope.build(alarm) for alarm in self.alarms())

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms as data."""
        limits, notify = self.thresholds, self.notify
        tasks = TaskAlarms(service=self.service, task=self.task, notify=notify, thresholds=limits)
        targets = self._dimensions(self.target_group)
        own = () if self.shares_balancer else self._of_balancer()
        return (
            *tasks.busy(),
            *self._errors(targets),
            *own,
            Alarm(
                suffix="UnhealthyHosts",
                description="a task fails its health check",
                watches=_metric("UnHealthyHostCount", "Maximum", targets),
                above=0,
                notify=notify,
            ),
            Alarm(
                suffix="ResponseTime",
                description="one of twenty requests takes longer than this many seconds",
                watches=_metric("TargetResponseTime", "p95", targets),
                above=limits.response_time_s,
                notify=notify,
            ),
            tasks.running(),
            no_healthy_host(
                _metric("HealthyHostCount", "Maximum", targets),
                self.service,
                notify,
                by_the_clock=self.by_the_clock,
            ),
        )

    def of_endpoint(self, name: str, target_group: Any) -> tuple[Alarm, ...]:
        """What a further endpoint has of its own: its errors, and whether tasks are well there."""
        targets = self._dimensions(target_group)
        return (
            *self._errors(targets, name),
            Alarm(
                suffix=f"{name}UnhealthyHosts",
                description=f"a task fails the health check of the endpoint {name}",
                watches=_metric("UnHealthyHostCount", "Maximum", targets),
                above=0,
                notify=self.notify,
            ),
        )

    def _dimensions(self, target_group: Any) -> Mapping[str, Value[str]]:
        return {
            "TargetGroup": get_att(target_group, "TargetGroupFullName"),
            "LoadBalancer": self.balancer.full_name,
        }

    def _errors(self, targets: Mapping[str, Value[str]], endpoint: str = "") -> tuple[Alarm, Alarm]:
        """Of one target group: what its tasks answer, and whether they can be reached at all."""
        where = f" at the endpoint {endpoint}" if endpoint else ""
        hint = "" if endpoint else "; look into its log group"
        return (
            Alarm(
                suffix=f"{endpoint}TargetErrors",
                description=f"the application answers with 5xx{where}{hint}",
                watches=_metric("HTTPCode_Target_5XX_Count", "Sum", targets),
                above=self.thresholds.target_5xx,
                notify=self.notify,
                minutes=2,
            ),
            Alarm(
                suffix=f"{endpoint}TargetConnectionErrors",
                description=f"the load balancer cannot connect to a task{where}: it has ended, "
                "does not listen, or takes no more connections",
                watches=_metric("TargetConnectionErrorCount", "Sum", targets),
                above=self.thresholds.target_connection_errors,
                notify=self.notify,
                minutes=2,
            ),
        )

    def _of_balancer(self) -> tuple[Alarm, Alarm]:
        """What a balancer of its own does itself."""
        return (
            balancer_errors(
                self.balancer.full_name,
                self.notify,
                above=self.thresholds.balancer_5xx,
                description="the load balancer itself answers with 5xx: no healthy task, or a "
                "task that closes connections",
            ),
            rejected_connections(
                self.balancer.full_name, self.notify, above=self.thresholds.rejected_connections
            ),
        )


def _metric(name: str, statistic: str, dimensions: Mapping[str, Value[str]]) -> Metric:
    return Metric(namespace=ALB, name=name, statistic=statistic, dimensions=dimensions)


def no_healthy_host(
    healthy: Metric, service: ServiceHandle, notify: Notify, *, by_the_clock: bool
) -> Alarm:
    """The alarm of a service that is down.

    Without any registered target the balancer says nothing at all: that too is down. So the alarm
    is made after the service: before, it would ring in every first deploy until the first task is
    healthy. Where a schedule stops the service (*by_the_clock*), it is down only while tasks are
    wanted, which Container Insights knows.
    """
    metrics = {"healthy": healthy}
    expression, missing, after = "IF(healthy < 1, 1, 0)", "breaching", service.resource
    if by_the_clock:
        metrics["desired"] = Metric(
            namespace=INSIGHTS,
            name="DesiredTaskCount",
            statistic="Minimum",
            dimensions=service_dimensions(service),
        )
        expression = "IF(FILL(desired, 0) > 0, IF(FILL(healthy, 0) < 1, 1, 0), 0)"
        # the dimensions name the service: the alarm follows it by itself
        missing, after = "notBreaching", None
    return Alarm(
        suffix="NoHealthyHost",
        description="the service is down: no task is healthy",
        watches=Calculation(
            expression=expression, label="1 while the service is down", metrics=metrics
        ),
        above=0,
        notify=notify,
        minutes=3,
        missing=missing,
        after=after,
    )
