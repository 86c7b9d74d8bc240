"""How a service's tasks are replaced: a few at a time, or beside the old ones with a switch.

One choice of type: ``Rolling``, or one of the three that shift traffic (``BlueGreen``, ``Canary``,
``Linear``). These start the whole new version next to the old one and move requests by the weights
of the listener rule, which belong to ECS from then on (``ecs_blocks.blocks.traffic``).
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.deployment_hooks import Hook, lifecycle_hooks
from ecs_blocks.blocks.deployment_parts import (
    AnyAlarm,
    TestListener,
    Threshold,
    breaker,
    callers_notice,
    follow,
    watch,
)
from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.blocks.tried_by_header import TestHeader
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, known

if TYPE_CHECKING:
    from ecs_blocks.blocks.deployment_parts import Exposed
    from ecs_blocks.blocks.traffic import TrafficHandle
    from ecs_blocks.templates.stack import Scope

MAX_MINUTES: Final = 1440
MAX_TOTAL_MINUTES: Final = 33 * 60
"""CloudFormation refuses a longer deployment (``AWS::ECS::Service CanaryConfiguration``)."""


class Deployment(Protocol):
    """What a service asks of its deployment; ``Rolling``, ``BlueGreen``, ``Canary``, ``Linear``."""

    def configuration(self, scope: Scope) -> Any:
        """The service's ``DeploymentConfiguration``; what it needs of its own goes to *scope*."""
        ...

    def attach(self, scope: Scope, exposed: Exposed) -> TrafficHandle | None:
        """Finish what is built around the service, once all of it is there."""
        ...


class Rolling(Struct, frozen=True, kw_only=True):
    """Replace tasks some at a time; a deployment that fails is stopped and rolled back (trap 6).

    Attributes:
        minimum_healthy_percent: so many of the tasks keep running meanwhile.
        maximum_percent: so many may run at once; above 100 new tasks come before old ones go. It
            is rounded down: 150 of one task is one, and none can come. 100, with 0 that keep
            running, is for a program that must not run twice.
        threshold: after how many failed tasks it has failed; None is ECS's own rule, half of the
            tasks, but 3 to 200.
        alarms: alarms of the stack, by their suffix (``TargetErrors``), and others that there are
            (``ExistingAlarm``), that fail the deployment too when they ring. It then takes some
            minutes longer, for ECS waits for them.
        early_success_percent: it has succeeded when so many of the new tasks are healthy; the old
            ones leave in the background. None waits until the last of them has left.
        rebalances_zones: whether ECS moves tasks when a zone has more of them than another. It
            starts the new one first, so it needs a ``maximum_percent`` above 100, and ECS refuses
            it otherwise (trap 37). None is wherever that is so; has to be said where
            ``maximum_percent`` is a token: False if it is 100 in one of the environments.
        explicit: whether what is off is written too: no other strategy, no hooks, no early success.
            A service that had one of them needs it: leaving them out would keep it (trap 9). A
            deploy that forgets it is refused before it begins.
    """

    minimum_healthy_percent: Value[int] = 100
    maximum_percent: Value[int] = 200
    threshold: Threshold | None = None
    alarms: tuple[AnyAlarm, ...] = ()
    early_success_percent: Value[int] | None = None
    rebalances_zones: bool | None = None
    explicit: bool = False

    def __post_init__(self) -> None:
        _check_rebalancing(self)
        check_within("minimum_healthy_percent", self.minimum_healthy_percent, 0, 100)
        check_at_least("maximum_percent", self.maximum_percent, 100)
        room = known(self.minimum_healthy_percent, self.maximum_percent)
        if room and room[0] >= room[1]:
            raise BlockError(
                f"a deployment that keeps {room[0]} % of the tasks and runs {room[1]} % of them "
                "at most has no room"
            )
        early = self.early_success_percent
        both = None if early is None else known(early, self.minimum_healthy_percent)
        if both and not both[1] <= both[0] <= 100:
            raise BlockError(
                f"early_success_percent is {both[0]}; allowed: minimum_healthy_percent, which is "
                f"{both[1]}, to 100"
            )

    def configuration(self, _scope: Scope) -> Any:
        """The service's ``DeploymentConfiguration``."""
        made = ecs.DeploymentConfiguration(
            MinimumHealthyPercent=self.minimum_healthy_percent,
            MaximumPercent=self.maximum_percent,
            DeploymentCircuitBreaker=breaker(self.threshold),
            Alarms=watch(self.alarms),
        )
        if self.explicit:
            made.Strategy = "ROLLING"
            made.LifecycleHooks = []
            made.EarlySuccessCriteria = ecs.DeploymentEarlySuccessCriteria(Enable=False)
        if self.early_success_percent is not None:
            made.EarlySuccessCriteria = ecs.DeploymentEarlySuccessCriteria(
                Enable=True,
                HealthyPercent=self.early_success_percent,
                SourceServiceRevisionCleanup="DEFERRED",
            )
        return made

    def attach(self, scope: Scope, exposed: Exposed) -> TrafficHandle | None:
        """Let the alarms that it watches follow the service."""
        follow(scope, self.alarms, exposed)
        return None


