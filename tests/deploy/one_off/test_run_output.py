"""``ecs-blocks run``: what it prints, and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli.run_task import run_task
from tests.deploy.one_off.shell import ClosedPipe, Screen
from tests.deploy.one_off.world import service, serving
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.project import Outcome


def ran(shell: Shell, *options: str) -> Outcome:
    return shell.call(run_task, "hoge", "--env", "prod", *options, "--", "./migrate")


ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07\u202eover"


def test_into_a_pipe_lines_go_as_they_are(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.script.run_task_ends(0, logs=[ESCAPES])

    assert ran(shell).stdout == f"{ESCAPES}\n"


def test_on_a_terminal_nothing_in_a_line_may_steer_it(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    shell.out = Screen()
    fake.script.run_task_ends(0, logs=[ESCAPES, "", "  indented"])

    assert ran(shell).stdout == "red over\n\n  indented\n"


def test_a_closed_pipe_does_not_hide_how_it_ended(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    shell.out = ClosedPipe()
    fake.script.run_task_ends(3, logs=["one", "two"])

    assert ran(shell).code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hoge", "--env", "prod"), "Missing argument '-- COMMAND...'"),
        (("hoge", "--", "x"), "Missing option '--env'"),
        (("hoge", "--env", "prod", "--nope", "--", "x"), "No such option"),
        (("hoge", "--env", "prod", "--timeout", "0", "--", "x"), "0 is not in the range"),
        (("hoge", "--env", "prd", "--", "x"), "did you mean prod?"),
        (("hgoe", "--env", "prod", "--", "x"), "no such app"),
        (("hoge", "--env", "prod", "--", "x"), "there is no stack hoge-prod"),
        (("hoge", "--env", "dev", "--", "x"), "dev is account 111122223333"),
    ],
)
def test_its_own_failures_are_125(shell: Shell, arguments: tuple[str, ...], message: str) -> None:
    outcome = shell.call(run_task, *arguments)

    assert (outcome.code, outcome.stdout) == (125, "")
    assert message in outcome.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--container", "ap"), "hoge-prod:1 has no container ap; did you mean app?"),
        (("--service", "Servcie"), "hoge-prod has no service Servcie; did you mean Service?"),
        (("--image", "a/b:1"), "--image a/b:1 is neither a tag nor a digest"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_starts(
    fake: FakeAws, shell: Shell, options: tuple[str, str], message: str
) -> None:
    serving(fake)
    outcome = ran(shell, *options)

    assert outcome.code == 125
    assert message in outcome.stderr
    assert fake.asked("RunTask") == []


def test_a_service_that_is_gone_is_told(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.canned("ecs", "DescribeServices", {"services": [], "failures": []})
    outcome = ran(shell)

    assert outcome.code == 125
    assert "the stack has the service Service, but ECS has it no more" in outcome.stderr


def test_a_deployment_in_progress_is_told(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    found = service(fake)
    again = {"cluster": found.cluster, "service": found.arn, "forceNewDeployment": True}
    fake.ecs.update_service(again)

    assert "is being deployed: hoge-prod:1 is taken, which is not proven yet" in ran(shell).stderr


def python(code: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_process_whose_pipe_is_closed_ends_with_its_own_code() -> None:
    code = (
        "import sys; from ecs_blocks.cli.run_task import _Screen; screen = _Screen(); "
        "[screen.line('x' * 9999) for _ in range(99)]; screen.close(); sys.exit(7)"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = python(code, writer)
    os.close(writer)

    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.slow
def test_the_module_does_not_take_the_place_of_the_program() -> None:
    code = "import ecs_blocks.cli.run_task; from ecs_blocks.cli import run; print(callable(run))"

    assert python(code).stdout == "True\n"
