"""What deployments are described with: when one has failed, what it watches, where it is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.alarms import alarm_name
from ecs_blocks.blocks.limits import check_at_least, check_port
from ecs_blocks.blocks.security_group import Peer
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import nearest
from ecs_blocks.values import Token, Value

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MAX_ALARM_NAME: Final = 255
"""Source: Amazon CloudWatch API Reference, PutMetricAlarm."""
WATCHED: Final = ("TargetErrors", "TargetConnectionErrors", "BalancerErrors", "ResponseTime")
"""Alarms of what callers notice, and a new version can cause.

CPU is none of them: a JVM that warms up is no failure. Nor is RejectedConnections: the balancer's
room is that of all its clients. Behind a shared balancer TargetConnectionErrors alone tells of a
version that nobody can connect to: its own 5xx are no service's alarm.
"""


class FailedTasks(Struct, frozen=True, kw_only=True):
    """A deployment has failed after so many tasks that did not get healthy.

    Attributes:
        count: so many.
        reset_on_healthy_task: whether a task that does get healthy starts the count anew; with
            False, tasks that come up and fall down again add up (trap 7).
    """

    count: Value[int]
    reset_on_healthy_task: Value[bool] = True

    def __post_init__(self) -> None:
        check_at_least("count", self.count, 1)

    def settings(self) -> dict[str, Any]:
        """Of the circuit breaker."""
        return _threshold("COUNT", self.count, self.reset_on_healthy_task)


class FailedShare(Struct, frozen=True, kw_only=True):
    """A deployment has failed after so many tasks, in percent of those that should run.

    Attributes:
        percent: of the service's desired count.
        bounded: whether it is 3 tasks at least and 200 at most, as with ECS's own rule.
        reset_on_healthy_task: whether a task that does get healthy starts the count anew.
    """

    percent: Value[int]
    bounded: bool = True
    reset_on_healthy_task: Value[bool] = True

    def __post_init__(self) -> None:
        check_at_least("percent", self.percent, 1)

    def settings(self) -> dict[str, Any]:
        """Of the circuit breaker."""
        kind = "BOUNDED_PERCENT" if self.bounded else "UNBOUNDED_PERCENT"
        return _threshold(kind, self.percent, self.reset_on_healthy_task)


Threshold = FailedTasks | FailedShare


def _threshold(kind: str, value: Value[int], reset: Value[bool]) -> dict[str, Any]:
    return {
        "ResetOnHealthyTask": reset,
        "ThresholdConfiguration": ecs.ThresholdConfiguration(Type=kind, Value=value),
    }


def breaker(threshold: Threshold | None) -> Any:
    """The circuit breaker: always on, and always back to what ran before (trap 6)."""
    settings = {} if threshold is None else threshold.settings()
    return ecs.DeploymentCircuitBreaker(Enable=True, Rollback=True, **settings)


class TestListener(Struct, frozen=True, kw_only=True):
    """A second HTTPS port of the balancer that leads to the new version while it is being tested.

    Attributes:
        ingress: who may connect: the machines that run the tests, and nobody else.
        port: of the listener; host name and certificate are those of production.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class called Test… for one of its own

    ingress: tuple[Peer, ...]
    port: int = 8443

    def __post_init__(self) -> None:
        if not self.ingress:
            raise BlockError("nobody may connect to the test listener; name a peer in ingress")
        check_port(self.port)
        if self.port in (80, 443):
            raise BlockError(f"port {self.port} cannot be the test listener's; take one like 8443")


class ExistingAlarm(Struct, frozen=True):
    """An alarm that is there already, of another stack or made by hand, by its full name.

    It is in the account and region of the service. A deployment that names one that does not exist
    never notices, so ``ecs-blocks deploy`` looks for it before it begins.
    """

    name: Value[str]

    def __post_init__(self) -> None:
        if not isinstance(self.name, Token) and not 1 <= len(self.name) <= MAX_ALARM_NAME:
            raise BlockError(
                f"an alarm's name has 1 to {MAX_ALARM_NAME} characters, not {len(self.name)}"
            )


AnyAlarm = str | ExistingAlarm
"""An alarm of the stack by its suffix (``TargetErrors``), or any other by its name."""


class Exposed(Struct, frozen=True, kw_only=True):
    """What a deployment works on: a service, its alarms, and what leads requests to it.

    Attributes:
        service: the ``troposphere.ecs.Service``.
        alarms: the ``troposphere.cloudwatch.Alarm`` of its stack that a deployment may watch.
        target_group: where the balancer sends to; None where there is no balancer.
        rules: the listener rules that feed it; traffic can be shifted with one of them.
        balancer: a load balancer of the service's own (its handle), which a test listener needs.
        policies: the scaling policies; one that counts requests has to see both target groups.
    """

    service: Any
    alarms: tuple[Any, ...] = ()
    target_group: Any = None
    rules: tuple[Any, ...] = ()
    balancer: Any = None
    policies: tuple[Any, ...] = ()


def watch(alarms: tuple[AnyAlarm, ...]) -> Any:
    """The deployment alarms; none is said to be none, or the old ones would stay (trap 9)."""
    names = [one.name if isinstance(one, ExistingAlarm) else alarm_name(one) for one in alarms]
    return ecs.DeploymentAlarms(AlarmNames=names, Enable=bool(names), Rollback=bool(names))


def follow(scope: Scope, alarms: tuple[AnyAlarm, ...], exposed: Exposed) -> None:
    """Hold the alarms that a deployment names against those that there are, and order them.

    They come after the service. ECS takes the name of an alarm that does not exist yet, and the
    first deployment, which has nothing to go back to, is not failed by an alarm that rings because
    no task is there (trap 23).

    Raises:
        BlockError: a name is none of the stack's.
    """
    there = _suffixes(scope, exposed)
    for name in alarms:
        if isinstance(name, ExistingAlarm):
            continue
        if name not in there:
            way = nearest(name, there) or (
                f"; there are: {', '.join(there) or 'none'}; one of another stack is "
                'eb.ExistingAlarm("its name")'
            )
            raise BlockError(f"the deployment watches the alarm {name}, which does not exist{way}")
        if not _names(there[name], exposed.service):
            there[name].DependsOn = [exposed.service.title]


def callers_notice(scope: Scope, exposed: Exposed) -> tuple[str, ...]:
    """Those of ``WATCHED`` that there are: a shared balancer's own errors are nobody's alarm."""
    there = _suffixes(scope, exposed)
    return tuple(name for name in WATCHED if name in there)


def _suffixes(scope: Scope, exposed: Exposed) -> dict[str, Any]:
    """The alarms by their suffix: what follows the block's id, and makes their name."""
    prefix = scope.id("X")[:-1]
    suffixes = {a.title.removeprefix(prefix).removesuffix("Alarm"): a for a in exposed.alarms}
    return {
        suffix: alarm
        for suffix, alarm in suffixes.items()
        if repr(alarm.properties["AlarmName"]) == repr(alarm_name(suffix))
    }


def _names(alarm: Any, service: Any) -> bool:
    """Whether a dimension of *alarm* is the service, so that it follows by itself."""
    return any(f"'{service.title}'" in repr(one.Value) for one in dimensions(alarm))


def dimensions(alarm: Any) -> list[Any]:
    """Every dimension of what an alarm watches."""
    found = list(alarm.properties.get("Dimensions", []))
    for query in alarm.properties.get("Metrics", []):
        if "MetricStat" in query.properties:
            found += query.MetricStat.Metric.properties.get("Dimensions", [])
    return found
