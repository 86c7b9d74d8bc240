"""``ecs-blocks exec``: which container, what the plugin gets, and why nobody gets in."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.cli import execute as verb
from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.execute.stand_in import plain, with_exec
from tests.deploy.one_off.world import aws_of, serving, template
from tests.fake_aws import changed, denied, error, reset_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.deploy.execute.stand_in import StandIn
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.fake_aws.faults import Kind
    from tests.project import Outcome

pytestmark = pytest.mark.slow

INSTALL = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "session-manager-working-with-install-plugin.html"
)
CAUSES = [
    "  1. the task has just started: run the same command again in a minute",
    "  2. the task's role hoge-task may not open channels: it needs "
    "ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel, "
    "which exec=eb.Exec(…) allows",
    "  3. its subnets have no way to ssmmessages.ap-northeast-1.amazonaws.com, port 443: a NAT "
    "gateway, or an endpoint in the VPC that lets the task's security group in",
    "  4. the cluster encrypts sessions under a key: the role needs kms:Decrypt with it",
]


def entered(shell: Shell, *options: str) -> Outcome:
    return shell.call(verb.execute, "hoge", "--env", "prod", *options)


def ids(fake: FakeAws) -> list[str]:
    """Of the tasks that live, oldest first."""
    return [one.id for one in fake.ecs.tasks.all if one.lives]


def test_the_plugin_gets_the_session_and_nobody_else_the_token(
    fake: FakeAws, shell: Shell, plugin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin.install(body="exit 7")
    serving(fake, with_exec())
    monkeypatch.setenv("AWS_REGION", "elsewhere")
    done = entered(shell, "--profile", "ops", "--", "sh", "-c", "echo $HOME | wc -c")
    [task] = fake.ecs.tasks.all
    session, token = plugin.response["SessionId"], plugin.response["TokenValue"]

    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.splitlines() == [
        f"sh -c 'echo $HOME | wc -c' in app of task {task.id[:8]}, hoge-prod:1"
    ]
    assert fake.asked("ExecuteCommand") == [
        {
            "cluster": task.cluster_arn,
            "task": task.arn,
            "container": "app",
            "command": "sh -c 'echo $HOME | wc -c'",
            "interactive": True,
        }
    ]
    assert plugin.arguments == [
        "AWS_SSM_START_SESSION_RESPONSE",
        "ap-northeast-1",
        "StartSession",
        "",
        json.dumps({"Target": f"ecs:prod_{task.id}_{task.id}-0000000001"}),
        aws_of(fake).client("ssm").meta.endpoint_url,
    ]
    assert plugin.response["StreamUrl"].endswith(f"/v1/data-channel/{session}")
    assert token == f"token-of-{session}"


def test_without_a_command_it_is_a_shell(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    serving(fake, with_exec())

    assert entered(shell).code == 0
    assert [one["command"] for one in fake.asked("ExecuteCommand")] == ["/bin/sh"]
    assert plugin.arguments[3] == ""


def test_another_container(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    serving(fake, with_exec())
    done = entered(shell, "--container", "proxy")

    assert done.code == 0
    assert plugin.arguments[4].endswith('-0000000002"}')


def test_of_several_tasks_the_newest_is_taken_and_that_is_said(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    serving(fake, with_exec())
    fake.ecs.scale(fake.ecs.services[0].name, 2)
    fake.clock.advance(60)
    old, new = ids(fake)
    done = entered(shell)
    named = entered(shell, "--task", old[:8])

    assert done.stderr.splitlines() == [
        f"task {new[:8]} is the newest of 2; others are {old[:8]}: ecs-blocks exec hoge --env prod "
        f"--task {old[:8]}",
        f"/bin/sh in app of task {new[:8]}, hoge-prod:1",
    ]
    assert named.stderr.splitlines() == [f"/bin/sh in app of task {old[:8]}, hoge-prod:1"]
    assert old in plugin.arguments[4]


def test_of_many_tasks_some_are_named(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    del plugin
    serving(fake, with_exec(DesiredCount=7))

    assert "is the newest of 7; others are T, T, T, T, T and 1 more: " in plain(
        entered(shell).stderr
    )


def test_a_task_of_run_is_found_by_its_id(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    serving(fake, with_exec())
    started = (
        aws_of(fake)
        .client("ecs")
        .run_task(
            cluster="prod", taskDefinition="hoge-prod", enableExecuteCommand=True, clientToken="1"
        )
    )
    fake.clock.advance(6)
    one = started["tasks"][0]["taskArn"]

    assert entered(shell, "--task", one).code == 0
    assert one.rpartition("/")[2] in plugin.arguments[4]


def test_a_task_of_an_older_revision_is_entered_by_its_own(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, with_exec())
    [old] = fake.ecs.tasks.all
    old.definition = {**old.definition, "taskDefinitionArn": f"{old.definition['family']}:1"}
    fake.ecs.definitions.register({**old.definition, "family": "hoge-prod"})
    fake.ecs.services[0].definition_arn = fake.ecs.definitions.get("hoge-prod:2")[
        "taskDefinitionArn"
    ]

    assert entered(shell).stderr.endswith(f"task {old.id[:8]}, hoge-prod:1\n")


def test_what_is_typed_as_a_signal_belongs_to_the_session(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    before = signal.getsignal(signal.SIGINT)
    plugin.install(body="kill -INT $PPID; kill -QUIT $PPID; exit 0")
    serving(fake, with_exec())

    assert entered(shell).code == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_a_plugin_that_is_killed_has_the_code_of_a_shell(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    plugin.install(body="kill -KILL $$")
    serving(fake, with_exec())

    assert entered(shell).code == 137


def test_sigterm_ends_the_session_too(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    body = 'trap "touch $here/ended; exit 0" TERM; sleep 0.1; kill -TERM $PPID; sleep 1 & wait'
    plugin.install(body=body)
    serving(fake, with_exec())

    assert entered(shell).code == 143
    assert (plugin.folder / "ended").exists()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.2.497.0", "is 1.2.497.0"),
        ("1.1.26.0", "is 1.1.26.0"),
        ("1.2.497", "is 1.2.497"),
        ("development", "is development"),
        ("", "does not tell its version"),
    ],
)
def test_a_plugin_that_would_show_the_token_is_refused(
    fake: FakeAws, shell: Shell, plugin: StandIn, version: str, said: str
) -> None:
    plugin.install(version=version)
    serving(fake, with_exec())
    done = entered(shell)

    assert done.code == 2
    assert done.stderr.splitlines() == [
        f"{plugin.folder}/session-manager-plugin {said}: up to 1.2.497.0 everybody on this machine "
        "could read the session's token in the list of processes",
        f"  install a newer one: {INSTALL}",
    ]
    assert fake.calls == []


@pytest.mark.parametrize("version", ["1.2.498.0", "1.3", "2.0.0.0"])
def test_newer_ones_are_taken(fake: FakeAws, shell: Shell, plugin: StandIn, version: str) -> None:
    plugin.install(version=version)
    serving(fake, with_exec())

    assert entered(shell).code == 0


def test_without_a_plugin_nothing_is_asked(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    (plugin.folder / "session-manager-plugin").unlink()
    done = entered(shell)

    assert done.code == 2
    assert done.stderr.splitlines() == [
        "session-manager-plugin, AWS's program for sessions, is not in PATH",
        f"  install it: {INSTALL}",
    ]
    assert fake.calls == []


def test_without_a_terminal_nothing_is_asked(
    fake: FakeAws, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "is_terminal", lambda _: False)
    done = entered(shell, "--profile", "ops", "--", "ls")

    assert done.code == 2
    assert done.stderr.splitlines() == [
        "stdin is no terminal, and ECS Exec knows only sessions that somebody types in",
        "  a task of its own needs none, and tells its exit code: ecs-blocks run hoge --env prod "
        "--profile ops -- COMMAND",
    ]
    assert fake.calls == []


def test_the_imitation_needs_no_plugin_and_shows_the_way_into_its_container(
    fake: FakeAws, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(verb, "is_terminal", lambda _: False)

    def refuse(_: object, container: dict[str, Any], command: tuple[str, ...]) -> None:
        given.extend((container["name"], command))
        raise DeployError(Exit.INPUT, "no")

    monkeypatch.setattr("ecs_blocks.deploy.local.shell.refuse", refuse)
    serving(fake, template())

    assert (entered(shell, "--local").code, given) == (2, ["app", ("/bin/sh",)])
    assert "ExecuteCommand" not in fake.operations


def off_for_the_task(answer: dict[str, Any]) -> None:
    for one in answer["tasks"]:
        one["enableExecuteCommand"] = False


def agent(status: str, reason: str = "") -> Callable[[dict[str, Any]], None]:
    def change(answer: dict[str, Any]) -> None:
        for task in answer["tasks"]:
            for one in task["containers"]:
                one["managedAgents"] = [
                    {"name": "ExecuteCommandAgent", "lastStatus": status, "reason": reason}
                ]

    return change


def without(key: str) -> Callable[[dict[str, Any]], None]:
    def change(answer: dict[str, Any]) -> None:
        for task in answer["tasks"]:
            for one in task["containers"]:
                one.pop(key)

    return change


def ended(answer: dict[str, Any]) -> None:
    for task in answer["tasks"]:
        task["containers"][0] |= {"lastStatus": "STOPPED", "exitCode": 0}


def proxy_ended(answer: dict[str, Any]) -> None:
    for task in answer["tasks"]:
        task["containers"][1] |= {"lastStatus": "STOPPED", "exitCode": 0}


def waiting(answer: dict[str, Any]) -> None:
    for task in answer["tasks"]:
        task["lastStatus"] = "PENDING"


SECONDS = "  run the same command again in a few seconds"


@pytest.mark.parametrize(
    ("change", "code", "lines"),
    [
        (
            off_for_the_task,
            15,
            [
                "task T was started before ECS Exec was turned on for Service",
                "  start its tasks anew: ecs-blocks redeploy hoge --env prod",
            ],
        ),
        (
            agent("PENDING"),
            15,
            ["the agent of ECS Exec is not up yet in app of task T", SECONDS],
        ),
        (
            without("managedAgents"),
            15,
            ["the agent of ECS Exec is not up yet in app of task T", SECONDS],
        ),
        (
            agent("STOPPED", "read-only file system"),
            15,
            [
                "the agent of ECS Exec is STOPPED in app of task T: read-only file system",
                "  it needs three folders that it can write to, which exec=eb.Exec(…) mounts, and "
                "memory",
            ],
        ),
        (
            without("runtimeId"),
            15,
            ["ECS does not tell the id of the container app of task T yet", SECONDS],
        ),
        (
            ended,
            15,
            ["the container app of task T is STOPPED, with exit code 0"],
        ),
        (
            waiting,
            15,
            [
                "no task of Service runs; 1 on the way: PENDING",
                "  see why: ecs-blocks status hoge --env prod",
            ],
        ),
    ],
)
def test_what_ecs_would_refuse_is_said_before(
    fake: FakeAws,
    shell: Shell,
    plugin: StandIn,
    change: Callable[[dict[str, Any]], None],
    code: int,
    lines: list[str],
) -> None:
    serving(fake, with_exec())
    fake.fault("DescribeTasks", changed(change), times=None)
    done = entered(shell)

    assert (done.code, plain(done.stderr).splitlines()) == (code, lines)
    assert "ExecuteCommand" not in fake.operations
    assert not plugin.was_called


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            agent("STOPPED", "read-only file system"),
            [
                "the agent of ECS Exec is STOPPED in proxy of task T: read-only file system",
                "  sidecars of ecs_blocks take no shell, as the agent can write nowhere in them; "
                "the application's container does: ecs-blocks exec hoge --env prod --container app",
            ],
        ),
        (
            proxy_ended,
            [
                "the container proxy of task T is STOPPED, with exit code 0",
                "  take the application's: --container app",
            ],
        ),
    ],
)
def test_into_a_sidecar_nobody_gets(
    fake: FakeAws,
    shell: Shell,
    plugin: StandIn,
    change: Callable[[dict[str, Any]], None],
    lines: list[str],
) -> None:
    serving(fake, with_exec())
    fake.fault("DescribeTasks", changed(change), times=None)
    done = entered(shell, "--container", "proxy")

    assert (done.code, plain(done.stderr).splitlines()) == (15, lines)
    assert not plugin.was_called


def test_where_it_is_off_the_way_to_turn_it_on_is_told(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, template())
    done = entered(shell)

    assert (done.code, plain(done.stderr).splitlines()) == (
        15,
        [
            "ECS Exec is off for Service, so nobody gets into task T",
            "  in stack.py, give its Container exec=eb.Exec(…), enabled in prod, then: "
            "ecs-blocks deploy hoge --env prod",
        ],
    )


def test_a_service_that_was_scaled_to_nothing_has_no_task(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, with_exec())
    fake.ecs.scale(fake.ecs.services[0].name, 0)
    fake.clock.advance(60)
    done = entered(shell)

    assert done.code == 15
    assert done.stderr.splitlines()[0] == "no task of Service runs"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--task", "abc"), "a task is given by its id, at least four characters, or its ARN"),
        (
            ("--task", "fffe-"),
            "Service has no running task that begins with fffe-; there are: T",
        ),
        (("--container", "ap"), "hoge-prod:1 has no container ap; did you mean app?"),
        (("--service", "Web"), "hoge-prod has no service Web; there are: Service"),
    ],
)
def test_what_there_is_not_is_said(
    fake: FakeAws, shell: Shell, plugin: StandIn, options: tuple[str, ...], message: str
) -> None:
    serving(fake, with_exec())
    done = entered(shell, *options)

    assert done.code == 2
    assert message in plain(done.stderr)
    assert not plugin.was_called


def test_how_an_id_begins_has_to_be_one_tasks_own(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, with_exec(DesiredCount=2))
    for one, end in zip(fake.ecs.tasks.all, "ab", strict=True):
        one.arn = one.arn[:-32] + "ab12".ljust(31, "0") + end
    done = entered(shell, "--task", "ab12")

    assert done.code == 2
    assert done.stderr.startswith("2 tasks begin with ab12: ab12")


def test_a_task_that_does_not_run_yet_is_told_as_it_is(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, with_exec())
    [task] = fake.ecs.tasks.all
    fake.fault("DescribeTasks", changed(waiting), times=None)
    done = entered(shell, "--task", task.id)

    assert (done.code, done.stderr) == (15, f"task {task.id} is PENDING; it has to be RUNNING\n")


def test_of_two_services_one_has_to_be_named(fake: FakeAws, shell: Shell, plugin: StandIn) -> None:
    del plugin
    made = with_exec()
    made["Resources"]["Worker"] = made["Resources"]["Service"]
    serving(fake, made)
    done = entered(shell)

    assert (done.code, done.stderr.splitlines()) == (
        2,
        ["hoge-prod has 2 services: Service, Worker", "  say which: --service Service"],
    )
    assert entered(shell, "--service", "Worker").code == 0


OPENING = "opening a session with app of task T"


@pytest.mark.parametrize(
    ("kind", "code", "lines"),
    [
        (
            error("TargetNotConnectedException", "an internal error"),
            15,
            ["ECS does not reach its agent in app of task T: an internal error", *CAUSES],
        ),
        (
            error("InvalidParameterException", "execute command was not enabled"),
            15,
            [f"{OPENING}: execute command was not enabled", *CAUSES],
        ),
        (error("ClientException", "no key"), 15, [f"{OPENING}: no key", *CAUSES]),
        (
            error("AccessDeniedException", "not authorized"),
            14,
            [
                f"{OPENING}: permission is missing: not authorized",
                "  this is what you need for it, in IAM: ecs-blocks account-setup --env prod "
                "--exec-policy",
            ],
        ),
        (
            error("ThrottlingException", "Rate exceeded"),
            12,
            [
                f"{OPENING}: AWS could not be reached: Rate exceeded",
                "  run the same command again; a session that began unseen ends by itself after 20 "
                "minutes",
            ],
        ),
        (
            error("ExpiredTokenException", "expired"),
            14,
            [
                f"{OPENING}: AWS does not accept the credentials: expired",
                "  log in again (aws sso login, or your role), then run the same command",
            ],
        ),
    ],
)
def test_why_ecs_begins_no_session(
    fake: FakeAws, shell: Shell, plugin: StandIn, kind: Kind, code: int, lines: list[str]
) -> None:
    serving(fake, with_exec())
    fake.fault("ExecuteCommand", kind, times=None)
    done = entered(shell)

    assert (done.code, plain(done.stderr).splitlines()[1:]) == (code, lines)
    assert not plugin.was_called


def test_a_session_is_begun_once_even_if_the_answer_is_lost(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    serving(fake, with_exec())
    fake.fault("ExecuteCommand", reset_after, times=None)

    assert entered(shell).code == 12
    assert len(fake.asked("ExecuteCommand")) == 1
    assert not plugin.was_called


def test_a_role_is_not_named_where_there_is_none(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    made = with_exec()
    del made["Resources"]["TaskDefinition"]["Properties"]["TaskRoleArn"]
    serving(fake, made)
    fake.fault("ExecuteCommand", denied_by_agent(), times=None)

    assert "  2. the task, which has no role, may not open channels: " in entered(shell).stderr


def denied_by_agent() -> Kind:
    return error("TargetNotConnectedException", "no")


def test_a_missing_right_to_look_is_told_as_ever(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    del plugin
    serving(fake, with_exec())
    fake.fault("ListTasks", denied, times=None)
    done = entered(shell)

    assert done.code == 14
    assert done.stderr.startswith("looking for tasks of Service: permission is missing: ")
