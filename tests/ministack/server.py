"""MiniStack for tests: installed into an environment of its own, started, asked and stopped.

MiniStack is an HTTP server that plays AWS: its CloudFormation creates a stack resource by resource,
and the services' own APIs show the result. It is the one that ``deploy --local`` starts, in
``.venv-ministack`` beside this repository's environment. Everything happens on 127.0.0.1; nothing
of the caller's AWS configuration is used, and no Docker is needed.

    with running() as server:
        ecs = server.client("ecs", "111111111111", "ap-northeast-1")

``python -m tests.ministack.server --install`` makes the environment; without the flag the server
runs until it is interrupted.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.local import installation
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import HOST, Local
from ecs_blocks.deploy.local.process import running as running_local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
ENVIRONMENT: Final = ROOT / ".venv-ministack"


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
        return _aws(self.port, account, region).client(service)

    def aws(self, account: str, region: str) -> LocalAws:
        """An account as ``deploy --local`` asks it."""
        return _aws(self.port, account, region)

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
def _aws(port: int, account: str, region: str) -> LocalAws:
    """Make clients once; that takes longer than most of their calls."""
    return LocalAws(Local(port, pid=0, token=""), account, region)


@contextmanager
def running(docker_host: str = "") -> Iterator[MiniStack]:
    """Start MiniStack on a free port, yield it when it answers, and end it in any case."""
    python = install()
    with (
        TemporaryDirectory(prefix="ministack-") as folder,
        running_local(python, Path(folder), docker_host) as local,
    ):
        yield MiniStack(local.port)


def install() -> Path:
    """Return the Python of MiniStack's environment; make the environment first if need be."""
    return installation.installed(ENVIRONMENT, lambda _: None)


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
