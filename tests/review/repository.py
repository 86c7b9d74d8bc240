"""A git repository with apps in it, in a folder of the test's own."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from typing import TYPE_CHECKING

from ecs_blocks.cli import run
from tests.project import ENVIRONMENT, PLATFORM, SCRIPT, Outcome, Project, project

if TYPE_CHECKING:
    from pathlib import Path

_WHO = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", *_WHO, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(folder: Path, message: str = "a change") -> str:
    """Commit everything; the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def repository(
    folder: Path,
    environment: str = ENVIRONMENT,
    *,
    script: str = SCRIPT,
    platform: str = PLATFORM,
) -> Project:
    """A repository with the one app ``hoge``, committed on the branch ``main``."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    made = project(folder, environment, script=script, platform=platform)
    commit(folder, "first")
    return made


def cloned(source: Path, target: Path, *arguments: str) -> Path:
    """A clone of the repository *source*."""
    git(source, "clone", "--quiet", *arguments, source.absolute().as_uri(), str(target))
    return target


def review(folder: Path, *arguments: str) -> Outcome:
    """``ecs-blocks review`` in this process, in *folder*."""
    out, err = io.StringIO(), io.StringIO()
    path = list(sys.path)
    code: object = 0
    try:
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            run("review", args=list(arguments), prog_name="ecs-blocks review")
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.path[:] = path
    return Outcome(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def refused(folder: Path, *arguments: str) -> list[str]:
    """The problems of a review that has to be refused."""
    outcome = review(folder, *arguments)
    *lines, closing = outcome.stderr.splitlines()

    assert (outcome.code, outcome.stdout) == (2, "")
    assert closing.endswith("; nothing was reviewed")
    return lines
