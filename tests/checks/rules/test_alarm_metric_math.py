"""EB706."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_metric_math import CHECK
from tests.checks.helpers import resource, verdict


def alarm(*queries: Any, **properties: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", Metrics=list(queries), **properties)}


def metric(id_: Any, *, returns: Any = False) -> dict[str, Any]:
    return {"Id": id_, "MetricStat": {"Stat": "Sum", "Period": 60}, "ReturnData": returns}


def expression(text: Any, id_: str = "e1", *, returns: Any = True) -> dict[str, Any]:
    return {"Id": id_, "Expression": text, "ReturnData": returns}


ERRORS, REQUESTS = metric("errors"), metric("requests")
FORMULA = "Alarm.Metrics.2.Expression"
GOOD = [
    pytest.param(alarm(ERRORS, REQUESTS, expression("100 * errors / requests")), id="rate"),
    pytest.param(alarm({"Id": "m1", "MetricStat": {}}), id="one metric, returned by default"),
    pytest.param(
        alarm(ERRORS, REQUESTS, expression("IF(requests > 1e3, FILL(errors, 0) / requests, 0)")),
        id="functions and numbers",
    ),
    pytest.param(
        alarm(expression("SELECT MAX(CPUUtilization) FROM SCHEMA(x) WHERE a = 'b'")), id="query"
    ),
    pytest.param(alarm(expression("MAX(SEARCH('{AWS/ECS,ClusterName} cpu', 'Sum'))")), id="search"),
    pytest.param(
        alarm(ERRORS, expression("errors", returns=False), expression("e1 + 1", "e2")), id="steps"
    ),
    pytest.param(
        alarm(
            {"Id": "m1", "MetricStat": {}},
            expression("ANOMALY_DETECTION_BAND(m1, 2)", "band"),
            ThresholdMetricId="band",
        ),
        id="anomaly band",
    ),
    pytest.param(alarm(ERRORS, expression("errors", returns="true")), id="true as text"),
    pytest.param({"Alarm": {"Type": "AWS::CloudWatch::Alarm"}}, id="no metrics"),
]
BAD = [
    pytest.param(
        alarm(ERRORS, REQUESTS, expression("errors / request")), [FORMULA], id="misspelt id"
    ),
    pytest.param(alarm(ERRORS, REQUESTS, expression("m1 + m2")), [FORMULA, FORMULA], id="two ids"),
    pytest.param(
        alarm(ERRORS, expression("errors", returns=False)), ["Alarm.Metrics"], id="nothing returned"
    ),
    pytest.param(
        alarm(metric("errors", returns=True), expression("errors")), ["Alarm.Metrics"], id="two"
    ),
    pytest.param(
        alarm({"Id": "m1", "MetricStat": {}}, expression("m1")),
        ["Alarm.Metrics"],
        id="two by default",
    ),
    pytest.param(alarm(metric("Errors", returns=True)), ["Alarm.Metrics.0.Id"], id="capital"),
    pytest.param(alarm(ERRORS, metric("errors", returns=True)), ["Alarm.Metrics.1.Id"], id="twice"),
    pytest.param(
        alarm({**metric("m1", returns=True), "Expression": "m1"}),
        ["Alarm.Metrics.0"],
        id="both kinds",
    ),
    pytest.param(alarm({"Id": "m1"}), ["Alarm.Metrics.0"], id="neither kind"),
    pytest.param(
        alarm(metric("m1", returns=True), ThresholdMetricId="band"),
        ["Alarm.ThresholdMetricId"],
        id="no band",
    ),
]
UNKNOWN = [
    pytest.param(
        alarm(expression({"Fn::Sub": "${Formula}"})), ["Alarm.Metrics.0.Expression"], id="formula"
    ),
    pytest.param(alarm(metric({"Ref": "Id"}, returns=True)), ["Alarm.Metrics.0.Id"], id="id"),
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
