"""Which revision the stacks are at: asked of git once, without a network, and never insisted on."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S: Final = 5.0
_STATUS: Final = (
    *("--no-optional-locks", "-c", "core.fsmonitor=false"),  # write nothing, run no hook
    *("status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", "."),
)
_ELSEWHERE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""A git hook sets these; they would make git answer for another folder."""


class Revision(Struct, frozen=True):
    """The commit of a folder; what is None is not known.

    ``dirty`` is whether anything in the folder differs from the commit. ``branch`` is the local
    one's name; a job of continuous integration often stands on none.
    """

    commit: str | None = None
    dirty: bool | None = None
    branch: str | None = None


def revision(folder: Path, timeout_s: float = TIMEOUT_S) -> Revision:
    """The revision of *folder*; nothing is known where there is no git, or it does not answer."""
    git = shutil.which("git")
    if git is None:
        return Revision()
    variables = {k: v for k, v in os.environ.items() if k not in _ELSEWHERE}
    try:
        done = subprocess.run(  # noqa: S603 - git, with arguments of our own
            [git, "-C", folder, *_STATUS],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=timeout_s,
            env=variables,
        )
    except (OSError, subprocess.SubprocessError):
        return Revision()
    return _revision(done.stdout.decode("utf-8", "replace").splitlines())


def _revision(lines: list[str]) -> Revision:
    heads = dict(line[2:].partition(" ")[::2] for line in lines if line.startswith("# "))
    commit, branch = heads.get("branch.oid", ""), heads.get("branch.head", "")
    return Revision(
        commit if commit != "(initial)" else None,
        any(not line.startswith("# ") for line in lines),
        branch if branch != "(detached)" else None,
    )
