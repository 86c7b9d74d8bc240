"""EB707."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_period import CHECK
from tests.checks.helpers import resource, verdict


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **properties)}


def query(**properties: Any) -> dict[str, Any]:
    return alarm(Metrics=[{"Id": "m1", **properties}], EvaluationPeriods=1)


GOOD = [
    pytest.param(alarm(Period=60, EvaluationPeriods=5), id="a minute"),
    pytest.param(alarm(Period="300", EvaluationPeriods="3"), id="as text"),
    pytest.param(alarm(Period=10, EvaluationPeriods=6), id="ten seconds"),
    pytest.param(alarm(Period=20, EvaluationPeriods=3), id="twenty, of ECS in high resolution"),
    pytest.param(alarm(Period=60, EvaluationPeriods=1_440), id="a day"),
    pytest.param(alarm(Period=3_600, EvaluationPeriods=168), id="seven days of hours"),
    pytest.param(alarm(Period=60, EvaluationPeriods=3, DatapointsToAlarm=2), id="two of three"),
    pytest.param(query(MetricStat={"Period": 60}), id="in metric math"),
    pytest.param(alarm(), id="none"),
]
BAD = [
    pytest.param(alarm(Period=45), ["Alarm.Period"], id="45"),
    pytest.param(alarm(Period="90"), ["Alarm.Period"], id="a minute and a half"),
    pytest.param(alarm(Period=0), ["Alarm.Period"], id="zero"),
    pytest.param(alarm(Period="1m"), ["Alarm.Period"], id="no number"),
    pytest.param(
        alarm(Period=60, EvaluationPeriods=1_441), ["Alarm.EvaluationPeriods"], id="over a day"
    ),
    pytest.param(
        alarm(Period=86_400, EvaluationPeriods=8), ["Alarm.EvaluationPeriods"], id="over a week"
    ),
    pytest.param(
        alarm(Period=60, EvaluationPeriods=2, DatapointsToAlarm=3),
        ["Alarm.DatapointsToAlarm"],
        id="three of two",
    ),
    pytest.param(
        query(MetricStat={"Period": 61}), ["Alarm.Metrics.0.MetricStat.Period"], id="in metric math"
    ),
    pytest.param(query(Period=61), ["Alarm.Metrics.0.Period"], id="of an expression"),
]
UNKNOWN = [
    pytest.param(alarm(Period={"Ref": "Period"}), ["Alarm.Period"], id="period"),
    pytest.param(
        alarm(Period=60, EvaluationPeriods={"Ref": "Periods"}),
        ["Alarm.EvaluationPeriods"],
        id="count",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
