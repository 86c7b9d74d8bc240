"""Alarms: names of new ones, deployment alarms, rollback triggers.

Trap 24: an alarm that rings already when a deployment starts guards nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight.alarms import check
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Answer, Scripted

ALARM = "CloudWatch::Alarm"
TRIGGER = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:errors"


def alarms(**states: str) -> Answer:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        there = [
            {"AlarmName": name, "StateValue": state}
            for name, state in states.items()
            if name in asked["AlarmNames"]
        ]
        return {"MetricAlarms": there[:1], "CompositeAlarms": there[1:]}

    return answer


def service(*names: object, enabled: object = True) -> tuple[str, dict[str, Any]]:
    alarms = {"AlarmNames": list(names), "Enable": enabled, "Rollback": True}
    return "ECS::Service", {"DeploymentConfiguration": {"Alarms": alarms}}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, []),
        ({"other": "ALARM"}, []),
        (
            {"hoge-cpu": "OK", "hoge-memory": "ALARM"},
            [
                "problem: Cpu: there is an alarm hoge-cpu already, outside this stack",
                "problem: Memory: there is an alarm hoge-memory already, outside this stack",
            ],
        ),
    ],
)
def test_the_name_of_a_new_alarm_has_to_be_free(
    server: Scripted, states: dict[str, str], expected: list[str]
) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms(**states))
    of = subject(
        {
            "Cpu": (ALARM, {"AlarmName": "hoge-cpu"}),
            "Memory": ("CloudWatch::CompositeAlarm", {"AlarmName": "hoge-memory"}),
            "Old": (ALARM, {"AlarmName": "hoge-old"}),
            "Unnamed": (ALARM, {}),
        },
        has={"Old": (ALARM, "hoge-old")},
    )

    assert found(check, server.aws, of) == expected
    assert [one["AlarmNames"] for one in server.parameters("cloudwatch.DescribeAlarms")] == [
        ["hoge-cpu", "hoge-memory"]
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"errors": "OK"}, []),
        ({"errors": "INSUFFICIENT_DATA"}, []),
        (
            {},
            [
                "problem: Service: its deployment alarm errors does not exist: nothing would "
                "roll back by it"
            ],
        ),
        (
            {"errors": "ALARM"},
            [
                "warning: Service: its deployment alarm errors is in ALARM; ECS then watches no "
                "alarm during this deployment, and does not roll back by one"
            ],
        ),
    ],
)
def test_a_deployment_alarm_has_to_exist_and_should_be_quiet(
    server: Scripted, state: dict[str, str], expected: list[str]
) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms(**state))

    assert found(check, server.aws, subject({"Service": service("errors")})) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"errors": "OK"}, []),
        (
            {},
            [
                "problem: rollback trigger errors: there is no such alarm; CloudFormation would "
                "roll the whole deploy back"
            ],
        ),
        (
            {"errors": "ALARM"},
            [
                "problem: rollback trigger errors: the alarm is in ALARM; CloudFormation would "
                "roll the whole deploy back"
            ],
        ),
    ],
)
def test_row_63_a_rollback_trigger_has_to_exist_and_to_be_quiet(
    server: Scripted, state: dict[str, str], expected: list[str]
) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms(**state))

    assert found(check, server.aws, subject({}, rollback_alarms=(TRIGGER,))) == expected


def test_a_new_alarm_of_the_template_itself_need_not_exist(server: Scripted) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms())
    of = subject({"Alarm": (ALARM, {"AlarmName": "errors"}), "Service": service("errors")})

    assert found(check, server.aws, of) == []


def test_an_alarm_that_the_stack_has_is_found_by_its_reference(server: Scripted) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms(errors="ALARM"))
    of = subject(
        {"Alarm": (ALARM, {}), "Service": service({"Ref": "Alarm"}, {"Ref": "New"})},
        has={"Alarm": (ALARM, "errors")},
    )

    assert [line.partition(";")[0] for line in found(check, server.aws, of)] == [
        "warning: Service: its deployment alarm errors is in ALARM"
    ]


@pytest.mark.parametrize(
    "unused",
    [service("errors", enabled=False), service(), ("ECS::Service", {}), (ALARM, {})],
)
def test_where_no_alarm_matters_none_is_asked_for(
    server: Scripted, unused: tuple[str, dict[str, Any]]
) -> None:
    assert found(check, server.aws, subject({"One": unused})) == []
    assert server.asked == []


def test_a_list_that_is_not_known_is_left_alone(server: Scripted) -> None:
    alarms = {"AlarmNames": {"Ref": "Names"}, "Enable": "true"}
    of = subject({"Service": ("ECS::Service", {"DeploymentConfiguration": {"Alarms": alarms}})})

    assert found(check, server.aws, of) == []


def test_two_hundred_alarms_are_asked_for_a_hundred_at_a_time(server: Scripted) -> None:
    server.on("cloudwatch.DescribeAlarms", alarms())
    of = subject({f"A{n}": (ALARM, {"AlarmName": f"a{n}"}) for n in range(200)})

    assert found(check, server.aws, of) == []
    asked = server.parameters("cloudwatch.DescribeAlarms")
    assert [len(one["AlarmNames"]) for one in asked] == [100, 100]


def test_a_missing_permission_is_named(server: Scripted) -> None:
    assert found(check, server.aws, subject({"Service": service("errors")})) == [
        "skipped: alarms: not checked: the permission cloudwatch:DescribeAlarms is missing"
    ]


def test_another_logical_id_for_the_same_alarm_is_a_problem(server: Scripted) -> None:
    of = subject({"New": (ALARM, {"AlarmName": "cpu"})}, has={"Old": (ALARM, "cpu")})

    assert found(check, server.aws, of) == [
        "problem: New: Old of this stack has the name cpu, and is removed only after the new "
        "alarm is made"
    ]
