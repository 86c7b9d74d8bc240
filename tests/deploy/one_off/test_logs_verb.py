"""``ecs-blocks logs``: whose lines, how far back, and how they look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.cli.logs import logs
from tests.deploy.one_off.shell import Screen
from tests.deploy.one_off.world import GROUP, LOGS, aws_of, serving, template, write
from tests.fake_aws import error

if TYPE_CHECKING:
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.project import Outcome

ONE, TWO = "1" * 32, "2" * 32


def printed(shell: Shell, *options: str) -> Outcome:
    return shell.call(logs, "hoge", "--env", "prod", *options)


def test_each_line_has_its_time_container_and_task(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    write(fake, ONE, "hello")
    at = fake.clock.aws_time().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    assert printed(shell).stdout == f"{at} app/11111111 hello\n"


def test_json_has_all_of_it(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    write(fake, ONE, "\x1b[31mré\x1b[0m")
    [row] = map(json.loads, printed(shell, "--json").stdout.splitlines())

    assert row.pop("at").endswith("Z")
    assert row == {
        "service": "Service",
        "container": "app",
        "task": ONE,
        "message": "\x1b[31mré\x1b[0m",
    }


@pytest.mark.parametrize(
    ("is_terminal", "ending"), [(False, " \x1b[31mred\x1b[0m\n"), (True, " red\n")]
)
def test_escape_sequences_reach_a_pipe_and_no_terminal(
    fake: FakeAws, shell: Shell, ending: str, *, is_terminal: bool
) -> None:
    serving(fake)
    write(fake, ONE, "\x1b[31mred\x1b[0m")
    if is_terminal:
        shell.out = Screen()

    assert printed(shell).stdout.endswith(f"app/11111111{ending}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["of app", "of proxy", "of another"]),
        (("--container", "app"), ["of app", "of another"]),
        (("--service", "Service"), ["of app", "of proxy", "of another"]),
        (("--since", "1m"), ["of another"]),
        (("--since", "2h"), ["long ago", "of app", "of proxy", "of another"]),
        (("--task", ONE), ["long ago", "of app", "of proxy"]),
        (("--task", "1111"), ["long ago", "of app", "of proxy"]),
        (("--task", f"arn:aws:ecs:r:1:task/prod/{ONE}", "--since", "1h"), ["of app", "of proxy"]),
    ],
)
def test_lines_are_chosen(
    fake: FakeAws, shell: Shell, options: tuple[str, ...], expected: list[str]
) -> None:
    serving(fake)
    write(fake, ONE, "long ago")
    fake.clock.advance(7000)
    write(fake, ONE, "of app")
    fake.clock.advance(1)
    write(fake, ONE, "of proxy", container="proxy")
    fake.clock.advance(120)
    write(fake, TWO, "of another")

    assert [line.split(" ", 2)[2] for line in printed(shell, *options).stdout.splitlines()] == (
        expected
    )


def test_a_stopped_task_is_read_by_its_own_task_definition(fake: FakeAws, shell: Shell) -> None:
    moved = {**LOGS, "Options": {**LOGS["Options"], "awslogs-stream-prefix": "moved"}}  # type: ignore[dict-item]  # a mapping
    serving(fake)
    before = fake.ecs.tasks.all[0].id
    write(fake, before, "from before")
    aws_of(fake).client("cloudformation").update_stack(
        StackName="hoge-prod",
        TemplateBody=json.dumps(template(app={"LogConfiguration": moved})),
        Parameters=[{"ParameterKey": one, "UsePreviousValue": True} for one in ("Image", "Level")],
    )
    fake.clock.advance(300)

    assert printed(shell, "--task", before).stdout.endswith(f"app/{before[:8]} from before\n")
    assert printed(shell, "--task", ONE).stderr == "no lines in /ecs/hoge-prod\n"


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        (
            {"LogDriver": "awsfirelens", "Options": {}},
            "the log of app goes through awsfirelens: look where that sends it",
        ),
        (
            {"LogDriver": "awslogs", "Options": {"awslogs-group": GROUP}},
            "no log lines: the log configuration of app names no group or stream",
        ),
        (
            {
                "LogDriver": "awslogs",
                "Options": {
                    "awslogs-group": "/far",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "x",
                },
            },
            "the log of app is in us-east-1: /far, streams x/app/…",
        ),
    ],
)
def test_a_log_that_is_elsewhere_is_named(
    fake: FakeAws, shell: Shell, settings: dict[str, Any], note: str
) -> None:
    serving(fake, template(app={"LogConfiguration": settings}))
    write(fake, ONE, "of proxy", container="proxy")
    outcome = printed(shell)

    assert outcome.stderr == f"{note}\n"
    assert outcome.stdout.endswith("proxy/11111111 of proxy\n")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ((), 0, "no lines in /ecs/hoge-prod; look further back: ecs-blocks logs hoge --env prod "),
        (("--since", ""), 2, "a time is a number with s, m, h, d or w behind it: 90s"),
        (("--since", "yesterday"), 2, "a time is a number with s, m, h, d or w behind it: 90s"),
        (("--task", "../x"), 2, "a task is given by its id, at least four characters, or its ARN"),
        (("--container", "ap"), 2, "hoge-prod has no container ap; did you mean app?"),
        (("--service", "Web"), 2, "hoge-prod has no service Web; there are: Service"),
    ],
)
def test_what_there_is_not_is_said(
    fake: FakeAws, shell: Shell, options: tuple[str, ...], code: int, message: str
) -> None:
    serving(fake)
    outcome = printed(shell, *options)

    assert (outcome.code, outcome.stdout) == (code, "")
    assert message in outcome.stderr


def test_a_missing_log_group_is_named(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.fault("FilterLogEvents", error("ResourceNotFoundException", "no such group"), times=None)
    outcome = printed(shell)

    assert outcome.code == 0
    assert outcome.stderr.splitlines()[0] == "there is no log group /ecs/hoge-prod"


def test_following_ends_with_ctrl_c(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    write(fake, ONE, "hello")

    def enough() -> None:
        raise KeyboardInterrupt

    fake.clock.at(10, enough)
    outcome = printed(shell, "--follow")

    assert outcome.code == 130
    assert outcome.stdout.endswith(" hello\n")


@pytest.mark.parametrize("since", ["999999999d", "3651d", "99999999999w", "1" * 18 + "s"])
def test_too_long_ago_is_a_usage_error(shell: Shell, since: str) -> None:
    done = printed(shell, "--since", since)

    assert done.code == 2
    assert f"{since} is too far back; at most 3650d, ten years" in done.stderr


def test_ten_years_are_not_too_long(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    write(fake, ONE, "hello")

    assert printed(shell, "--since", "3650d").stdout.endswith(" hello\n")


@pytest.mark.parametrize(
    ("ci", "shown"), [("true", ": :error::x"), ("", "::error::x"), ("false", "::error::x")]
)
def test_in_a_ci_job_no_line_is_an_order(
    fake: FakeAws, shell: Shell, monkeypatch: pytest.MonkeyPatch, ci: str, shown: str
) -> None:
    monkeypatch.setenv("CI", ci)
    serving(fake)
    write(fake, ONE, "::error::x")

    assert printed(shell).stdout.endswith(f" {shown}\n")


def test_a_bug_is_told_in_words(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("ecs_blocks.cli.logs.opened", broken)
    done = printed(shell)

    assert (done.code, "FAILED: ecs-blocks has a bug" in done.stderr) == (1, True)
