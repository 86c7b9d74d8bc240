"""Who calls in ``ecs-blocks exec``: its user, and nobody else; in the plugin as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.credentials import ReadOnlyCredentials

from ecs_blocks.cli import aws_options
from ecs_blocks.cli import execute as verb
from ecs_blocks.deploy.execute.plugin import attend, find
from ecs_blocks.deploy.execute.session import Session
from tests.deploy.execute.stand_in import with_exec
from tests.deploy.one_off.world import aws_of, serving
from tests.fake_aws import ENVIRONMENT
from tests.project import PLATFORM

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.place import Place
    from tests.deploy.execute.stand_in import StandIn
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.project import Outcome

ROLE = "arn:aws:iam::123456789012:role/releaser"
ANOTHER_ROLE = "arn:aws:iam::210987654321:role/releaser"
LASTING = {
    "AWS_ACCESS_KEY_ID": ENVIRONMENT["AWS_ACCESS_KEY_ID"],
    "AWS_SECRET_ACCESS_KEY": ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
}
PASSING = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "of-an-hour",
    "AWS_SESSION_TOKEN": "for-an-hour",
}
OTHERS = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
    *("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
    *("AWS_CREDENTIAL_EXPIRATION", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"),
    *("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
    *("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"),
)
"""Variables that may say that somebody else calls."""


def entered(shell: Shell, *options: str) -> Outcome:
    return shell.call(verb.execute, "hoge", "--env", "prod", *options)


def platform(folder: Path, text: str = PLATFORM, role: str = ROLE) -> None:
    """A platform.yaml whose deploys to prod assume a role."""
    deploys = f"deploy:\n  prod:\n    RoleArn: {role}\n" if role else ""
    (folder / "stacks" / "platform.yaml").write_text(f"{text}{deploys}", encoding="utf-8")


def test_the_deployers_role_is_not_assumed(
    fake: FakeAws,
    shell: Shell,
    plugin: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assumed = []

    def connect(_: object, place: Place, __: object) -> Any:
        assumed.append(place.settings.role_arn)
        return aws_of(fake)

    monkeypatch.setattr(aws_options, "connect", connect)
    platform(tmp_path)
    serving(fake, with_exec())
    done = entered(shell, "--profile", "ops")

    assert (done.code, assumed) == (0, [None])
    assert len(done.stderr.splitlines()) == 1
    assert plugin.was_called


@pytest.mark.parametrize(
    ("role", "instead"),
    [(ANOTHER_ROLE, f" and not as RoleArn {ANOTHER_ROLE}"), ("", "")],
)
def test_who_is_in_another_account_is_told_to_log_in_there(
    fake: FakeAws, shell: Shell, plugin: StandIn, tmp_path: Path, role: str, instead: str
) -> None:
    platform(tmp_path, PLATFORM.replace("123456789012", "210987654321"), role)
    done = entered(shell)

    assert (done.code, done.stderr.splitlines()) == (
        2,
        [
            "prod is account 210987654321 in platform.yaml, but your credentials are of account "
            "123456789012 (arn:aws:sts::123456789012:assumed-role/deployer/ci); nothing was done",
            f"  exec acts as yourself{instead}: log in to account 210987654321 (--profile)",
        ],
    )
    assert fake.operations == ["GetCallerIdentity"]
    assert not plugin.was_called


def session(**ours: str) -> Session:
    return Session(
        {"TokenValue": "of-the-session"},
        ReadOnlyCredentials(*(ours.get(name) for name in PASSING)),
        "ap-northeast-1",
        "ecs:prod_1_2",
        "https://ssm.ap-northeast-1.amazonaws.com",
    )


def test_the_plugin_gets_the_credentials_that_ecs_was_asked_with(
    fake: FakeAws, shell: Shell, plugin: StandIn
) -> None:
    serving(fake, with_exec())
    done = entered(shell)
    seen = plugin.variables

    assert {name: seen.get(name) for name in PASSING} == {**LASTING, "AWS_SESSION_TOKEN": None}
    for secret in LASTING.values():
        assert secret not in done.stdout + done.stderr + " ".join(plugin.arguments)


@pytest.mark.parametrize("ours", [LASTING, PASSING])
def test_nobody_else_is_in_the_plugins_environment(
    plugin: StandIn, monkeypatch: pytest.MonkeyPatch, ours: dict[str, str]
) -> None:
    for name in OTHERS:
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/etc/ssl/ours.pem")
    attend(find(), session(**ours))
    seen = plugin.variables

    assert {name: seen[name] for name in seen if name in {*OTHERS, *PASSING}} == ours
    assert seen["AWS_CA_BUNDLE"] == "/etc/ssl/ours.pem"
    assert plugin.arguments[3] == ""


def test_a_session_does_not_show_what_opens_it() -> None:
    made = session(**PASSING)

    assert (repr(made), str(made)) == ("Session(ecs:prod_1_2)", "Session(ecs:prod_1_2)")
