"""The composite alarm: busy, and already at the most tasks there may be."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, Built, built
from tests.blocks.web import on_fargate


def made() -> dict[str, Any]:
    """The resources of a web service with the composite alarm over CPU and response time."""
    web = on_fargate()
    by_title = {alarm.title: alarm for alarm in web.handle.alarms}
    web.stack.add(
        "Web",
        eb.BusyAtMaximum(
            service=web.handle.service,
            busy=(by_title["WebCpuAlarm"], by_title["WebResponseTimeAlarm"]),
            max_count=web.env.service_max_count,
            notify=eb.Notify(topic_arn=web.env.alarm_topic_arn, enabled=web.env.alarms_enabled),
        ),
    )
    found: dict[str, Any] = web.template["Resources"]
    return found


def test_it_rings_when_one_is_busy_and_no_task_can_be_added() -> None:
    assert made()["WebBusyAtMaximumAlarm"]["Properties"] == {
        "AlarmName": {"Fn::Sub": "${AWS::StackName}-busy-at-maximum"},
        "AlarmDescription": "the service is busy and cannot grow: raise ServiceMaxCount",
        "AlarmRule": {
            "Fn::Sub": 'ALARM("${WebAtMaximumAlarm}") AND (ALARM("${WebCpuAlarm}") OR '
            'ALARM("${WebResponseTimeAlarm}"))'
        },
        "ActionsEnabled": {"Ref": "AlarmsEnabled"},
        "AlarmActions": [{"Ref": "AlarmTopicArn"}],
        "OKActions": [{"Ref": "AlarmTopicArn"}],
    }


def test_its_half_compares_the_tasks_with_the_most_there_may_be() -> None:
    alarm = made()["WebAtMaximumAlarm"]["Properties"]

    assert alarm["Metrics"][1]["Expression"] == {"Fn::Sub": "IF(tasks >= ${ServiceMaxCount}, 1, 0)"}
    assert alarm["Metrics"][0]["MetricStat"]["Metric"]["MetricName"] == "DesiredTaskCount"


def test_being_at_the_maximum_alone_tells_nobody() -> None:
    alarm = made()["WebAtMaximumAlarm"]["Properties"]

    assert alarm.keys().isdisjoint({"AlarmActions", "OKActions", "ActionsEnabled"})


def test_it_refers_to_its_parts_which_have_to_exist_before() -> None:
    """CloudWatch: "Could not save the composite alarm as alarms … do not exist"."""
    rule = made()["WebBusyAtMaximumAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]

    for title in ("WebAtMaximumAlarm", "WebCpuAlarm", "WebResponseTimeAlarm"):
        assert f"${{{title}}}" in rule


def test_busy_with_nothing_is_refused() -> None:
    with pytest.raises(eb.BlockError) as caught:
        eb.BusyAtMaximum(
            service=on_fargate().handle.service,
            busy=(),
            max_count=1,
            notify=eb.Notify(topic_arn=TOKENS.topic_arn),
        )

    assert str(caught.value) == "busy names no alarm; give those of CPU or response time"


def test_it_is_built_alone_over_any_alarm() -> None:
    alarm = built(
        eb.Alarm(
            suffix="Backlog",
            description="too much waits",
            watches=eb.Metric(namespace="A", name="B", statistic="Sum", dimensions={}),
            above=1,
            notify=eb.Notify(topic_arn=TOKENS.topic_arn),
        )
    )
    web = on_fargate()
    web.stack.template.resources["WebBacklogAlarm"] = alarm.handle
    web.stack.add(
        "Web",
        eb.BusyAtMaximum(
            service=web.handle.service,
            busy=(alarm.handle,),
            max_count=4,
            notify=eb.Notify(topic_arn=web.env.alarm_topic_arn),
        ),
    )
    composite = web.stack.template.resources["WebBusyAtMaximumAlarm"]

    assert isinstance(alarm, Built)
    assert composite.AlarmRule.to_dict() == {
        "Fn::Sub": 'ALARM("${WebAtMaximumAlarm}") AND (ALARM("${WebBacklogAlarm}"))'
    }