def check_rolling(deployment: object) -> None:
    """Refuse a shift of traffic where nothing is sent that could be shifted.

    Raises:
        BlockError: it is another deployment than ``Rolling``.
    """
    if not isinstance(deployment, Rolling):
        raise BlockError(
            f"{type(deployment).__name__} shifts the traffic of a load balancer, and there is none "
            "here; give eb.Rolling(…)"
        )


class TrafficShift(Struct, frozen=True, kw_only=True):
    """What blue/green, canary and linear have in common.

    Attributes:
        bake_minutes: how long the old version stays ready after the last request moved.
        alarms: alarms of the stack, by their suffix, or ``ExistingAlarm``, that move everything
            back when they ring; None is those of errors and response time, as far as the stack
            has them.
        hooks: functions that ECS asks, and pauses, at stages of the deployment.
        test: where the new version can be tried before the first request of production: at a
            ``TestListener``, or behind a shared load balancer with a ``TestHeader``.
        threshold: after how many failed tasks it has failed; None is ECS's own rule.
    """

    strategy: ClassVar[str]

    bake_minutes: Value[int] = 10
    alarms: tuple[AnyAlarm, ...] | None = None
    hooks: tuple[Hook, ...] = ()
    test: TestListener | TestHeader | None = None
    threshold: Threshold | None = None

    def configuration(self, scope: Scope) -> Any:
        """The service's ``DeploymentConfiguration``, and the role that may call its hooks.

        The bake time is always written: it is what CloudFormation's long wait is for (trap 6).
        """
        return ecs.DeploymentConfiguration(
            Strategy=self.strategy,
            MinimumHealthyPercent=100,
            MaximumPercent=200,
            BakeTimeInMinutes=self.bake_minutes,
            **self.steps(),
            LifecycleHooks=lifecycle_hooks(scope, self.hooks),
            DeploymentCircuitBreaker=breaker(self.threshold),
            Alarms=watch(self.alarms or ()),
        )

    def steps(self) -> dict[str, Any]:
        """What is the strategy's own."""
        return {}

    def attach(self, scope: Scope, exposed: Exposed) -> TrafficHandle | None:
        """Add the second target group and ECS's role, and let alarms and scaling see both."""
        from ecs_blocks.blocks.traffic import shift  # noqa: PLC0415 - a rolling service needs none

        traffic = shift(scope, exposed, self.test)
        names: tuple[AnyAlarm, ...] = (
            callers_notice(scope, exposed) if self.alarms is None else self.alarms
        )
        exposed.service.DeploymentConfiguration.Alarms = watch(names)
        follow(scope, names, exposed)
        return traffic


class BlueGreen(TrafficShift, frozen=True, kw_only=True):
    """Start the new version beside the old one, test it, and move all requests at once.

    Attributes:
        bake_minutes: how long the old version stays ready after the requests moved.
        alarms: alarms of the stack, by their suffix, or ``ExistingAlarm``, that move them back
            when they ring; None is those of errors and response time, as far as the stack has
            them.
        hooks: functions that ECS asks, and pauses, at stages of the deployment.
        test: where the new version can be tried before: ``TestListener``, ``TestHeader``.
        threshold: after how many failed tasks it has failed; None is ECS's own rule.
    """

    strategy: ClassVar[str] = "BLUE_GREEN"

    def __post_init__(self) -> None:
        check_within("bake_minutes", self.bake_minutes, 0, MAX_MINUTES)


