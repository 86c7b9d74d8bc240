"""``ecs-blocks account-setup``, as a user calls it."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli import run
from ecs_blocks.cli.account_setup import account_setup
from tests.deploy.preflight.account_world import ALL_ROLES, GOOD, Account
from tests.deploy.preflight.scripted import VARIABLES
from tests.project import project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.preflight.scripted import Scripted

CALLER = "arn:aws:sts::123456789012:assumed-role/admin/me"
HEAD = f"prod: account 123456789012, ap-northeast-1, as {CALLER}"


@pytest.fixture(autouse=True)
def _here(server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    caller = {"Account": "123456789012", "Arn": CALLER, "UserId": "AROA:me"}
    server.on("sts.GetCallerIdentity", caller)


def called(*arguments: str) -> tuple[object, list[str]]:
    """The exit code, and what was said."""
    error = io.StringIO()
    with (
        contextlib.redirect_stderr(error),
        contextlib.redirect_stdout(error),
        pytest.raises(SystemExit) as stop,
    ):
        run(account_setup, args=list(arguments), prog_name="ecs-blocks account-setup")
    return stop.value.code, error.getvalue().splitlines()


@pytest.mark.slow
def test_with_yes_it_is_done_and_told(server: Scripted) -> None:
    account = Account(server, *ALL_ROLES[1:], **{**GOOD, "awsvpcTrunking": "disabled"})
    code, lines = called("--env", "prod", "--yes")

    assert code == 0
    assert (account.roles, account.settings) == (set(ALL_ROLES), GOOD)
    assert lines[0] == HEAD
    assert lines[-2:] == ["done: ecs.amazonaws.com is there", "done: awsvpcTrunking is enabled"]
    role, setting = "service-linked role ", "ECS setting "
    assert [tuple(re.split(" {2,}", line.strip())) for line in lines[1:-2]] == [
        (f"{role}ecs.amazonaws.com", "missing -> there", "ECS"),
        (f"{role}elasticloadbalancing.amazonaws.com", "there", "Elastic Load Balancing"),
        (f"{role}ecs.application-autoscaling.amazonaws.com", "there", "the scaling of services"),
        (f"{role}autoscaling.amazonaws.com", "there", "Auto Scaling groups"),
        (f"{setting}serviceLongArnFormat", "enabled", "services can have tags"),
        (f"{setting}taskLongArnFormat", "enabled", "tasks can have tags"),
        (f"{setting}containerInstanceLongArnFormat", "enabled", "instances can have tags"),
        (
            f"{setting}awsvpcTrunking",
            "disabled -> enabled",
            "an instance takes more tasks with a network interface each",
        ),
        (f"{setting}containerInsights", "enhanced", "new clusters measure their tasks"),
    ]


@pytest.mark.slow
def test_without_a_terminal_nobody_is_asked_and_nothing_is_done(server: Scripted) -> None:
    account = Account(server, **GOOD)
    code, lines = called("--env", "prod")

    assert code == 4
    assert lines[-2:] == ["nobody is here to agree to this; add --yes", "nothing was changed"]
    assert account.roles == set()


def test_where_everything_is_there_nobody_is_asked(server: Scripted) -> None:
    Account(server, *ALL_ROLES, **GOOD)
    code, lines = called("--env", "prod")

    assert (code, lines[0], lines[-1]) == (0, HEAD, "everything is there; nothing to do")


def test_another_account_is_left_alone(server: Scripted) -> None:
    Account(server)
    code, lines = called("--env", "dev", "--yes")

    assert code == 2
    assert lines[0].startswith("dev is account 111122223333 in platform.yaml, but your credentials")
    assert [name for name, _ in server.asked] == ["sts.GetCallerIdentity"]


def test_an_unknown_environment_is_refused() -> None:
    code, lines = called("--env", "prd")

    assert code == 2
    assert lines[0].endswith("did you mean prod?")


def test_the_deployers_policy_is_printed_and_aws_is_not_asked(
    server: Scripted, tmp_path: Path
) -> None:
    for name in ("hoge", "fuga"):
        folder = tmp_path / "stacks" / name
        folder.mkdir(exist_ok=True)
        url = f"123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/{name}-image"
        (folder / "environment.yaml").write_text(f"images: [{url}]\nparameters:\n  prod: {{}}\n")
    code, lines = called("--env", "prod", "--policy")
    found = json.loads("".join(lines))

    assert (code, server.asked) == (0, [])
    assert found["Statement"][0]["Resource"] == (
        "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/*-prod/*"
    )
    marks = next(one for one in found["Statement"] if one["Sid"] == "DeployedMarks")
    assert marks["Resource"] == [
        f"arn:aws:ecr:ap-northeast-1:123456789012:repository/{name}-image"
        for name in ("fuga", "hoge")
    ]


def test_a_file_that_names_no_images_as_it_should_is_told(server: Scripted, tmp_path: Path) -> None:
    folder = tmp_path / "stacks" / "hoge"
    folder.mkdir(exist_ok=True)
    (folder / "environment.yaml").write_text('images: ["hoge:1"]\nparameters:\n  prod: {}\n')
    code, lines = called("--env", "prod", "--policy")

    assert (code, server.asked) == (2, [])
    assert lines[0].startswith("stacks/hoge/environment.yaml:1:10: images: ")


def test_so_is_the_policy_of_whoever_gets_into_containers(server: Scripted) -> None:
    code, lines = called("--env", "prod", "--exec-policy")
    both = called("--env", "prod", "--policy", "--exec-policy")

    assert (code, server.asked) == (0, [])
    assert '"ecs:ExecuteCommand"' in "".join(lines)
    assert (both[0], both[1][-1]) == (
        2,
        "Error: --policy and --exec-policy are two policies: print one at a time",
    )
