"""Lines of a history: what is an event of ECS, and what somebody else wrote there."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any, Final

import pytest

from ecs_blocks.deploy.task_events import NoEventError, stopped_event
from tests.blocks.test_task_history import ACTION, STOPPED

HERE: Final = "arn:aws:ecs:ap-northeast-1:123456789012"
NOW: Final = dt.datetime(2026, 8, 5, 4, 0, tzinfo=dt.UTC)
ENDED: Final = dt.datetime(2026, 8, 5, 3, 12, 7, 345000, tzinfo=dt.UTC)
ID: Final = "7f2a".ljust(32, "0")


def line(**detail: Any) -> str:
    """An event with another detail."""
    event = copy.deepcopy(STOPPED)
    event["detail"] |= detail
    return json.dumps(event)


def test_an_event_is_the_task_as_describe_tasks_has_it() -> None:
    event = stopped_event(line(), NOW)

    assert event is not None
    assert (event.at, event.version, event.group) == (ENDED, 6, "service:hoge")
    assert list(event.task["containers"]) == [
        {
            "name": "app",
            "exitCode": 1,
            "image": "app:1.8.3",
            "runtimeId": "7f2a0000000000000000000000000000-0206597506",
        }
    ]
    assert event.task["startedAt"] == dt.datetime(2026, 8, 5, 3, 12, 0, 345000, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(line(lastStatus="RUNNING"), id="a task that runs"),
        pytest.param(json.dumps(ACTION), id="of a service"),
    ],
)
def test_other_events_are_none_of_a_stopped_task(text: str) -> None:
    assert stopped_event(text, NOW) is None


@pytest.mark.parametrize(
    "detail",
    [
        pytest.param({"stoppedAt": "2026-08-05T03:12:07.345"}, id="no zone"),
        pytest.param({"stoppedAt": "2026-08-05T05:12:07.345+02:00"}, id="another zone"),
        pytest.param({"startedAt": "2026-08-05T03:12:00", "attachments": []}, id="a beginning"),
    ],
)
def test_times_are_utc(detail: dict[str, Any]) -> None:
    event = stopped_event(line(**detail), NOW)

    assert event is not None
    assert event.at == ENDED
    assert {event.task[key].tzinfo for key in ("startedAt", "stoppedAt")} == {dt.UTC}


def test_a_task_without_an_end_stopped_when_its_event_came() -> None:
    event = stopped_event(line(stoppedAt=None), NOW)

    assert event is not None
    assert event.at == dt.datetime(2026, 8, 5, 3, 12, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "task_id", [ID, "12345678-1234-1234-1234-123456789012"], ids=["new", "old"]
)
@pytest.mark.parametrize("cluster", ["main/", ""])
def test_a_task_has_an_id_of_either_form(task_id: str, cluster: str) -> None:
    arn = f"{HERE}:task/{cluster}{task_id}"
    event = stopped_event(line(taskArn=arn), NOW)

    assert event is not None
    assert event.arn == arn


_DEEP: Final = "[" * 5000 + "]" * 5000
_LINES: Final = {
    "no JSON": "no JSON",
    "nothing": "",
    "half a sign": '{"detail-type": "\ud800"}',
    "a list": "[]",
    "no detail": '{"detail-type": "ECS Task State Change", "time": "2026-08-05T03:12:07Z"}',
    "no type": '{"detail": {}, "time": "2026-08-05T03:12:07Z"}',
    "no time": '{"detail-type": "ECS Task State Change", "detail": {}}',
    "a long number": f'{{"detail-type": "x", "detail": {{}}, "time": {"1" * 5000}}}',
    "nested": f'{{"detail-type": "x", "detail": {{}}, "x": {_DEEP}}}',
    "nested within": line(group="@").replace('"@"', _DEEP),
}
_DETAILS: Final[dict[str, dict[str, Any]]] = {
    "containers null": {"containers": None},
    "containers text": {"containers": "abc"},
    "containers numbers": {"containers": [1]},
    "containers dict": {"containers": {"name": "a"}},
    "a container without a name": {"containers": [{}]},
    "a container's name": {"containers": [{"name": ["a"]}]},
    **{
        f"exit code {str(code)[:9]}": {"containers": [{"name": "app", "exitCode": code}]}
        for code in ("1", [1], float("nan"), float("inf"), 137.5, 10**400, 2**40, True)
    },
    **{f"version {one}": {"version": one} for one in ("7", None, float("nan"), -1, 1.5)},
    "group": {"group": ["a"]},
    "status": {"lastStatus": ["STOPPED"]},
    "stop code": {"stopCode": ["a"]},
    "reason": {"stoppedReason": 5},
    "memory": {"memory": {"a": 1}},
    "attachments null": {"attachments": None},
    "attachments text": {"attachments": ["x"]},
    "attachments' details": {"attachments": [{"details": None}]},
    **{f"stopped {at}": {"stoppedAt": at} for at in ("2026-08-05", "2026-W32-3", 1722827527)},
    "stopped in the year 1": {"stoppedAt": "0001-01-01T00:00:00+23:59"},
    "stopped in 9999": {"stoppedAt": "9999-12-31T23:59:59-23:59"},
    "stopped before ECS": {"stoppedAt": "1999-01-01T00:00:00Z"},
    "started after tomorrow": {"startedAt": "2026-08-06T04:00:01Z"},
    "a task, number": {"taskArn": 5},
    "a task, empty": {"taskArn": ""},
    "a task, steering": {"taskArn": f"{HERE}:task/prod/\x1b]0;pwn\x07\n::error::x"},
    "a task, one more line": {"taskArn": f"{HERE}:task/prod/{ID}\n"},
    "a task, a command": {"taskArn": f"{HERE}:task/prod/$(touch pwn)"},
    "a task, an option": {"taskArn": f"{HERE}:task/prod/--help"},
    "a task, half a sign": {"taskArn": f"{HERE}:task/prod/\ud800"},
    "a revision": {"taskDefinitionArn": "x\x1b[31m\n::error::y"},
    "a cluster": {"clusterArn": None},
}


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(text, id=name) for name, text in _LINES.items()),
        *(pytest.param(line(**detail), id=name) for name, detail in _DETAILS.items()),
    ],
)
def test_what_has_not_the_form_of_an_event_is_none(text: str) -> None:
    with pytest.raises(NoEventError):
        stopped_event(text, NOW)
