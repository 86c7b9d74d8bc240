"""Docker is found where the docker command would find it, and asked over its socket."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.local.docker import Docker, Image, at_hand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/hoge:1.0"
ANSWERS = {
    "/version": {"Version": "28.0"},
    f"/images/{IMAGE}/json": {"Id": "sha256:ab", "Architecture": "arm64", "Os": "linux"},
}


class Engine(http.server.BaseHTTPRequestHandler):
    """An engine with one image."""

    def do_GET(self) -> None:
        found = ANSWERS.get(self.path)
        body = json.dumps(found or {"message": "No such image"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class OnSocket(socketserver.ThreadingUnixStreamServer):
    def get_request(self) -> tuple[Any, Any]:
        return self.socket.accept()[0], ("local", 0)


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture
def unix(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "docker.sock"
    with serving(OnSocket(str(path), Engine)):
        yield f"unix://{path}"


@pytest.fixture
def tcp() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    with serving(server):
        yield f"tcp://127.0.0.1:{server.server_port}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_the_engine_that_docker_host_names_is_used(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = request.getfixturevalue(kind)
    monkeypatch.setenv("DOCKER_HOST", host)

    assert at_hand() == Docker(host)
    assert Docker(host).image(IMAGE) == Image("sha256:ab", "arm64", "linux")
    assert Docker(host).image("hoge:2.0") is None


@pytest.mark.slow
def test_else_the_one_of_the_commands_context(
    unix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "bin" / "docker"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n[ \"$1 $2\" = 'context inspect' ] && echo {unix}\n")
    command.chmod(0o755)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")

    assert at_hand() == Docker(unix)


@pytest.mark.parametrize(
    "host",
    [
        "unix:///no/such/docker.sock",
        "tcp://127.0.0.1:1",
        "ssh://somebody@somewhere",  # the docker command can, this cannot
        "nonsense",
    ],
)
def test_without_one_there_is_none(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)

    assert at_hand() is None


def test_a_socket_on_which_nobody_listens_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docker.sock").touch()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")

    assert at_hand() is None
