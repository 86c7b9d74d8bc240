"""Watching while AWS refuses or does not answer: what is known stays, and a note says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.progress import Tasks
from tests.deploy.ecs.tasks import REGION, SERVICE, revision_arn, task
from tests.deploy.ecs.watching import after, crashed
from tests.deploy.ecs.world import BROKEN, DENIED, EMPTY, PROXY, THROTTLED, Refusal, rollout

if TYPE_CHECKING:
    from tests.deploy.ecs.world import VirtualClock, World


@pytest.mark.parametrize(
    "operation",
    ["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"],
)
def test_without_permission_for_service_deployments_the_counts_are_still_there(
    world: World, clock: VirtualClock, watcher: ServiceWatcher, operation: str
) -> None:
    world.rollouts = [rollout(42)]
    world.refuse[operation] = DENIED
    for _ in range(3):
        view = watcher.look()
        clock.sleep(5)

    assert (view.rollout, view.new) == ("IN_PROGRESS", Tasks("hoge:42", 2, 0, 0))
    assert view.note == f"permission ecs:{operation} is missing"
    assert world.count(operation) == 1


@pytest.mark.parametrize(
    "code", ["UnsupportedFeatureException", "UnknownOperationException", "InvalidAction"]
)
def test_where_service_deployments_are_unknown_nothing_is_said_of_it(
    world: World, clock: VirtualClock, watcher: ServiceWatcher, code: str
) -> None:
    world.refuse["ListServiceDeployments"] = Refusal(code)
    for _ in range(3):
        view = watcher.look()
        clock.sleep(5)

    assert (view.rollout, view.note) == ("IN_PROGRESS", "")
    assert world.count("ListServiceDeployments") == 1


def test_what_always_fails_is_asked_less_often(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.refuse["ListServiceDeployments"] = BROKEN
    for _ in range(24):
        watcher.look()
        clock.sleep(5)

    assert world.count("ListServiceDeployments") == 4, "three times, then once a minute"


@pytest.mark.parametrize(
    "refusal", [THROTTLED, BROKEN, PROXY, EMPTY], ids=["slow", "broken", "proxy", "empty"]
)
def test_while_ecs_does_not_answer_the_last_view_stays(
    world: World, clock: VirtualClock, watcher: ServiceWatcher, refusal: Refusal
) -> None:
    before = watcher.look()
    world.refuse["DescribeServices"] = refusal
    clock.sleep(10)
    short = watcher.look()
    clock.sleep(30)
    long = watcher.look()
    world.refuse.clear()
    clock.sleep(5)
    again = watcher.look()

    assert (short.new, short.rollout, short.note) == (before.new, before.rollout, "")
    assert (long.new, long.note) == (before.new, "ECS has not answered for 40 s")
    assert again.note == ""


def test_without_permission_to_look_a_note_says_so(world: World, watcher: ServiceWatcher) -> None:
    world.refuse["DescribeServices"] = DENIED
    view = watcher.look()

    assert (view.name, view.rollout, view.new) == ("hoge", "", None)
    assert view.note == "permission ecs:DescribeServices is missing"


def test_without_it_the_failed_tasks_of_the_task_definition_are_still_shown(
    world: World, watcher: ServiceWatcher
) -> None:
    world.refuse["DescribeServices"] = DENIED
    by_hand = task("Task stopped by user", task_id="2", started_by="me")
    world.tasks = [task("Task stopped by user", task_id="1"), by_hand]

    assert [one.task_id for one in watcher.look().failures] == ["1"]


def test_where_nobody_listens_nothing_is_raised(clock: VirtualClock) -> None:
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    nowhere = Aws(REGION, endpoint_url="http://127.0.0.1:9", clock=clock, config=config)
    watcher = ServiceWatcher(nowhere, "HogeService", SERVICE, revision_arn(42))
    watcher.look()
    clock.sleep(20)

    assert watcher.look().note == "ECS has not answered for 20 s"


@pytest.mark.parametrize("operation", ["ListTasks", "DescribeTasks", "DescribeTargetHealth"])
@pytest.mark.parametrize(
    "refusal", [DENIED, THROTTLED, BROKEN, EMPTY], ids=["no", "slow", "broken", "empty"]
)
def test_a_refused_call_never_stops_the_watching(
    world: World, clock: VirtualClock, watcher: ServiceWatcher, operation: str, refusal: Any
) -> None:
    world.refuse[operation] = refusal
    world.tasks = [crashed()]
    for _ in range(4):
        after(watcher, clock, 10)
    view = watcher.look()

    assert view.new is not None
    assert operation in view.note


def test_a_call_that_fails_now_and_then_goes_on_being_made(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    for _ in range(6):
        world.refuse["ListTasks"] = [BROKEN]
        after(watcher, clock, 10)
        after(watcher, clock, 10)

    assert world.count("ListTasks") == 12


def test_what_a_proxy_answers_instead_of_aws_breaks_nothing(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed()]
    operations = ("ListServiceDeployments", "ListTasks", "DescribeTasks", "DescribeTargetHealth")
    for operation in (*operations, "GetLogEvents", "DescribeTaskDefinition"):
        world.refuse[operation] = PROXY
        view = watcher.look()
        clock.sleep(10)
        world.refuse.clear()

    assert view.new is not None
    assert [one.summary for one in after(watcher, clock, 10)] == ["app exited 1"]
