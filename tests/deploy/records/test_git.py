"""The revision of a folder, by a real git; and that its absence is no error."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from ecs_blocks.deploy.git import Revision, revision

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

SETTINGS: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", folder, *arguments],
        env=os.environ | SETTINGS,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``stacks/`` in a repository with one commit on main."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    stacks = tmp_path / "repository" / "stacks"
    stacks.mkdir(parents=True)
    (stacks / "platform.yaml").write_text("a: b\n")
    (stacks.parent / "README").write_text("x")
    git(stacks, "init", "--quiet", "--initial-branch=main", "..")
    git(stacks.parent, "add", ".")
    git(stacks, "commit", "--quiet", "--message=first")
    return stacks


def test_a_clean_folder(stacks: Path) -> None:
    assert revision(stacks) == Revision(
        git(stacks, "rev-parse", "HEAD"), dirty=False, branch="main"
    )


@pytest.mark.parametrize(
    ("name", "content", "dirty"),
    [
        ("stacks/platform.yaml", "a: c\n", True),
        ("stacks/new.yaml", "", True),
        ("README", "y", False),
        ("build/hoge/template.yaml", "", False),
    ],
)
def test_dirty_is_what_differs_in_the_folder_itself(
    stacks: Path, name: str, content: str, *, dirty: bool
) -> None:
    path = stacks.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)

    assert revision(stacks).dirty is dirty


def test_a_file_whose_name_looks_like_a_heading_is_a_change(stacks: Path) -> None:
    (stacks / "# branch.oid x").write_text("")
    found = revision(stacks)

    assert (found.commit, found.dirty) == (git(stacks, "rev-parse", "HEAD"), True)


def test_a_job_that_checks_out_a_commit_is_on_no_branch(stacks: Path) -> None:
    git(stacks, "checkout", "--quiet", "--detach")

    assert revision(stacks) == Revision(git(stacks, "rev-parse", "HEAD"), dirty=False, branch=None)


def test_the_branch_is_the_local_one_s_name(stacks: Path) -> None:
    git(stacks, "checkout", "--quiet", "-b", "feature/大")
    git(stacks, "config", "branch.feature/大.remote", "origin")
    git(stacks, "config", "branch.feature/大.merge", "refs/heads/other")

    assert revision(stacks).branch == "feature/大"


def test_a_repository_without_a_commit_has_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")

    assert revision(tmp_path) == Revision(None, dirty=False, branch="main")


def test_a_folder_without_git_has_no_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert revision(tmp_path) == Revision()
    assert revision(tmp_path / "nowhere") == Revision()


def test_a_machine_without_git_has_no_revision(
    stacks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(stacks))

    assert revision(stacks) == Revision()


def test_a_git_that_does_not_answer_is_not_waited_for(
    stacks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stacks / "git"
    program.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(stacks))

    assert revision(stacks, timeout_s=0.05) == Revision()


def test_a_git_hook_s_own_variables_do_not_mislead(
    stacks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    found = revision(stacks)
    monkeypatch.undo()

    assert found.commit == git(stacks, "rev-parse", "HEAD")


def test_nothing_of_the_repository_is_run_or_changed(stacks: Path) -> None:
    trap = stacks.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {trap}.sprung\n")
    trap.chmod(0o755)
    git(stacks, "config", "core.fsmonitor", str(trap))
    index = stacks.parent / ".git" / "index"
    os.utime(stacks / "platform.yaml", (1_000_000_000, 1_000_000_000))
    before = index.read_bytes()
    revision(stacks)

    assert not Path(f"{trap}.sprung").exists()
    assert index.read_bytes() == before
