"""MiniStack's own Python environment, made on first use.

MiniStack pins botocore to one version, so it cannot share an environment with boto3. Made once, it
needs no network any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUIREMENTS: Final = ("ministack==1.5.33", "docker>=7.1,<8")
"""Exactly one MiniStack: what is added to it reaches into its inside."""
MADE: Final = "requirements.txt"
"""Holds what the environment was made for; written last."""


def cache_folder() -> Path:
    """``ecs-blocks`` in the user's cache: ``$XDG_CACHE_HOME``, or ``~/.cache``.

    Raises:
        DeployError: there is neither.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / "ecs-blocks"
    try:
        return Path.home() / ".cache" / "ecs-blocks"
    except RuntimeError as error:
        message = "you have no home folder, and --local needs one for MiniStack"
        raise DeployError(Exit.INTERNAL, message, "set XDG_CACHE_HOME to a folder") from error


def default_folder() -> Path:
    """Where the environment is: one for each version of MiniStack and of Python."""
    version = REQUIREMENTS[0].partition("==")[2]
    return cache_folder() / f"ministack-{version}-py{sys.version_info[0]}{sys.version_info[1]}"


def installed(folder: Path, say: Callable[[str], object]) -> Path:
    """The Python that has MiniStack, in the environment *folder*; made first if need be.

    Two processes do not make it at once. *say* is told when it is made, which takes half a minute.

    Raises:
        DeployError: it cannot be made: no network, no ``venv``, a full disk.
    """
    python = folder / "bin" / "python"
    if _is_made(folder, python):
        return python
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "lock"):
            if not _is_made(folder, python):
                say(f"installing MiniStack, an imitation of AWS, into {folder} (once)")
                _make(folder, python)
    except OSError as error:
        raise DeployError(
            Exit.INTERNAL,
            f"{error.filename or folder}: {error.strerror}: MiniStack, which --local needs, is "
            "kept there",
            "let it be written, or set XDG_CACHE_HOME to another folder",
        ) from error
    return python


def _is_made(folder: Path, python: Path) -> bool:
    try:
        text = (folder / MADE).read_text(encoding="utf-8")
    except OSError:
        return False
    return text == _wanted() and python.exists()  # a removed Python leaves a broken link


def _wanted() -> str:
    return "".join(f"{line}\n" for line in REQUIREMENTS)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(folder: Path, python: Path) -> None:
    made = folder / MADE
    made.unlink(missing_ok=True)
    if not python.exists():
        for part in ("bin", "lib", "lib64", "include"):  # of a Python that was removed, say
            _remove(folder / part)
        _run(
            [sys.executable, "-m", "venv", str(folder)],
            "a Python environment cannot be made",
            "install Python's venv module (on Debian and Ubuntu: apt install python3-venv)",
        )
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, "--no-input", *REQUIREMENTS],
        "MiniStack cannot be installed",
        "the first time needs a network, or the package index that pip is configured for",
    )
    made.write_text(_wanted(), encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _run(command: list[str], what: str, hint: str) -> None:
    """Run *command*; where it fails, say *what* that means, with its own last word."""
    done = subprocess.run(  # noqa: S603 - Python itself
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
        errors = [line for line in lines if "ERROR" in line or "Error" in line]
        reason = [*errors, *lines[-1:], f"exit code {done.returncode}"][0].strip()
        raise DeployError(Exit.INTERNAL, f"{what}: {reason}", hint)
