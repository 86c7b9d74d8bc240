"""Scaling by steps: so many tasks more where a metric is so far above a threshold."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import applicationautoscaling as aas
from troposphere import cloudwatch as cw

from ecs_blocks.blocks.alarms import Calculation, Metric, alarm_name
from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.blocks.scaling import ScalingHandle
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Value, known, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MAX_STEPS: Final = 20
"""Of one policy (Application Auto Scaling User Guide, "Quotas")."""


class Step(Struct, frozen=True, kw_only=True):
    """How many tasks, from so far past the threshold on.

    Attributes:
        tasks: so many come, or go.
        beyond: from this distance from the threshold on, up to the next step's.
    """

    tasks: int
    beyond: float = 0


class ScaleOut(Struct, frozen=True, kw_only=True):
    """More tasks where the metric is high.

    Attributes:
        above: the threshold.
        steps: the first begins at the threshold.
        minutes: for so many minutes.
        cooldown_s: what came counts for the next step, for so long.
    """

    above: Value[float]
    steps: tuple[Step, ...] = (Step(tasks=1),)
    minutes: Value[int] = 1
    cooldown_s: Value[int] = 60

    def __post_init__(self) -> None:
        _check(self.steps)
        check_at_least("minutes", self.minutes, 1)
        check_at_least("cooldown_s", self.cooldown_s, 0)

    def adjustments(self) -> list[Any]:
        """As the policy has them: distances from the threshold."""
        return [
            _adjustment(one.tasks, lower=one.beyond, upper=after)
            for one, after in _with_next(self.steps)
        ]

    def rings(self) -> dict[str, Any]:
        """Of the alarm."""
        return {"ComparisonOperator": "GreaterThanThreshold", "Threshold": self.above}


class ScaleIn(Struct, frozen=True, kw_only=True):
    """Fewer tasks where the metric is low.

    Attributes:
        below: the threshold.
        steps: the first begins at the threshold; its tasks go.
        minutes: for so many minutes; leaving too early costs more than staying.
        cooldown_s: between two steps.
    """

    below: Value[float]
    steps: tuple[Step, ...] = (Step(tasks=1),)
    minutes: Value[int] = 5
    cooldown_s: Value[int] = 300

    def __post_init__(self) -> None:
        _check(self.steps)
        check_at_least("minutes", self.minutes, 1)
        check_at_least("cooldown_s", self.cooldown_s, 0)

    def adjustments(self) -> list[Any]:
        """As the policy has them: distances from the threshold, downward."""
        return [
            _adjustment(-one.tasks, upper=-one.beyond, lower=None if after is None else -after)
            for one, after in _with_next(self.steps)
        ]

    def rings(self) -> dict[str, Any]:
        """Of the alarm."""
        return {"ComparisonOperator": "LessThanThreshold", "Threshold": self.below}


class StepScaling(Struct, frozen=True, kw_only=True):
    """Let a metric of your own add and remove tasks, beside what a service scales by already.

    Attributes:
        scaling: the service's (``made.scaling``).
        watches: the metric; the service's own is ``made.service.metric("CPUUtilization")``.
        out: when tasks come.
        into: when tasks go; None leaves that to the service's other policies, which have to agree
            on it. With it tasks go by its alarm alone: nobody asks whether they are busy.

    Bounds are those of the service: ServiceDesiredCount to ServiceMaxCount. The alarms make no
    noise, they only scale.

    Source: Application Auto Scaling API Reference, PutScalingPolicy, of several policies.
    """

    scaling: ScalingHandle
    watches: Metric | Calculation
    out: ScaleOut
    into: ScaleIn | None = None

    def __post_init__(self) -> None:
        if self.into is None:
            return
        pair = known(self.into.below, self.out.above)
        if pair and pair[0] >= pair[1]:
            low, high = pair
            raise BlockError(
                f"tasks go below {low} and come above {high}: they would come and go for ever"
            )

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add a policy and an alarm for each direction; return the policies."""
        rows = (("Out", self.out), ("In", self.into))
        return tuple(self._policy(scope, name, rule) for name, rule in rows if rule is not None)

    def _policy(self, scope: Scope, name: str, rule: ScaleOut | ScaleIn) -> Any:
        suffix = f"Scale{name}"
        title = scope.id(suffix)
        policy = scope.add(
            aas.ScalingPolicy(
                title,
                PolicyName=text(STACK_NAME, f"-{title}"),
                PolicyType="StepScaling",
                ScalingTargetId=ref(self.scaling.target.title),
                StepScalingPolicyConfiguration=aas.StepScalingPolicyConfiguration(
                    AdjustmentType="ChangeInCapacity",
                    Cooldown=rule.cooldown_s,
                    MetricAggregationType="Average",
                    StepAdjustments=rule.adjustments(),
                ),
            )
        )
        scope.add(
            cw.Alarm(
                scope.id(f"{suffix}Alarm"),
                AlarmName=alarm_name(title),
                AlarmDescription="scales the service, and tells nobody",
                **self.watches.simple(),
                **rule.rings(),
                EvaluationPeriods=rule.minutes,
                DatapointsToAlarm=rule.minutes,
                TreatMissingData="notBreaching",
                AlarmActions=[ref(policy.title)],
            )
        )
        return policy


def _with_next(steps: tuple[Step, ...]) -> list[tuple[Step, float | None]]:
    """Each step, and where the next one begins; nothing after the last."""
    return [*((one, after.beyond) for one, after in pairwise(steps)), (steps[-1], None)]


def _adjustment(tasks: int, *, lower: float | None, upper: float | None) -> Any:
    bounds = {"MetricIntervalLowerBound": lower, "MetricIntervalUpperBound": upper}
    return aas.StepAdjustment(
        ScalingAdjustment=tasks, **{name: one for name, one in bounds.items() if one is not None}
    )


def _check(steps: tuple[Step, ...]) -> None:
    if not 1 <= len(steps) <= MAX_STEPS:
        raise BlockError(f"{len(steps)} steps; a policy has 1 to {MAX_STEPS}")
    if steps[0].beyond != 0:
        raise BlockError(f"the first step begins at the threshold: beyond=0, not {steps[0].beyond}")
    for one, after in pairwise(steps):
        if one.beyond >= after.beyond:
            raise BlockError(f"a step at {after.beyond} comes after one at {one.beyond}")
    for one in steps:
        if one.tasks < 1:
            raise BlockError(f"a step of {one.tasks} tasks; write how many come, or go: 1 or more")