class Canary(TrafficShift, frozen=True, kw_only=True):
    """Send a small share of the requests to the new version, wait, then send the rest.

    Attributes:
        percent: the share, in steps of 0.1.
        wait_minutes: how long only that share goes there.
        bake_minutes: how long the old version stays ready after the last request moved.
        alarms: alarms of the stack, by their suffix, or ``ExistingAlarm``, that move everything
            back when they ring; None is those of errors and response time, as far as the stack
            has them.
        hooks: functions that ECS asks, and pauses, at stages of the deployment.
        test: where the new version can be tried before: ``TestListener``, ``TestHeader``.
        threshold: after how many failed tasks it has failed; None is ECS's own rule.
    """

    strategy: ClassVar[str] = "CANARY"

    percent: Value[float] = 10
    wait_minutes: Value[int] = 10

    def __post_init__(self) -> None:
        check_within("bake_minutes", self.bake_minutes, 0, MAX_MINUTES)
        check_within("wait_minutes", self.wait_minutes, 0, MAX_MINUTES)
        _check_percent("percent", self.percent, 0.1)
        _check_total(1, self.wait_minutes, self.bake_minutes)

    def steps(self) -> dict[str, Any]:
        """The first share, and how long it stays alone."""
        return {
            "CanaryConfiguration": ecs.CanaryConfiguration(
                CanaryPercent=self.percent, CanaryBakeTimeInMinutes=self.wait_minutes
            )
        }


class Linear(TrafficShift, frozen=True, kw_only=True):
    """Move the requests in equal steps.

    Attributes:
        step_percent: how many move at a time, in steps of 0.1, 3 at least.
        step_minutes: how long each step lasts.
        bake_minutes: how long the old version stays ready after the last request moved.
        alarms: alarms of the stack, by their suffix, or ``ExistingAlarm``, that move everything
            back when they ring; None is those of errors and response time, as far as the stack
            has them.
        hooks: functions that ECS asks, and pauses, at stages of the deployment.
        test: where the new version can be tried before: ``TestListener``, ``TestHeader``.
        threshold: after how many failed tasks it has failed; None is ECS's own rule.
    """

    strategy: ClassVar[str] = "LINEAR"

    step_percent: Value[float] = 20
    step_minutes: Value[int] = 5

    def __post_init__(self) -> None:
        check_within("bake_minutes", self.bake_minutes, 0, MAX_MINUTES)
        check_within("step_minutes", self.step_minutes, 0, MAX_MINUTES)
        _check_percent("step_percent", self.step_percent, 3)
        if percent := known(self.step_percent):
            _check_total(ceil(100 / percent[0]) - 1, self.step_minutes, self.bake_minutes)

    def steps(self) -> dict[str, Any]:
        """The steps."""
        return {
            "LinearConfiguration": ecs.LinearConfiguration(
                StepPercent=self.step_percent, StepBakeTimeInMinutes=self.step_minutes
            )
        }


def _check_rebalancing(rolling: Rolling) -> None:
    """The template is one for all environments, so a token's value cannot decide it."""
    wanted, most = rolling.rebalances_zones, known(rolling.maximum_percent)
    if wanted is None and most is None:
        raise BlockError(
            "maximum_percent is known only when CloudFormation runs, and ECS refuses to rebalance "
            "zones with 100: say rebalances_zones=False if it is 100 in an environment, and "
            "rebalances_zones=True if it is more in all"
        )
    if wanted and most and most[0] <= 100:
        raise BlockError(
            f"rebalances_zones with a maximum_percent of {most[0]}: ECS starts the new task before "
            "the old one goes, and needs more than 100; say rebalances_zones=False"
        )


def _check_percent(name: str, value: Value[float], least: float) -> None:
    here = known(value)
    if here and (not least <= here[0] <= 100 or round(here[0], 1) != here[0]):
        raise BlockError(f"{name} is {here[0]}; allowed: {least} to 100, in steps of 0.1")


def _check_total(steps: int, minutes: Value[int], bake: Value[int]) -> None:
    """The time that CloudFormation calculates with; the steps of a canary are one (trap 36)."""
    if here := known(minutes, bake):
        total = steps * here[0] + here[1]
        if total > MAX_TOTAL_MINUTES:
            raise BlockError(
                f"the deployment would take {total} minutes; CloudFormation takes "
                f"{MAX_TOTAL_MINUTES} at most"
            )
