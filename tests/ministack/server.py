"""MiniStack for tests: installed into an environment of its own, started, asked and stopped.

MiniStack is an HTTP server that plays AWS: its CloudFormation creates a stack resource by resource,
and the services' own APIs show the result. It pins botocore, so it lives in ``.venv-ministack``
beside this repository's environment and runs as a process of its own. Everything happens on
127.0.0.1; nothing of the caller's AWS configuration is used, and no Docker is needed.

    with running() as server:
        ecs = server.client("ecs", "111111111111", "ap-northeast-1")

``python -m tests.ministack.server --install`` makes the environment; without the flag the server
runs until it is interrupted.
"""

from __future__ import annotations

import argparse
import fcntl
import functools
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOST: Final = "127.0.0.1"
REQUIREMENT: Final = "ministack>=1.5.33,<1.6"
ROOT: Final = Path(__file__).resolve().parents[2]
ENVIRONMENT: Final = ROOT / ".venv-ministack"
LAUNCHER: Final = "tests.ministack.launcher"
START_SECONDS: Final = 30
STOP_SECONDS: Final = 5


@dataclass(frozen=True)
class Reply:
    """What a load balancer answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class MiniStack:
    """A running server. Accounts and regions are apart, so one server serves many tests."""

    port: int

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return f"http://{HOST}:{self.port}"

    def client(self, service: str, account: str, region: str) -> Any:
        """Return a boto3 client; MiniStack takes a 12-digit access key for the account."""
        return _client(self.url, service, account, region)

    def get(self, balancer: str, url: str, *, account: str, region: str) -> Reply:
        """Ask a load balancer, by its name, for a URL: its listeners and rules decide the answer.

        The URL's host and port are those that a browser would use; the connection goes to
        MiniStack. The port picks the listener: write it out where it is not 80, https or not.
        """
        host, _, path = url.partition("://")[2].partition("/")
        credential = f"{account}/20000101/{region}/elasticloadbalancing/aws4_request"
        headers = {"Host": host, "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}"}
        return _get(self.port, f"/_alb/{balancer}/{path}", headers)


@functools.cache
def _client(url: str, service: str, account: str, region: str) -> Any:
    """Make a client; that takes longer than most of its calls."""
    return _session().client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=account,
        aws_secret_access_key="unchecked",
        config=Config(proxies={}, s3={"addressing_style": "path"}),
    )


@functools.cache
def _session() -> Any:
    """Make a session that looks at no profile and no file of the caller."""
    nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    variables = {name: (None, None, value, None) for name, value in nothing.items()}
    return boto3.Session(botocore_session=Session(session_vars=variables))


@contextmanager
def running() -> Iterator[MiniStack]:
    """Start MiniStack on a free port, yield it when it answers, and end it in any case."""
    python = install()
    server = MiniStack(_free_port())
    with TemporaryDirectory(prefix="ministack-") as folder, _process(python, server, folder):
        yield server


def install() -> Path:
    """Return the Python of MiniStack's environment; make the environment first if need be."""
    ENVIRONMENT.mkdir(exist_ok=True)
    python = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / "requirement.txt"
    # pytest-xdist's workers all come here at once.
    with (ENVIRONMENT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_text() != REQUIREMENT:
            subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", REQUIREMENT], check=True)
            installed.write_text(REQUIREMENT)
    return python


@contextmanager
def _process(python: Path, server: MiniStack, folder: str) -> Iterator[None]:
    """Run the launcher in a folder of its own, with nothing of the caller's AWS configuration."""
    log = Path(folder, "log")
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": folder,
        "TMPDIR": folder,
        "GATEWAY_PORT": str(server.port),
        "LOG_LEVEL": "WARNING",
        # Even where Docker runs, no container is started.
        "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
    }
    with (
        log.open("wb") as output,
        # The launcher ends when its input does: even a killed test run leaves no server behind.
        subprocess.Popen(
            [python, "-m", LAUNCHER],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=variables,
            cwd=folder,
        ) as process,
    ):
        try:
            _wait_until_ready(process, server, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[bytes], server: MiniStack, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _get(server.port, "/_ministack/ready", {}).status == http.client.OK:
                return
        except OSError:
            pass
        time.sleep(0.05)
    text = log.read_text(errors="replace")
    raise RuntimeError(f"MiniStack did not start on {server.url}:\n{text}")


def _get(port: int, path: str, headers: Mapping[str, str]) -> Reply:
    """Send one GET to this machine, with no redirect followed and no proxy asked."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        return Reply(response.status, dict(response.getheaders()), body)
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    """Install, or serve until interrupted."""
    parser = argparse.ArgumentParser(description="MiniStack with what ECS stacks need added")
    parser.add_argument("--install", action="store_true", help=f"only make {ENVIRONMENT.name}")
    if parser.parse_args().install:
        install()
        return
    with running() as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
