"""Rendering is pure: the same bytes over runs, hash seeds, folders and the world around it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.project import REPOSITORY, Project, project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(name="shipped")
def fixture_shipped(tmp_path: Path) -> Project:
    """The apps that this repository ships, in a folder of the test's own."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "stacks", tmp_path / "stacks", ignore=ignored)
    return Project(tmp_path)


def written(made: Project, **variables: str) -> Mapping[str, bytes]:
    """What a process of its own writes, with these environment variables."""
    outcome = made.process(**variables)

    assert outcome.code == 0, outcome.stderr
    return made.files()


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_hash_seed(shipped: Project) -> None:
    seeds = [written(shipped, PYTHONHASHSEED=seed) for seed in ("0", "1", "4711")]

    assert seeds[0] == seeds[1] == seeds[2]


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_world(shipped: Project) -> None:
    there = written(shipped)
    abroad = written(
        shipped,
        LC_ALL="C",
        TZ="Asia/Tokyo",
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_PROFILE="nobody",
        HOME="/nonexistent",
        NO_COLOR="1",
        CI="true",
        PYTHONOPTIMIZE="1",
    )

    assert there == abroad


def test_a_second_run_writes_the_same(shipped: Project) -> None:
    assert shipped.rendered() == shipped.rendered()


def test_the_folder_that_it_stands_in_does_not_matter(shipped: Project, tmp_path: Path) -> None:
    there = shipped.rendered()
    other = tmp_path / "another place"
    other.mkdir()
    shipped.stacks.rename(other / "stacks")

    assert Project(other).rendered() == there


def test_files_are_utf8_with_line_feeds(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {RetentionDays: 1, GroupName: /ecs/日本}\n"
    outcome = project(tmp_path, environment).process(LC_ALL="C", PYTHONUTF8="0")
    files = Project(tmp_path).files()

    assert outcome.code == 0, outcome.stderr
    assert "/ecs/日本".encode() in files["hoge/dev.json"]
    assert [name for name, content in files.items() if b"\r" in content] == []


def test_messages_are_printed_whatever_the_terminal_can_show(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {RetentionDays: 日本}\n"
    outcome = project(tmp_path, environment).process(LC_ALL="C", PYTHONIOENCODING="ascii")

    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.startswith("stacks/hoge/environment.yaml:2:24: ")


def test_the_module_of_the_repository_does_the_same_as_the_verb(
    shipped: Project, tmp_path: Path
) -> None:
    there = shipped.rendered()
    files = Project(tmp_path / "by-module")
    (tmp_path / "by-module").mkdir()
    shipped.stacks.rename(files.stacks)
    outcome = run_module(files)

    assert outcome == 0
    assert {name: content.decode() for name, content in files.files().items()} == there


def run_module(made: Project) -> int:
    """The exit code of ``python -m stacks.render`` where the apps are."""
    return subprocess.run(
        [sys.executable, "-m", "stacks.render"], cwd=made.folder, check=False, capture_output=True
    ).returncode
