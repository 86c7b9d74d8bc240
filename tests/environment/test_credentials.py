"""Credentials pasted into a file are refused, plain settings are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.environment.credentials import WAY_OUT, credential_in
from ecs_blocks.parameter_types import TYPES
from tests.environment.kinds import problems_of
from tests.environment.web import FILE, web

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.parameter_types import ParameterType

A_36 = "aB3" * 12
CREDENTIALS = [
    ("AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ("key ASIAIOSFODNN7EXAMPLE here", "an AWS access key"),
    ("-----BEGIN PRIVATE KEY-----", "a private key"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
    (f"ghp_{A_36}", "a GitHub token"),
    (f"ghs_{A_36}", "a GitHub token"),
    ("github_pat_11ABCDEFG0abcdefghijklmn", "a GitHub token"),
    ("glpat-abcdefghij0123456789", "a GitLab token"),
    ("xoxb-1234567890-abcdef", "a Slack token"),
    ("https://hooks.slack.com/services/T01/B01/abcdef", "a Slack webhook"),
    ("sk_live_abcdefghij0123456789", "a Stripe key"),
    ("rk_test_abcdefghij0123456789", "a Stripe key"),
    (f"AIza{'a' * 35}", "a Google API key"),
    (f"npm_{A_36}", "an npm token"),
    (f"pypi-AgEI{'a' * 50}", "a PyPI token"),
    (f"SG.{'a' * 22}.{'b' * 43}", "a SendGrid key"),
    (f"sk-{'a' * 48}", "an API key"),
    (f"sk-ant-{'a' * 40}", "an API key"),
    (f"sk-proj-{'a' * 40}", "an API key"),
    ("eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2", "a JSON Web Token"),
    ("postgres://hoge:hunter2@db.example.com/hoge", "a URL with a password"),
    ("redis://:hunter2@cache:6379", "a URL with a password"),
    ("jdbc:mysql://hoge:p%40ss@db/hoge", "a URL with a password"),
    ("-Ddb.password=hunter2", "a password"),
    ("-Djavax.net.ssl.keyStorePassword=changeit", "a password"),
    ("--token=abcd1234", "a password"),
    ("PASSWORD=hunter2 LOG=debug", "a password"),
    ('{"password": "hunter2"}', "a password"),
    ("api_key: abcd1234", "a password"),
    ("apiKey=abcd1234", "a password"),
    ("aws_secret_access_key = wJalrXUtnFEMI", "a password"),
    ("client.secret=hunter2", "a password"),
]
PLAIN = [
    "",
    "-Xmx1500m -Xms1500m",
    "AKIA",
    "sk-1",
    "-Dpassword.file=/run/secrets/db",
    "-Ddb.password=/run/secrets/db",
    "-Ddb.password=$DB_PASSWORD",
    "-Ddb.password=${DB_PASSWORD}",
    "-Ddb.password=",
    "-Dtoken.ttl=3600",
    "--max-tokens=4096",
    "--secret-name=hoge/db",
    "--enable-csrf-token=true",
    "password_encryption=scram-sha-256",
    "postgres://db.example.com:5432/hoge",
    "postgres://hoge@db.example.com/hoge",
    "https://example.com/?mail=a@example.com",
    "https://hooks.example.com/services/T01/B01/abcdef",
    "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd",
    "/hoge/database-password",
    "monkey=banana",
    "the secret of a good espresso",
    "sha256:" + "0123456789abcdef" * 4,
]
KEYS = [
    ("DatabasePassword", "hunter2", True),
    ("ApiToken", "x", True),
    ("ApiKey", "x", True),
    ("SecretKey", "x", True),
    ("AccessKey", "x", True),
    ("PrivateKey", "x", True),
    ("Passphrase", "correct horse", True),
    ("Credentials", "x", True),
    ("DatabasePassword", "", False),
    ("DatabasePassword", "/hoge/database-password", False),
    ("DatabasePassword", "hoge/database", False),
    ("DatabasePassword", "arn:aws:secretsmanager:ap-northeast-1:1:secret:x", False),
    ("DatabasePasswordParameter", "hoge", False),
    ("TokenTtl", "3600", False),
    ("MaxTokens", "4096", False),
    ("PublicKey", "x", False),
]


def test_a_reference_that_becomes_a_secret_is_one() -> None:
    text = "-Ddb.password={{resolve:secretsmanager:hoge}}"

    assert credential_in("JavaOpts", text) == "a secret's value by {{resolve}}"


@pytest.mark.parametrize(("text", "kind"), CREDENTIALS)
def test_a_credential_is_known_by_its_form(text: str, kind: str) -> None:
    assert credential_in("JavaOpts", text) == kind


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_setting_is_not_taken_for_one(text: str) -> None:
    assert credential_in("JavaOpts", text) is None


@pytest.mark.parametrize(("key", "text", "refused"), KEYS)
def test_a_key_that_names_a_credential_takes_only_the_name_of_one(
    key: str, text: str, *, refused: bool
) -> None:
    assert credential_in(key, text) == ("a credential, by its key" if refused else None)


@pytest.mark.parametrize("row", [r for r in TYPES.values() if r.example], ids=lambda r: r.name)
def test_the_example_of_a_type_is_no_credential(row: ParameterType) -> None:
    assert row.matches(row.example)
    assert credential_in("Value", row.example) is None


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Words: AKIAIOSFODNN7EXAMPLE", "3:12: parameters.dev.Words"),
        ("Names: [a, AKIAIOSFODNN7EXAMPLE]", "3:16: parameters.dev.Names"),
        ("Colour: AKIAIOSFODNN7EXAMPLE", "3:13: parameters.dev.Colour"),
    ],
)
def test_a_credential_is_refused_with_the_way_out(tmp_path: Path, line: str, place: str) -> None:
    expected = f"{place}: this looks like an AWS access key; {WAY_OUT}"

    assert problems_of(tmp_path, line) == [expected]


def test_a_credential_is_never_repeated_in_a_message(tmp_path: Path) -> None:
    lines = [f"Words: {text!r}" for text, _ in CREDENTIALS if "\n" not in text and "'" not in text]
    problems = [problems_of(tmp_path, line) for line in lines]

    assert [len(found) for found in problems] == [1] * len(lines)
    assert not [found for found in problems if "hunter2" in found[0] or A_36 in found[0]]


def test_a_credential_in_set_is_refused(tmp_path: Path) -> None:
    made = web(tmp_path)

    assert made.refusal("hoge", "--set", "JavaOpts=-Dpassword=hunter2") == [
        f"--set: JavaOpts: this looks like a password; {WAY_OUT}"
    ]


def test_a_credential_under_images_is_refused(tmp_path: Path) -> None:
    made = web(tmp_path)
    text = (made.stacks / "hoge/environment.yaml").read_text()
    text = text.replace("images:", "images:\n- https://hoge:hunter2@example.com/hoge", 1)
    made.write("hoge/environment.yaml", text)

    assert made.refusal("hoge") == [
        f"{FILE}:2:3: images: this looks like a URL with a password; {WAY_OUT}"
    ]
