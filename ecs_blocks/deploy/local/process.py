"""A server as a process: started, and asked whether it is there."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST: Final = "127.0.0.1"
PROGRAM: Final = Path(__file__).with_name("ministack") / "__main__.py"
START_S: Final = 30
STOP_S: Final = 20
POLL_S: Final = 0.05


class Local(Struct, frozen=True):
    """A running server. ``docker_host`` is the Docker whose containers it starts; empty for none.

    Accounts and regions are apart in it, as in AWS: one server has all environments.
    """

    port: int
    pid: int
    token: str
    docker_host: str = ""

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return f"http://{HOST}:{self.port}"

    def answers(self) -> bool:
        """Whether it is there, and is this one."""
        return get_status(self.port, f"/_ecs-blocks/{self.token}") == http.client.OK

    def address(self, name: str) -> str:
        """Where a load balancer answers whose Route 53 name is *name*."""
        return f"http://{name}.localhost:{self.port}"


def new_local(docker_host: str) -> Local:
    """One that is not started yet: a free port, and a token that nobody else has."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return Local(port, 0, secrets.token_hex(16), docker_host)


@contextmanager
def running(python: Path, folder: Path, docker_host: str = "") -> Iterator[Local]:
    """A server of one's own, in a *folder* of its own; it ends with this process, even if killed.

    Raises:
        DeployError: it does not start.
    """
    local = new_local(docker_host)
    process = spawn(python, folder, variables(folder, local), background=False)
    with process:  # waits, and closes its input
        try:
            local = structs.replace(local, pid=process.pid)
            wait_until_ready(process, local, folder)
            yield local
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def get_status(port: int, path: str, timeout_s: float = 5) -> int | None:
    """The status of a GET to this machine, with no proxy asked; None where nothing answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def spawn(
    python: Path, home: Path, variables: dict[str, str], *, background: bool
) -> subprocess.Popen[bytes]:
    """Start a server, which logs into *home*; in the background it outlives this process."""
    with (home / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - MiniStack's own Python
            [python, "-I", PROGRAM],
            # It ends when its input does.
            stdin=subprocess.DEVNULL if background else subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=variables,
            cwd=home,
            start_new_session=background,  # Ctrl-C is not for it
        )


def variables(home: Path, local: Local) -> dict[str, str]:
    """Its environment: nothing of the caller's AWS configuration."""
    own_docker = os.environ.get("DOCKER_CONFIG") or str(Path.home() / ".docker")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "GATEWAY_PORT": str(local.port),
        "ECS_BLOCKS_TOKEN": local.token,
        "LOG_LEVEL": "WARNING",
        # Nothing listens there: MiniStack would look for a Docker by itself.
        "DOCKER_HOST": local.docker_host or f"unix://{home}/no-docker.sock",
        "DOCKER_CONFIG": own_docker if local.docker_host else str(home),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def wait_until_ready(process: subprocess.Popen[bytes], local: Local, home: Path) -> None:
    """Wait until *local* answers.

    Raises:
        DeployError: it ends before, or is silent for too long.
    """
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if local.answers() and get_status(local.port, "/_ministack/ready") == http.client.OK:
            return
        time.sleep(POLL_S)
    lines = (home / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    why = f"it ended with {process.returncode}" if process.poll() is not None else "it is silent"
    raise DeployError(
        Exit.INTERNAL,
        f"MiniStack did not start on {local.url}: {why}: {' '.join(lines[-1:])}",
        f"read {home / 'log'}",
    )


def is_alive(pid: int) -> bool:
    """Whether a process runs; a child of ours that has ended does not."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
