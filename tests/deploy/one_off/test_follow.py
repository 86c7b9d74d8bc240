"""A task is followed to its end: its lines in order, its code, and why it failed."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.follow import End, Followed, Following, Wish, follow
from ecs_blocks.deploy.progress import FailureKind
from ecs_blocks.errors import Terminated
from tests.deploy.one_off.world import aws_of, service, serving, template, write
from tests.fake_aws import denied, error, expired, reset_before, throttled

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_aws import FakeAws
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow


class Viewer:
    """Sees lines and what is said; answers Ctrl-C with *wishes*, one after the other."""

    def __init__(self, *wishes: Wish, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.lines: list[str] = []
        self.times_s: list[float] = []
        self.said: list[str] = []
        self.wishes = list(wishes)

    def line(self, text: str) -> None:
        self.lines.append(text)
        self.times_s.append(self.clock.now_s())

    def say(self, text: str) -> None:
        self.said.append(text)

    def interrupted(self, _stop: KeyboardInterrupt) -> Wish:
        return self.wishes.pop(0)


def started(fake: FakeAws, container: str = "app", **settings: Any) -> Following:
    found = service(fake)
    task = (
        aws_of(fake)
        .client("ecs")
        .run_task(cluster=found.cluster, taskDefinition=str(found.definition["taskDefinitionArn"]))[
            "tasks"
        ][0]
    )
    return Following(
        cluster=found.cluster,
        task_arn=task["taskArn"],
        container=container,
        definition=found.definition,
        **settings,
    )


def followed(
    fake: FakeAws, following: Following | None = None, viewer: Viewer | None = None
) -> Followed:
    return follow(aws_of(fake), following or started(fake), viewer or Viewer())


def interrupt(fake: FakeAws, after_s: float, stop: KeyboardInterrupt) -> None:
    """Let Ctrl-C come while somebody waits."""

    def happen() -> None:
        raise stop

    fake.clock.at(after_s, happen)


@pytest.fixture(autouse=True)
def _serving(fake: FakeAws) -> None:
    serving(fake)


@pytest.mark.parametrize("code", [0, 1, 3, 125])
def test_it_ends_with_the_containers_own_code(fake: FakeAws, code: int) -> None:
    fake.script.run_task_ends(code)
    found = followed(fake)

    assert (found.end, found.exit_code) == (End.OVER, code)
    assert (found.failure is None) == (code == 0)


def test_lines_are_shown_as_they_come_each_once_and_in_order(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, logs=["the last"], after_s=20)
    following, viewer = started(fake), Viewer(clock=fake.clock)
    began_s = fake.clock.now_s()
    for number in range(6):
        lines = [f"{number}.{index}" for index in range(3)]
        writing = partial(write, fake, following.task_id, *lines)
        fake.clock.at(6 + 2.5 * number, writing)
    followed(fake, following, viewer)
    waits_s = [at_s - began_s - (6 + 2.5 * (n // 3)) for n, at_s in enumerate(viewer.times_s[:18])]

    assert viewer.lines == [*(f"{n}.{i}" for n in range(6) for i in range(3)), "the last"]
    assert all(0 <= wait_s <= 2 for wait_s in waits_s), waits_s


def test_the_last_lines_arrive_after_the_end(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, logs=["one"], after_s=5)
    following = started(fake)
    fake.clock.at(13, lambda: write(fake, following.task_id, "late"))
    viewer = Viewer()
    followed(fake, following, viewer)

    assert viewer.lines == ["one", "late"]


def test_each_status_is_said_once(fake: FakeAws) -> None:
    following, viewer = started(fake), Viewer()
    followed(fake, following, viewer)

    assert viewer.said == [
        f"task {following.task_id} is {status}"
        for status in ("PROVISIONING", "PENDING", "RUNNING", "STOPPED")
    ]


def test_a_task_that_never_ran_says_why(fake: FakeAws) -> None:
    fake.script.run_task_ends(
        None,
        runs=False,
        stop_code="TaskFailedToStart",
        reason="CannotPullContainerError: pull image manifest has been retried 1 time(s): failed "
        "to resolve ref hoge:2: not found",
    )
    found = followed(fake)

    assert (found.end, found.exit_code, found.status) == (End.OVER, None, "STOPPED")
    assert found.failure is not None
    assert found.failure.kind is FailureKind.IMAGE_PULL


def test_a_failure_keeps_the_last_lines(fake: FakeAws) -> None:
    fake.script.run_task_ends(1, logs=[str(number) for number in range(50)])
    found = followed(fake)

    assert found.failure is not None
    assert found.failure.log_lines == tuple(str(number) for number in range(20, 50))


def test_past_its_time_it_is_stopped(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    following, viewer = started(fake, timeout_s=60.0), Viewer()
    found = followed(fake, following, viewer)

    assert (found.end, found.exit_code) == (End.TIMEOUT, 143)
    assert fake.asked("StopTask")[0]["reason"] == "it took longer than 1 minutes (ecs-blocks)"
    assert "its time is over (1 minutes); stopping the task" in viewer.said


def test_a_task_that_cannot_be_stopped_goes_on_and_that_is_said(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    fake.fault("StopTask", denied)
    following, viewer = started(fake, timeout_s=60.0), Viewer()
    found = followed(fake, following, viewer)

    assert (found.end, found.exit_code, found.failure) == (End.TIMEOUT, None, None)
    assert viewer.said[-1].startswith("stopping the task: permission is missing")


@pytest.mark.parametrize(
    ("stop", "end"), [(KeyboardInterrupt(), End.DETACHED), (Terminated(), End.TERMINATED)]
)
def test_ctrl_c_can_leave_it_alone(fake: FakeAws, stop: KeyboardInterrupt, end: End) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    following = started(fake)
    interrupt(fake, 30, stop)
    found = followed(fake, following, Viewer(Wish.DETACH))

    assert (found.end, found.status, found.exit_code) == (end, "RUNNING", None)
    assert fake.asked("StopTask") == []


def test_ctrl_c_can_stop_it(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    following = started(fake)
    interrupt(fake, 30, KeyboardInterrupt())
    found = followed(fake, following, Viewer(Wish.STOP))

    assert (found.end, found.exit_code) == (End.STOPPED, 143)
    assert len(fake.asked("StopTask")) == 1


@pytest.mark.slow
def test_ctrl_c_can_be_taken_back(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=100)
    following = started(fake)
    interrupt(fake, 30, KeyboardInterrupt())
    found = followed(fake, following, Viewer(Wish.WATCH))

    assert (found.end, found.exit_code) == (End.OVER, 0)


def test_ctrl_c_after_the_end_does_not_lose_the_code(fake: FakeAws) -> None:
    fake.script.run_task_ends(7, after_s=5)
    following = started(fake)
    interrupt(fake, 13, KeyboardInterrupt())
    found = followed(fake, following, Viewer())

    assert (found.end, found.exit_code) == (End.OVER, 7)


@pytest.mark.parametrize(
    "fault", [throttled, reset_before, expired], ids=["throttled", "reset", "expired"]
)
def test_failed_calls_do_not_say_how_it_ends(fake: FakeAws, fault: Kind) -> None:
    fake.script.run_task_ends(3)
    following = started(fake)
    times = 1 if fault is expired else 8
    fake.fault("DescribeTasks", fault, times=times)
    fake.fault("GetLogEvents", throttled, times=3)

    assert followed(fake, following).exit_code == 3


def test_a_long_silence_is_said_once_and_ends_some_time(fake: FakeAws) -> None:
    following, viewer = started(fake), Viewer()
    fake.fault("DescribeTasks", throttled, nth=2, times=None)
    with pytest.raises(DeployError) as caught:
        followed(fake, following, viewer)

    assert caught.value.code is Exit.STILL_RUNNING
    assert caught.value.message == (
        f"no answer from AWS for 910 s; the task {following.task_id} may go on"
    )
    assert viewer.said.count("no contact with AWS; the task goes on there") == 1


@pytest.mark.parametrize("reads", [1, 20])
def test_a_task_that_ecs_does_not_know_yet_is_waited_for(fake: FakeAws, reads: int) -> None:
    following = started(fake)
    real: Callable[[Any], dict[str, Any]] = fake.ecs.describe_tasks
    asked: list[object] = []

    def lagging(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        missing = {"tasks": [], "failures": [{"arn": following.task_arn, "reason": "MISSING"}]}
        return missing if len(asked) <= reads else real(request)

    fake.canned("ecs", "DescribeTasks", lagging)

    assert followed(fake, following).exit_code == 0


def test_a_task_that_is_gone_is_not_taken_for_a_success(fake: FakeAws) -> None:
    following = started(fake)
    fake.canned("ecs", "DescribeTasks", {"tasks": [], "failures": []})
    with pytest.raises(DeployError) as caught:
        followed(fake, following)

    assert caught.value.code is Exit.NEEDS_A_PERSON
    assert caught.value.message == (
        f"ECS does not know the task {following.task_id} any more; how it ended was not seen"
    )


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (denied, "no log lines: permission logs:GetLogEvents is missing"),
        (
            error("InvalidParameterException", "not this way"),
            "no log lines: CloudWatch Logs: not this way",
        ),
    ],
)
def test_without_its_log_it_is_followed_all_the_same(fake: FakeAws, fault: Kind, note: str) -> None:
    fake.script.run_task_ends(0, logs=["unseen"], after_s=30)
    following, viewer = started(fake), Viewer()
    fake.fault("GetLogEvents", fault, times=None)

    assert followed(fake, following, viewer).exit_code == 0
    assert viewer.said.count(note) == 1


def test_another_log_driver_is_named(fake: FakeAws) -> None:
    firelens = {"LogDriver": "awsfirelens", "Options": {}}
    changed = template(app={"LogConfiguration": firelens})
    aws_of(fake).client("cloudformation").update_stack(
        StackName="hoge-prod",
        TemplateBody=json.dumps(changed),
        Parameters=[{"ParameterKey": key, "UsePreviousValue": True} for key in ("Image", "Level")],
    )
    fake.clock.advance(300)
    viewer = Viewer()
    followed(fake, started(fake), viewer)

    assert "the log of app goes through awsfirelens: look where that sends it" in viewer.said
