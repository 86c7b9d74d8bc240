"""Variables for one task: plain settings get through, secrets do not, and are not shown."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.one_off.variables import parse_variables, refuse_secrets
from ecs_blocks.errors import InputError

INSTEAD = (
    "whoever may describe tasks would read it; give the container a secret, and deploy that first"
)


def test_plain_settings_get_through() -> None:
    pairs = ["LOG_LEVEL=debug", "EMPTY=", "EQUALS=a=b", "TOKEN_TTL=60", "DB_PASSWORD=/hoge/db"]

    assert parse_variables(pairs) == {
        "LOG_LEVEL": "debug",
        "EMPTY": "",
        "EQUALS": "a=b",
        "TOKEN_TTL": "60",
        "DB_PASSWORD": "/hoge/db",
    }


@pytest.mark.parametrize(
    ("pair", "name", "kind"),
    [
        ("DB_PASSWORD=hunter2hunter2", "DB_PASSWORD", "a credential, by its key"),
        ("STRIPE_API_KEY=abc", "STRIPE_API_KEY", "a credential, by its key"),
        ("githubToken=abc", "githubToken", "a credential, by its key"),
        ("URL=postgres://u:hunter2@db/x", "URL", "a URL with a password"),
        ("KEY=AKIAABCDEFGHIJKLMNOP", "KEY", "an AWS access key"),
        ("OPTS=--password=hunter2", "OPTS", "a password"),
    ],
)
def test_what_looks_like_a_credential_is_refused_and_not_shown(
    pair: str, name: str, kind: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_variables([pair])

    assert str(caught.value) == f"--set-env: {name}: looks like {kind}: {INSTEAD}"


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_variables(["A=1", "A=2", "=x", "plain", "1B=x", "C_SECRET_KEY=x"])

    assert [str(one) for one in caught.value.problems] == [
        "--set-env: expected NAME=value, like LOG_LEVEL=debug",
        "--set-env: 1B: expected NAME=value, like LOG_LEVEL=debug",
        "--set-env: A: given twice",
        f"--set-env: C_SECRET_KEY: looks like a credential, by its key: {INSTEAD}",
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["A"], ""),
        (["A", "B"], "B is a secret of app; --set-env cannot replace a secret"),
        (["B", "C"], "B, C are secrets of app; --set-env cannot replace a secret"),
    ],
)
def test_a_secret_is_not_replaced(names: list[str], message: str) -> None:
    definition = {
        "containerDefinitions": [
            {"name": "proxy", "secrets": [{"name": "A"}]},
            {"name": "app", "secrets": [{"name": "B"}, {"name": "C"}]},
        ]
    }
    found = ""
    try:
        refuse_secrets(definition, "app", names)
    except DeployError as error:
        found = error.message

    assert found == message
