"""Many apps with one command: in the order of their lookups, failures isolated, all told."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.aws import CONFIG
from tests.cli.deploying.stage import app
from tests.fake_aws import changed, timeout

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

ALL = ("deploy", "--all", "--env", "prod", "--yes")
ALONE = "parameters:\n  default: {Title: one}\n  prod:\n"


def needs(name: str) -> str:
    """The values of an app that looks something up in another."""
    return f"{ALONE[:-1]}\n    Neighbour: !StackOutput {name}.TopicArn\n"


@pytest.fixture
def fleet(stage: Stage) -> Stage:
    """``hoge``, which needs ``network``; and ``registry``, which needs nobody.

    Each name stands before what it needs, so that the alphabet does not help.
    """
    app(stage.project, "hoge", needs("network"))
    app(stage.project, "network", ALONE, more='stack.add_resource(sns.Topic("Own"))')
    app(stage.project, "registry", ALONE, more='stack.add_resource(sns.Topic("Shelf"))')
    return stage


def executed(stage: Stage) -> list[str]:
    """The stacks in the order in which they were begun."""
    calls = stage.fake.asked("ExecuteChangeSet")
    return [str(one["StackName"]).split("/")[1] for one in calls]


@pytest.mark.slow
def test_a_stack_is_deployed_after_what_it_looks_up(fleet: Stage) -> None:
    done = fleet.run(*ALL)
    topic = fleet.fake.stack("network-prod").resources["Topic"].physical_id

    assert done.code == 0, done.stderr
    assert executed(fleet).index("network-prod") < executed(fleet).index("hoge-prod")
    assert fleet.fake.stack("hoge-prod").definition.parameters["Neighbour"] == topic
    assert sorted(done.outcome[:3]) == [
        "OK: hoge-prod is CREATE_COMPLETE",
        "OK: network-prod is CREATE_COMPLETE",
        "OK: registry-prod is CREATE_COMPLETE",
    ]
    assert done.outcome[3:] == ["3 stacks: 3 done"]


def test_only_those_that_are_named_and_one_at_a_time(fleet: Stage) -> None:
    arguments = ("deploy", "registry/", "network", "--env", "prod", "--yes", "--concurrency", "1")
    done = fleet.within(*arguments)

    assert (done.code, executed(fleet)) == (0, ["registry-prod", "network-prod"])


def test_what_fails_takes_down_only_those_that_need_it(fleet: Stage) -> None:
    """Row 86: the worst comes last, where the eye is."""
    fleet.fake.script.resource_fails("Own", "the key is disabled")
    done = fleet.within(*ALL, "--json")

    assert done.code == 10
    assert done.outcome == [
        "OK: registry-prod is CREATE_COMPLETE",
        "NOT DONE: hoge-prod: skipped, because network-prod was not deployed",
        "FAILED: network-prod was rolled back (ROLLBACK_COMPLETE); nothing serves: it was the "
        "first deploy",
        "  because: Own: CREATE_FAILED: the key is disabled",
        "  mend the cause and deploy again",
        "3 stacks: 1 done, 1 failed, 1 not done",
    ]
    assert {name: (one["code"], one["result"]) for name, one in done.json["stacks"].items()} == {
        "hoge-prod": (10, "not done"),
        "network-prod": (10, "failed"),
        "registry-prod": (0, "ok"),
    }


@pytest.mark.slow
def test_once_the_cause_is_mended_the_same_command_does_the_rest(fleet: Stage) -> None:
    """Row 86."""
    fleet.fake.script.resource_fails("Own", "the key is disabled")
    fleet.within(*ALL)
    fleet.fake.calls.clear()
    done = fleet.within(*ALL)

    assert done.code == 0
    assert executed(fleet) == ["network-prod", "hoge-prod"]
    assert "OK: registry-prod: nothing to change" in done.outcome


def test_without_a_terminal_and_without_yes_nothing_is_left_of_any(fleet: Stage) -> None:
    """Row 35."""
    done = fleet.within("deploy", "--all", "--env", "prod")

    assert done.code == 4
    assert done.outcome[-1] == "3 stacks: 3 not done"
    assert fleet.fake.summary()["stacks"] == {}


def test_what_waits_for_a_stack_that_is_not_there_is_shown_before_the_first_question(
    fleet: Stage,
) -> None:
    done = fleet.within("deploy", "--all", "--env", "prod")

    assert done.lines[:9] == [
        "hoge-prod: a new stack, planned once network-prod is deployed",
        "- Neighbour: known after network-prod, its output TopicArn",
        "",
        "+ ADDED",
        "   Topic (AWS::SNS::Topic): is created",
        "   Group (AWS::Logs::LogGroup): is created",
        "   Other (AWS::SNS::Topic): is created",
        "",
        "3 added",
    ]
    assert "hoge-prod: skipped, because network-prod was not deployed" in done.stderr


@pytest.mark.slow
def test_what_was_deployed_before_is_planned_and_not_foreseen(fleet: Stage) -> None:
    fleet.within("deploy", "network", "hoge", "--env", "prod", "--yes")
    known = fleet.within("deploy", "--all", "--env", "prod")
    app(fleet.project, "hoge", needs("registry"))
    unknown = fleet.within("deploy", "--all", "--env", "prod")

    assert "planned once" not in known.stderr
    assert unknown.lines[:2] == [
        "hoge-prod: an update, planned once registry-prod is deployed",
        "- Neighbour: known after registry-prod, its output TopicArn",
    ]


def test_who_agrees_to_all_is_shown_plans_only(fleet: Stage) -> None:
    assert "planned once" not in fleet.within(*ALL).stderr


@pytest.mark.slow
def test_without_an_answer_nothing_is_foreseen_and_all_goes_on(
    fleet: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CONFIG, "read_timeout", 1)
    fleet.fake.fault("DescribeStacks", timeout, times=1)

    assert fleet.within("deploy", "--all", "--env", "prod").code == 4


def test_stacks_that_need_each_other_are_refused(fleet: Stage) -> None:
    app(fleet.project, "network", needs("hoge"))
    done = fleet.within(*ALL)

    assert done.code == 2
    assert done.lines[0].startswith("stacks need each other's outputs: ")
    assert "CreateChangeSet" not in fleet.fake.operations


def garbled(answer: dict[str, Any]) -> dict[str, Any]:
    return {"Stacks": [{"StackName": one["StackName"]} for one in answer["Stacks"]]}


@pytest.mark.slow
def test_a_bug_in_one_stack_is_told_as_one_and_the_others_go_on(fleet: Stage) -> None:
    fleet.within(*ALL)
    fleet.fake.fault(
        "DescribeStacks",
        changed(garbled),
        where=lambda call: "registry" in str(call.get("StackName")),
        times=None,
    )
    done = fleet.within(*ALL)

    assert done.code == 1
    assert "ecs-blocks has a bug at ecs_blocks/deploy/cloudformation/stack.py:" in done.outcome[2]
    assert done.outcome[2].endswith("KeyError: 'StackId'")
    assert done.outcome[-1] == "3 stacks: 2 done, 1 failed"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_watching_of_all_at_once(fleet: Stage, name: str) -> None:
    """Row 73."""
    fleet.fake.script.hold("Own")
    fleet.fake.script.hold("Shelf")
    with fleet.started(*ALL) as running:
        for _ in range(2):
            running.until("CREATE_IN_PROGRESS")
        asked = len(fleet.fake.calls)
        running.process.send_signal(getattr(signal, name))
        ended = running.end()

    assert ended.code == {"SIGINT": 130, "SIGTERM": 143}[name]
    assert ended.outcome == [
        "NOT DONE: hoge-prod: stopped before anything was changed",
        "STILL RUNNING: network-prod is CREATE_IN_PROGRESS; the operation goes on in AWS",
        "  to watch it again: ecs-blocks attach network --env prod",
        "STILL RUNNING: registry-prod is CREATE_IN_PROGRESS; the operation goes on in AWS",
        "  to watch it again: ecs-blocks attach registry --env prod",
        "3 stacks: 2 still running, 1 not done",
    ]
    assert len(fleet.fake.calls) == asked  # nobody looked once more


@pytest.mark.slow
def test_after_a_kill_the_same_command_converges(fleet: Stage) -> None:
    """Row 73."""
    fleet.fake.script.hold("Own")
    fleet.fake.script.hold("Shelf")
    with fleet.started(*ALL) as running:
        for _ in range(2):
            running.until("CREATE_IN_PROGRESS")
        running.process.kill()
        running.end()
    fleet.fake.script.release("Own")
    fleet.fake.script.release("Shelf")
    done = fleet.within(*ALL)

    assert done.code == 0, done.stderr
    assert sorted(executed(fleet)) == ["hoge-prod", "network-prod", "registry-prod"]


@pytest.mark.slow
def test_a_signal_while_aws_does_not_answer_ends_it_all_the_same(fleet: Stage) -> None:
    """Row 73: a thread that waits for an answer is not waited for."""
    fleet.within(*ALL)
    fleet.fake.fault("DescribeChangeSet", timeout, times=None)
    asked = fleet.fake.next_call("DescribeChangeSet")
    with fleet.started(*ALL, "--set", "Title=two") as running:
        asked.wait(30)
        began_s = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        ended = running.end()
        took_s = time.monotonic() - began_s

    assert ended.code == 143
    assert ended.outcome[-1] == "3 stacks: 3 not done"
    assert took_s < 15  # an answer is waited for 20 s
