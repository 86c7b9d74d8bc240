"""``roles:`` in platform.yaml: one path and one boundary for all roles, refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.environment.files import read_platform
from ecs_blocks.environment.role_settings import RoleSettings
from tests.project import PLATFORM

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/platform.yaml"
LIKE_PATH = "a path of IAM, like /apps/"
LIKE_BOUNDARY = "the name of a policy of each account, like apps-boundary"


def read(folder: Path, roles: str) -> tuple[RoleSettings, list[str]]:
    path = folder / "platform.yaml"
    path.write_text(f"{roles}\n{PLATFORM}", encoding="utf-8")
    platform, problems = read_platform(path, FILE)
    return platform.roles, [str(problem) for problem in problems]


@pytest.mark.parametrize("roles", ["", "roles:", "roles: {}"])
def test_nothing_has_to_be_said(tmp_path: Path, roles: str) -> None:
    assert read(tmp_path, roles) == (RoleSettings(None, None), [])


@pytest.mark.parametrize("path", ["/", "/apps/", "/apps/shop-1/"])
@pytest.mark.parametrize("boundary", ["apps-boundary", "team/apps.boundary"])
def test_both_are_read(tmp_path: Path, path: str, boundary: str) -> None:
    found = read(tmp_path, f"roles:\n  Path: {path}\n  PermissionsBoundary: {boundary}")

    assert found == (RoleSettings(path, boundary), [])


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        pytest.param(
            "roles: [a]",
            "1:8: roles: expected a mapping of settings, got a list",
            id="a list",
        ),
        pytest.param(
            "roles:\n  Paths: /apps/",
            "2:3: roles.Paths: unknown key; did you mean Path?",
            id="a misspelt key",
        ),
        pytest.param(
            "roles:\n  Region: x",
            "2:3: roles.Region: unknown key; there are: Path, PermissionsBoundary",
            id="an unknown key",
        ),
        pytest.param(
            "roles:\n  Path: apps",
            f'2:9: roles.Path: got text "apps", which is not {LIKE_PATH}',
            id="a path without slashes",
        ),
        pytest.param(
            "roles:\n  Path: 7",
            f"2:9: roles.Path: expected {LIKE_PATH}, got the number 7",
            id="a number",
        ),
        pytest.param(
            "roles:\n  Path: !Ssm /path",
            f"2:9: roles.Path: expected {LIKE_PATH}, got !Ssm …",
            id="a lookup",
        ),
        pytest.param(
            "roles:\n  PermissionsBoundary: arn:aws:iam::123456789012:policy/apps-boundary",
            "2:24: roles.PermissionsBoundary: write the policy's name, apps-boundary; the account "
            "is each environment's own",
            id="an ARN",
        ),
        pytest.param(
            "roles:\n  PermissionsBoundary: a b",
            f'2:24: roles.PermissionsBoundary: got text "a b", which is not {LIKE_BOUNDARY}',
            id="a name with a space",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, roles: str, problem: str) -> None:
    settings, problems = read(tmp_path, roles)

    assert settings == RoleSettings()
    assert problems == [f"{FILE}:{problem}"]
