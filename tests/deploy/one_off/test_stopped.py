"""``ecs-blocks events --stopped``: why tasks stopped, from what their cluster keeps."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.cli.events import events
from tests.blocks.test_task_history import STOPPED
from tests.deploy.one_off.world import TEMPLATE, serving
from tests.deploy.stage import STACK
from tests.fake_aws import denied, error

if TYPE_CHECKING:
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.fake_aws.faults import Kind
    from tests.project import Outcome

KEPT: Final = "/aws/events/ecs/containerinsights/prod/performance"
ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


def asked(shell: Shell, *options: str) -> Outcome:
    return shell.call(events, "hoge", "--env", "prod", "--stopped", *options)


def stopped(fake: FakeAws, task_id: str, at: str = "03:12:07", **detail: Any) -> None:
    """Let EventBridge write that a task of the service has stopped."""
    name = fake.stack(STACK).resources["Service"].physical_id.rpartition("/")[2]
    event = copy.deepcopy(STOPPED)
    event["detail"] |= {
        "taskArn": f"arn:aws:ecs:ap-northeast-1:123456789012:task/prod/{task_id}",
        "taskDefinitionArn": fake.stack(STACK).resources["TaskDefinition"].physical_id,
        "group": f"service:{name}",
        "startedAt": f"2026-08-05T{at}Z",
        "stoppingAt": f"2026-08-05T{at}.500Z",
        "stoppedAt": f"2026-08-05T{at}.900Z",
        **detail,
    }
    write(fake, json.dumps(event))


def write(fake: FakeAws, line: str) -> None:
    fake.world.logs.group(KEPT)
    fake.world.logs.write(KEPT, "a-stream", [line])


def test_each_reason_is_told_once_the_newest_last(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, "03:12:07")
    stopped(fake, TWO, "03:14:07")
    no_image = {
        "stopCode": "TaskFailedToStart",
        "stoppedReason": "ResourceInitializationError: unable to pull secrets: AccessDenied",
    }
    stopped(fake, THREE, "03:13:07", containers=[{"name": "app"}], startedAt=None, **no_image)
    done = asked(shell)
    lines = done.stdout.splitlines()

    assert (done.code, done.stderr) == (0, "")
    assert lines[0].startswith(f"2026-08-05T03:13:07Z  Service ({STACK}:1): task {THREE} (app): ")
    assert lines[1].startswith("    hint: ")
    assert lines[2:4] == [
        f"2026-08-05T03:14:07Z  Service ({STACK}:1): task {TWO}: app exited 1, after 0s, "
        "1 more the same",
        "    hint: the log lines say why",
    ]
    assert lines[4:] == [f"what the last one wrote: ecs-blocks logs hoge --env prod --task {TWO}"]


def test_tasks_that_were_not_needed_are_counted(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    reason = "Scaling activity initiated by (deployment ecs-svc/1)"
    for task in (ONE, TWO):
        stopped(fake, task, stopCode="ServiceSchedulerInitiated", stoppedReason=reason)
    nothing, counted = asked(shell).stdout.splitlines()

    assert nothing.startswith("no task failed since 20")
    assert nothing.endswith(f"Z, says {KEPT}")
    assert counted == "2 stopped because ECS needed them no longer: fewer to run, a new version"


def test_a_task_is_told_once_however_often_its_event_comes(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, version=7, stoppedReason="the last word")
    stopped(fake, ONE, version=6)
    [row] = json.loads(asked(shell, "--json").stdout)

    assert row["reason"] == "the last word"


def test_json_has_every_task(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    [row] = json.loads(asked(shell, "--json").stdout)
    task = row.pop("task")

    assert row == {
        "at": "2026-08-05T03:12:07Z",
        "of": "Service",
        "revision": f"{STACK}:1",
        "reason": "Essential container in task exited",
        "was_unneeded": False,
    }
    assert (task["task_id"], task["container"], task["exit_code"]) == (ONE, "app", 1)


def test_what_is_not_of_this_stack_or_no_event_is_left_out(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, group="service:another")
    stopped(fake, TWO, lastStatus="RUNNING")
    for line in ("no JSON", "[]", '{"detail-type": "ECS Task State Change"}', '{"detail": 1}'):
        write(fake, line)

    assert asked(shell).stdout.startswith("no task failed since ")


@pytest.mark.parametrize(("since", "found"), [("1h", 0), ("3h", 1)])
def test_only_so_far_back(fake: FakeAws, shell: Shell, since: str, found: int) -> None:
    serving(fake)
    stopped(fake, ONE)
    fake.clock.advance(7200)

    assert len(json.loads(asked(shell, "--since", since, "--json").stdout)) == found


def test_only_these_services_are_asked_for(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    fake.calls.clear()
    asked(shell)
    [call] = [one for one in fake.calls if one.operation == "FilterLogEvents"]
    name = fake.stack(STACK).resources["Service"].physical_id.rpartition("/")[2]

    assert call.parameters["filterPattern"] == (
        f'{{ ($.detail.group = "family:{STACK}") || ($.detail.group = "service:{name}") }}'
    )


def test_a_job_has_a_history_too(fake: FakeAws, shell: Shell) -> None:
    """Its stack names no cluster, so every history of the account is read."""
    job = copy.deepcopy(TEMPLATE)
    del job["Resources"]["Service"]
    fake.deployed(STACK, job, {"Image": "app:1", "Level": "info"})
    nothing = asked(shell)
    event = copy.deepcopy(STOPPED)
    event["detail"] |= {"group": f"family:{STACK}", "stoppedReason": "Essential container exited"}
    write(fake, json.dumps(event))

    assert f"  TaskDefinition (hoge:42): task {'7f2a'.ljust(32, '0')}" in asked(shell).stdout
    assert nothing.stderr.startswith(
        "the cluster keeps no history of stopped tasks: none in ap-northeast-1 does\n"
    )


def test_a_cluster_without_a_history_says_what_to_add(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    done = asked(shell)

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"the cluster keeps no history of stopped tasks: there is no log group {KEPT}",
        "  add eb.TaskHistory to the cluster's stack; what failed in the last hour is in status",
    ]


def test_a_stack_without_tasks_says_so(fake: FakeAws, shell: Shell) -> None:
    topics = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    fake.deployed(STACK, topics, {})

    assert asked(shell).stderr == f"{STACK} has neither an ECS service nor a job\n"


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        pytest.param(denied, 14, "permission is missing", id="a permission"),
        pytest.param(error("ResourceNotFoundException", "no group"), 15, "no group", id="gone"),
    ],
)
def test_what_aws_refuses_is_said(
    fake: FakeAws, shell: Shell, fault: Kind, code: int, said: str
) -> None:
    serving(fake)
    stopped(fake, ONE)
    fake.fault("FilterLogEvents", fault, times=None)
    done = asked(shell)

    assert (done.code, done.stdout) == (code, "")
    assert done.stderr.startswith(f"reading {KEPT}: ")
    assert said in done.stderr


def test_how_far_back_is_a_question_about_stopped_tasks_alone(shell: Shell) -> None:
    done = shell.call(events, "hoge", "--env", "prod", "--since", "1d")

    assert done.code == 2
    assert "--since goes with --stopped alone" in done.stderr
