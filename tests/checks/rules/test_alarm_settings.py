"""EB708."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_settings import CHECK
from tests.checks.helpers import resource, verdict


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **properties)}


def stat(given: Any) -> dict[str, Any]:
    return alarm(Metrics=[{"Id": "m1", "MetricStat": {"Stat": given}}])


MISSING = "Alarm.TreatMissingData"
EXTENDED = "Alarm.ExtendedStatistic"
STAT = "Alarm.Metrics.0.MetricStat.Stat"
GOOD = [
    *(
        pytest.param(alarm(TreatMissingData=one), id=one)
        for one in ("breaching", "notBreaching", "ignore", "missing")
    ),
    *(
        pytest.param(alarm(ExtendedStatistic=one), id=one)
        for one in ("p99", "p99.9", "p100", "tm90", "IQM", "TM(10%:90%)", "PR(0:500)", "TC(:5)")
    ),
    *(
        pytest.param(stat(one), id=f"stat {one}")
        for one in ("Average", "SampleCount", "p95", "tc10")
    ),
    pytest.param(alarm(EvaluateLowSampleCountPercentile="ignore"), id="low sample count"),
    pytest.param(alarm(), id="left out"),
]
BAD = [
    pytest.param(alarm(TreatMissingData="notbreaching"), [MISSING], id="capitals"),
    pytest.param(alarm(TreatMissingData=False), [MISSING], id="boolean"),
    pytest.param(
        alarm(EvaluateLowSampleCountPercentile="no"),
        ["Alarm.EvaluateLowSampleCountPercentile"],
        id="low sample count",
    ),
    pytest.param(alarm(ExtendedStatistic="99"), [EXTENDED], id="no p"),
    pytest.param(alarm(ExtendedStatistic="p101"), [EXTENDED], id="more than all"),
    pytest.param(alarm(ExtendedStatistic="p99%"), [EXTENDED], id="percent sign"),
    pytest.param(alarm(ExtendedStatistic="Average"), [EXTENDED], id="not an extended one"),
    pytest.param(stat("Avg"), [STAT], id="in metric math"),
]
UNKNOWN = [
    pytest.param(alarm(TreatMissingData={"Ref": "Missing"}), [MISSING], id="missing"),
    pytest.param(stat({"Ref": "Stat"}), [STAT], id="stat"),
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
