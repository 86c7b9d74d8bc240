"""One alarm: what it watches, when it rings, whom it tells. Whether it notifies is a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import cloudwatch as cw

from ecs_blocks.blocks.limits import check_at_least, check_form, check_one_of
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Token, TopicArn, Value, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

ECS: Final = "AWS/ECS"
ALB: Final = "AWS/ApplicationELB"
INSIGHTS: Final = "ECS/ContainerInsights"
SQS: Final = "AWS/SQS"
SNS: Final = "AWS/SNS"

STATISTICS: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_PERCENT: Final = r"(?:100(?:\.0{1,10})?|[0-9]{1,2}(?:\.[0-9]{1,10})?)"
_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_EXTENDED: Final = re.compile(
    rf"(?:p|tm|tc|ts|wm){_PERCENT}|IQM"
    rf"|PR\((?:{_NUMBER})?:(?:{_NUMBER})?\)"
    rf"|(?:TC|TM|TS|WM)\((?:{_PERCENT}%)?:(?:{_PERCENT}%)?\)"
)
"""Source: Amazon CloudWatch API Reference, PutMetricAlarm, ``ExtendedStatistic``."""
_ID: Final = re.compile(r"[a-z][A-Za-z0-9_]{0,254}")
_MISSING: Final = ("breaching", "notBreaching", "ignore", "missing")
HIGH_RESOLUTION_S: Final = (10, 20, 30)
DAY_S: Final = 86_400
HOUR_S: Final = 3600
"""With a period of an hour and more an alarm may look back a week, else a day.

Source: Amazon CloudWatch API Reference, PutMetricAlarm, ``EvaluationPeriods`` and ``Period``.
"""


class Notify(Struct, frozen=True, kw_only=True):
    """Whom an alarm tells, and whether it does.

    Attributes:
        topic_arn: the SNS topic.
        enabled: False keeps the alarm, and keeps it quiet.
    """

    topic_arn: Value[TopicArn]
    enabled: Value[bool] = True


class Metric(Struct, frozen=True, kw_only=True):
    """One metric over a period, a minute: its statistic is ``Sum``, ``Average``, … or ``p95``.

    Alarms take these too: ``tm90``, ``tc90``, ``ts90`` and ``wm90``, ``IQM``, ``PR(1:100)`` of
    values, and ``TM(10%:90%)``, ``TC``, ``TS`` and ``WM`` of shares.
    """

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, Value[str]]
    period_s: int = 60

    def __post_init__(self) -> None:
        if self.statistic not in STATISTICS and not _EXTENDED.fullmatch(self.statistic):
            raise BlockError(
                f"statistic is {self.statistic}; allowed: {', '.join(STATISTICS)}, p0 to p100, tm, "
                "tc, ts and wm likewise, IQM, PR(1:100), and TM(10%:90%), TC, TS and WM likewise"
            )
        if self.period_s not in HIGH_RESOLUTION_S and (self.period_s < 1 or self.period_s % 60):
            raise BlockError(
                f"period_s is {self.period_s}; allowed: 10, 20, 30, and 60 with its multiples"
            )

    def simple(self) -> dict[str, Any]:
        """As the properties of an alarm that watches just this metric."""
        extended = self.statistic not in STATISTICS
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "ExtendedStatistic" if extended else "Statistic": self.statistic,
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


class Calculation(Struct, frozen=True, kw_only=True):
    """An expression over several metrics; ``label`` says in words what it is."""

    expression: Value[str]
    label: str
    metrics: Mapping[str, Metric]

    def __post_init__(self) -> None:
        if not self.metrics:
            raise BlockError(
                'a calculation has no metrics; name one at least, like {"errors": Metric(…)}'
            )
        for id_ in self.metrics:
            check_form("the id of a metric", id_, _ID, "like requests, with a small letter first")

    def simple(self) -> dict[str, Any]:
        """As the properties of an alarm."""
        result = cw.MetricDataQuery(
            Id="result", Expression=self.expression, Label=self.label, ReturnData=True
        )
        return {"Metrics": [*(m.query(id_) for id_, m in self.metrics.items()), result]}


def _dimensions(dimensions: Mapping[str, Value[str]]) -> list[Any]:
    return [cw.MetricDimension(Name=name, Value=value) for name, value in dimensions.items()]


def alarm_name(suffix: str) -> Value[str]:
    """The name of this stack's alarm *suffix*: ``hoge-prod-target-errors`` of ``TargetErrors``.

    Decided here and not by CloudFormation: a service's deployment names its alarms, and they name
    the service, which would be a circle (trap 23).
    """
    words = "".join(f"-{c.lower()}" if c.isupper() else c for c in suffix)
    return text(STACK_NAME, words)


class Alarm(Struct, frozen=True, kw_only=True):
    """One CloudWatch alarm that tells a topic when it rings and when it is over.

    Attributes:
        suffix: of the logical id (``CpuAlarm``) and of the name (``hoge-prod-cpu``).
        description: what is wrong when it rings, and what to look at.
        watches: a metric or a calculation.
        above: it rings when the value is higher than this.
        notify: whom it tells.
        minutes: for this many of the last minutes; one alone is often a blip. Where the metric's
            ``period_s`` is an hour, they are hours.
        missing: what no data means; most of these metrics are silent while all is well.
        after: a resource that stands before the alarm is made; None is no order.
    """

    suffix: str
    description: str
    watches: Metric | Calculation
    above: Value[float]
    notify: Notify
    minutes: Value[int] = 5
    missing: str = "notBreaching"
    after: Any = None

    def __post_init__(self) -> None:
        check_one_of("missing", self.missing, _MISSING)
        check_at_least("minutes", self.minutes, 1)
        watched = self.watches
        metrics = watched.metrics.values() if isinstance(watched, Calculation) else (watched,)
        period = max(one.period_s for one in metrics)
        most = (7 * DAY_S if period >= HOUR_S else DAY_S) // period
        if not isinstance(self.minutes, Token) and self.minutes > most:
            raise BlockError(
                f"an alarm over {self.minutes} periods of {period} seconds; CloudWatch looks back "
                f"over {most} of these at most"
            )

    def build(self, scope: Scope) -> Any:
        """Add the alarm, and return it (a ``troposphere.cloudwatch.Alarm``)."""
        alarm = cw.Alarm(
            scope.id(f"{self.suffix}Alarm"),
            AlarmName=alarm_name(self.suffix),
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
        if self.after is not None:
            alarm.DependsOn = [self.after.title]
        return scope.add(alarm)
