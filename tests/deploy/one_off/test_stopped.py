"""``ecs-blocks events --stopped``: why tasks stopped, from what their cluster keeps."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
import shlex
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.cli.events import events
from ecs_blocks.cli.logs import logs
from tests.blocks.test_task_history import ACTION, STOPPED
from tests.deploy.one_off.world import TEMPLATE, serving
from tests.deploy.stage import STACK
from tests.fake_aws import denied, error

if TYPE_CHECKING:
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.fake_aws.faults import Kind
    from tests.project import Outcome

pytestmark = pytest.mark.slow

KEPT: Final = "/aws/events/ecs/containerinsights/prod/performance"
OTHERS: Final = KEPT.replace("prod", "other")
HERE: Final = "arn:aws:ecs:ap-northeast-1:123456789012"
ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


def asked(shell: Shell, *options: str) -> Outcome:
    shell.out = io.StringIO()
    return shell.call(events, "hoge", "--env", "prod", "--stopped", *options)


def told(shell: Shell, *options: str) -> dict[str, Any]:
    """What ``--json`` writes."""
    done = asked(shell, "--json", *options)

    assert done.code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stopped(
    fake: FakeAws, task_id: str, at: str = "03:12:07", group: str = KEPT, **detail: Any
) -> None:
    """Let EventBridge write that a task of the service has stopped."""
    name = fake.stack(STACK).resources["Service"].physical_id.rpartition("/")[2]
    event = copy.deepcopy(STOPPED)
    event["detail"] |= {
        "taskArn": f"{HERE}:task/prod/{task_id}",
        "clusterArn": f"{HERE}:cluster/prod",
        "taskDefinitionArn": fake.stack(STACK).resources["TaskDefinition"].physical_id,
        "group": f"service:{name}",
        "startedAt": f"2026-08-05T{at}Z",
        "stoppingAt": f"2026-08-05T{at}.500Z",
        "stoppedAt": f"2026-08-05T{at}.900Z",
        **detail,
    }
    write(fake, json.dumps(event), group)


def write(fake: FakeAws, line: str, group: str = KEPT) -> None:
    fake.world.logs.group(group)
    fake.world.logs.write(group, "a-stream", [line])


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
    [row] = told(shell)["tasks"]

    assert row["stoppedReason"] == "the last word"


def test_json_has_every_task(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)

    assert told(shell) == {
        "format": 1,
        "since": f"{fake.clock.aws_time() - dt.timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}",
        "histories": [{"logGroup": KEPT, "begins": "1970-01-01T00:00:00Z"}],
        "leftOut": 0,
        "notes": [],
        "tasks": [
            {
                "stoppedAt": "2026-08-05T03:12:07Z",
                "service": "Service",
                "outcome": "failed",
                "revision": f"{STACK}:1",
                "taskId": ONE,
                "container": "app",
                "exitCode": 1,
                "stopCode": "EssentialContainerExited",
                "stoppedReason": "Essential container in task exited",
                "class": "exit code",
                "summary": "app exited 1",
                "hint": "the log lines say why",
                "ranSeconds": 0.5,
            }
        ],
    }


def test_what_is_not_of_this_stack_is_left_out(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, group="service:another")
    stopped(fake, TWO, lastStatus="RUNNING")
    for cluster in (
        f"{HERE}:cluster/another",
        f"{HERE.replace('123456789012', '999999999999')}:cluster/prod",
        f"{HERE.replace('northeast', 'south')}:cluster/prod",
    ):
        stopped(fake, THREE, clusterArn=cluster)
    write(fake, json.dumps(ACTION))
    found = told(shell)

    assert (found["tasks"], found["leftOut"]) == ([], 0)
    assert asked(shell).stdout.startswith("no task failed since ")


def test_a_line_that_is_no_event_is_counted(fake: FakeAws, shell: Shell) -> None:
    """However odd it is: anybody of the account may write one."""
    serving(fake)
    stopped(fake, ONE)
    write(fake, "no JSON")
    one = asked(shell).stdout
    stopped(fake, TWO, containers=None)

    assert f"task {ONE}" in one
    assert one.endswith("\nleft out: 1 line of the history is no event of ECS\n")
    assert asked(shell).stdout.endswith("\nleft out: 2 lines of it are no events of ECS\n")


def test_no_text_steers_a_terminal(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    name = "\x1b[31mapp\nOK: deployed\n::error::x"
    stopped(fake, ONE, containers=[{"name": name, "exitCode": 1, "image": "\x1b[31mevil"}])
    stopped(fake, TWO, stoppedReason="\u202eevil\n::error::x", containers=[])
    lines = asked(shell).stdout.splitlines()

    assert len(lines) == 4
    assert all(line.isprintable() and not line.startswith(("::", "OK")) for line in lines)


def test_credentials_are_told_nowhere(fake: FakeAws, shell: Shell) -> None:
    """Nor where the text is cut in the middle of one."""
    serving(fake)
    secrets = "postgres://u:hunter2hunter2@db AKIAIOSFODNN7EXAMPLE"
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    for task, filling in ((ONE, 10), (TWO, 290), (THREE, 320)):
        text = f'CannotStartContainerError: "{"x" * filling} {secrets} {token}" not found'
        stopped(fake, task, stoppedReason=text, containers=[{"name": "app", "reason": text}])
    found = asked(shell).stdout + json.dumps(told(shell))

    assert "CannotStartContainerError" in found
    assert all(one not in found for one in ("hunter2", "AKIA", "ghp_"))


def test_a_long_reason_takes_no_time(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, stoppedReason="x" * 200_000, containers=[])
    began_s = time.process_time()
    [row] = told(shell)["tasks"]

    assert len(row["stoppedReason"]) == 400
    assert time.process_time() - began_s < 3


def test_only_the_last_reasons_are_told(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    for number in range(53):
        stopped(fake, f"{number:032x}", stoppedReason=f"it has {number}", containers=[])
    lines = asked(shell).stdout.splitlines()

    assert lines[0] == "before these, 3 more reasons: --json has every task"
    assert len(lines) == 51
    assert "the task stopped: it has 52" in lines[-1]


class Pages:
    """Answers of CloudWatch Logs in pages, the first of them empty, each after some seconds."""

    def __init__(self, fake: FakeAws, operation: str, real: Any, seconds: int = 0) -> None:
        self._fake = fake
        self._real = real
        self._seconds = seconds
        self.tokens: list[str | None] = []
        fake.canned("logs", operation, self)

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        self._fake.clock.advance(self._seconds)
        self.tokens.append(request.get("nextToken"))
        if len(self.tokens) < 3:
            return {"nextToken": f"page {len(self.tokens)}"}
        found: dict[str, Any] = self._real({**request, "nextToken": None})
        return found


def test_every_page_is_read_and_what_takes_long_says_so(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    pages = Pages(fake, "FilterLogEvents", fake.world.logs.filter_log_events, 6)
    done = asked(shell)

    assert pages.tokens == [None, "page 1", "page 2"]
    assert f"task {ONE}" in done.stdout
    assert done.stderr == f"reading {KEPT}: 0 events so far\n"


def test_the_history_is_found_among_many(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    pages = Pages(fake, "DescribeLogGroups", fake.world.logs.describe_log_groups)
    found = told(shell)

    assert pages.tokens == [None, "page 1", "page 2"]
    assert [one["taskId"] for one in found["tasks"]] == [ONE]


@pytest.mark.parametrize(
    ("made", "kept_days", "begins"),
    [
        pytest.param(1, None, 1, id="just made"),
        pytest.param(50, 1, 24, id="days that are kept"),
        pytest.param(1, 1, 1, id="both"),
    ],
)
def test_it_says_where_the_history_begins(
    fake: FakeAws, shell: Shell, made: int, kept_days: int | None, begins: int
) -> None:
    """All in hours ago but the days."""
    serving(fake)
    now = fake.clock.aws_time()
    settings = {"creationTime": int((now - dt.timedelta(hours=made)).timestamp() * 1000)}
    fake.world.logs.group(KEPT)
    fake.world.logs.settings[KEPT] = settings | (
        {"retentionInDays": kept_days} if kept_days else {}
    )
    at = f"{now - dt.timedelta(hours=begins):%Y-%m-%dT%H:%M:%SZ}"
    found = told(shell)

    assert asked(shell).stdout.splitlines() == [
        f"no task failed since {at}, says {KEPT}",
        f"{KEPT} begins at {at}; of what was before nothing is known",
    ]
    assert (found["since"], found["histories"][0]["begins"]) == (at, at)


@pytest.mark.parametrize(("since", "found"), [("1h", 0), ("3h", 1)])
def test_only_so_far_back(fake: FakeAws, shell: Shell, since: str, found: int) -> None:
    serving(fake)
    stopped(fake, ONE)
    fake.clock.advance(7200)

    assert len(told(shell, "--since", since)["tasks"]) == found


def test_only_these_services_are_asked_for(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    fake.calls.clear()
    asked(shell)
    [call] = [one for one in fake.calls if one.operation == "FilterLogEvents"]
    name = fake.stack(STACK).resources["Service"].physical_id.rpartition("/")[2]

    assert call.parameters["filterPattern"] == (
        f'{{ ($.detail.group = "family:{STACK}") || ($.detail.group = "family:{STACK}-run") || '
        f'($.detail.group = "service:{name}") }}'
    )


def test_many_services_are_asked_for_in_several_calls(fake: FakeAws, shell: Shell) -> None:
    """CloudWatch Logs takes 1,024 characters."""
    many = copy.deepcopy(TEMPLATE)
    definition = many["Resources"]["TaskDefinition"]
    for number in range(12):
        more = copy.deepcopy(definition)
        more["Properties"]["Family"] = f"{STACK}-another-{number}"
        many["Resources"][f"Another{number}"] = more
    serving(fake, many)
    stopped(fake, ONE)
    fake.calls.clear()
    found = told(shell)
    calls = [one for one in fake.calls if one.operation == "FilterLogEvents"]
    patterns = [str(one.parameters["filterPattern"]) for one in calls]

    assert [one["taskId"] for one in found["tasks"]] == [ONE]
    assert len(patterns) == 2
    assert max(len(one) for one in patterns) <= 1000
    assert sum(one.count("$.detail.group") for one in patterns) == 27


def job(fake: FakeAws) -> None:
    """A stack that runs a task now and then, and names no cluster."""
    made = copy.deepcopy(TEMPLATE)
    del made["Resources"]["Service"]
    fake.deployed(STACK, made, {"Image": "app:1", "Level": "info"})


OF_JOB: Final = {"group": f"family:{STACK}"}


def test_a_job_has_a_history_too(fake: FakeAws, shell: Shell) -> None:
    """Its stack names no cluster, so every history of the account is read."""
    job(fake)
    nothing = asked(shell)
    stopped_job(fake, ONE)
    done = asked(shell)

    assert f"  TaskDefinition ({STACK}:1): task {ONE}" in done.stdout
    assert "ecs-blocks logs" not in done.stdout
    assert nothing.stderr.startswith(
        "the cluster keeps no history of stopped tasks: none in ap-northeast-1 does\n"
    )


def stopped_job(fake: FakeAws, task_id: str, code: int = 1, **detail: Any) -> None:
    """Let EventBridge write that a task has stopped that no service ran."""
    definition = fake.stack(STACK).resources["TaskDefinition"].physical_id
    event = copy.deepcopy(STOPPED)
    event["detail"] |= {
        "taskArn": f"{HERE}:task/prod/{task_id}",
        "clusterArn": f"{HERE}:cluster/prod",
        "taskDefinitionArn": definition,
        "group": f"family:{STACK}",
        "containers": [{"name": "app", "exitCode": code}],
        **detail,
    }
    write(fake, json.dumps(event))


def test_a_job_that_ended_well_is_counted(fake: FakeAws, shell: Shell) -> None:
    """A container that is not essential, or had to end with it, may end as it likes."""
    job(fake)
    stopped_job(fake, ONE, 0)
    proxy = {"name": "proxy", "exitCode": 143}
    stopped_job(fake, TWO, containers=[{"name": "app", "exitCode": 0}, proxy])
    stopped_job(fake, THREE, 0, stopCode="UserInitiated", stoppedReason="Task stopped by user")
    lines = asked(shell).stdout.splitlines()

    assert lines[-1] == "2 ended well (exit code 0)"
    assert f"task {THREE}" in lines[0]
    assert "foreground" not in lines[1]
    assert [one["outcome"] for one in told(shell)["tasks"]].count("ended well") == 2


def test_a_service_never_ends_well(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE, containers=[{"name": "app", "exitCode": 0}])
    lines = asked(shell).stdout.splitlines()

    assert "app ended by itself (exit code 0)" in lines[0]
    assert "start the program in the foreground" in lines[1]


def test_a_step_before_a_deploy_is_told_as_one(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    definition = f"{HERE}:task-definition/{STACK}-run:7"
    stopped_job(fake, ONE, group=f"family:{STACK}-run", taskDefinitionArn=definition)
    [row] = told(shell)["tasks"]

    assert f"  step of TaskDefinition ({STACK}-run:7): task {ONE}" in asked(shell).stdout
    assert (row["stepOf"], row["revision"]) == ("TaskDefinition", f"{STACK}-run:7")


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        pytest.param(denied, "permission is missing", id="may not be read"),
        pytest.param(error("ResourceNotFoundException", "no group"), "no group", id="gone"),
    ],
)
def test_a_job_has_no_need_of_every_history(
    fake: FakeAws, shell: Shell, fault: Kind, note: str
) -> None:
    job(fake)
    stopped_job(fake, ONE)
    fake.world.logs.group(OTHERS)
    fake.world.logs.group(f"{OTHERS}-of-mine")
    fake.fault("FilterLogEvents", fault)  # that of the cluster other: it comes first
    done = asked(shell)

    assert f"task {ONE}" in done.stdout
    assert f"\nleft out: reading {OTHERS}: " in done.stdout
    assert note in done.stdout
    assert "of-mine" not in done.stdout


def test_a_service_whose_arn_names_no_cluster_is_looked_for_everywhere(
    fake: FakeAws, shell: Shell
) -> None:
    """ARNs of the old format, which services have that were made before 2018."""
    serving(fake)
    resource = fake.stack(STACK).resources["Service"]
    name = resource.physical_id.rpartition("/")[2]
    resource.physical_id = f"{HERE}:service/{name}"
    stopped(fake, ONE, group=OTHERS, clusterArn=f"{HERE}:cluster/other")
    fake.world.logs.group(KEPT)
    found = told(shell)

    assert [one["logGroup"] for one in found["histories"]] == [OTHERS, KEPT]
    assert [one["taskId"] for one in found["tasks"]] == [ONE]


def test_what_the_last_task_wrote_is_a_command_that_works(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    stopped(fake, ONE)
    command = asked(shell).stdout.splitlines()[-1].partition(": ecs-blocks logs ")[2]
    done = shell.call(logs, *shlex.split(command))

    assert (done.code, command) == (0, f"hoge --env prod --task {ONE}")


def test_the_imitation_keeps_no_history(shell: Shell) -> None:
    done = asked(shell, "--local")

    assert done.code == 2
    assert "the imitation of AWS keeps no history of tasks" in done.stderr


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


@pytest.mark.parametrize("since", ["", "yesterday"])
def test_what_is_no_time_is_a_usage_error(shell: Shell, since: str) -> None:
    done = asked(shell, "--since", since)

    assert done.code == 2
    assert "a time is a number with s, m, h, d or w behind it" in done.stderr


def test_how_far_back_is_a_question_about_stopped_tasks_alone(shell: Shell) -> None:
    done = shell.call(events, "hoge", "--env", "prod", "--since", "1d")

    assert done.code == 2
    assert "--since goes with --stopped alone" in done.stderr
