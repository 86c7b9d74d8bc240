"""EB002: what a detector takes for a credential, less what only names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.checks.secrets import secrets_in

if TYPE_CHECKING:
    from pathlib import Path

ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd"
NAMES = [
    f"DbSecret: {ARN}",
    f'DbSecretArn: "{ARN}"',
    f"DatabasePassword: '{ARN}'",
    f"DatabasePassword: {ARN}:password::",
    f"Token: {ARN.replace('aws:', 'aws-cn:', 1)}",
    "ApiKey: /hoge/api-key",
    "ApiKey: hoge/api-key",
    "Password: !Ssm /hoge/db-password",
    "Password: !StackOutput db.PasswordSecretArn",
    f'secrets={{"DB_PASSWORD": eb.Secret(eb.SecretArn("{ARN}"))}}',
]
SECRETS = [
    "DatabasePassword: hunter2hunter2",
    'password = "hunter2hunter2"',
    f"Key: {'AKIA' + 'Z7QVXN4TLKJD2MWP'}",
]


@pytest.mark.parametrize("line", NAMES)
def test_the_name_of_a_secret_is_none(tmp_path: Path, line: str) -> None:
    file = tmp_path / "environment.yaml"
    file.write_text(f"{line}\n", encoding="utf-8")

    assert list(secrets_in([file], tmp_path)) == []


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_is_found_on_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "environment.yaml"
    file.write_text(f"x: y\n{line}\n", encoding="utf-8")

    assert [place for place, _ in secrets_in([file], tmp_path)] == ["environment.yaml:2"]
