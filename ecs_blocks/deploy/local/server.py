"""The server behind ``--local``: one for each checkout, in the background, until it is stopped.

MiniStack keeps an account in memory, and containers run as long as it does; so it goes on running
between commands. ``.ecs-blocks/local.json`` says where. What it has made ends with it: the next one
begins with an empty account.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local import docker, installation
from ecs_blocks.deploy.local.process import (
    POLL_S,
    STOP_S,
    Local,
    is_alive,
    new_local,
    spawn,
    variables,
    wait_until_ready,
)
from ecs_blocks.deploy.local.words import introduction, to_stderr
from ecs_blocks.whole_file import write_whole

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.templates.render import Project


def state_file(folder: Path) -> Path:
    """Where the server of the checkout *folder* is written down."""
    return folder / ".ecs-blocks" / "local.json"


def status(folder: Path) -> Local | None:
    """The checkout's server, if one is running. A file that a dead one left is removed."""
    if not state_file(folder).exists():
        return None
    with _locked(folder):
        return _known(folder)


def start(folder: Path, say: Callable[[str], object]) -> Local:
    """The checkout's server; started in the background if it is not running.

    *say* is told what takes time, and that what an earlier server held is gone.

    Raises:
        DeployError: it cannot be installed, or does not start.
    """
    python = installation.installed(installation.default_folder(), say)
    with _locked(folder):
        stale = state_file(folder).exists()
        known = _known(folder)
        if known is not None:
            return known
        if stale:
            say("the local AWS of before has ended, and what was in it; an empty one is started")
        return _start(folder, python)


def connect_local(project: Project, place: Place, *, clock: Clock | None = None) -> Aws:
    """The account and region of *place* in the server of the checkout, which is started if need be.

    What it is stands on the screen first.

    Raises:
        DeployError: it cannot be installed, or does not start.
    """
    from ecs_blocks.deploy.local.clients import LocalAws  # noqa: PLC0415 - boto3 is slow to load

    local = start(project.root.parent, to_stderr)
    to_stderr(introduction(local, place.access.command("local", "stop")))
    return LocalAws(local, place.account_id, place.region, clock=clock)


def stop(folder: Path) -> bool:
    """End the checkout's server with all that is in it, containers too; whether there was one."""
    if not state_file(folder).exists():
        return False
    with _locked(folder):
        known = _known(folder)
        state_file(folder).unlink(missing_ok=True)
        if known is None:
            return False
        if known.pid <= 0:  # whoever started it was killed; it ends itself, without its file
            return True
        with suppress(ProcessLookupError):
            os.kill(known.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while is_alive(known.pid) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    path = state_file(folder).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise DeployError(
            Exit.INTERNAL, f"{error.filename or path}: {error.strerror}: --local needs it"
        ) from error


def _known(folder: Path) -> Local | None:
    """The server that is written down, if it answers; otherwise nothing is written down after."""
    file = state_file(folder)
    try:
        local = msgspec.json.decode(file.read_bytes(), type=Local)
    except (OSError, ValueError):
        local = None
    if local is not None and local.answers():
        return local
    file.unlink(missing_ok=True)
    return None


def _start(folder: Path, python: Path) -> Local:
    found = docker.at_hand()
    local = new_local(found.host if found else "")
    home = state_file(folder).parent / "local"
    home.mkdir(exist_ok=True)
    # The file is there before the server, which ends when it is gone.
    write_whole(state_file(folder), msgspec.json.encode(local), 0o600)
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    background = {
        "ECS_BLOCKS_STATE": str(state_file(folder).resolve()),
        "ECS_BLOCKS_NAME": f"ecs-blocks-{name}",
    }
    process = spawn(python, home, variables(home, local) | background, background=True)
    try:
        wait_until_ready(process, local, home)
    except BaseException:  # an interrupt leaves no server behind
        state_file(folder).unlink(missing_ok=True)
        process.kill()
        raise
    _background.append(process)
    local = structs.replace(local, pid=process.pid)
    write_whole(state_file(folder), msgspec.json.encode(local), 0o600)
    return local


_background: Final[list[subprocess.Popen[bytes]]] = []
"""Kept, so that Python does not complain of processes that nobody waits for."""
