"""The server of a checkout: started once, found again, ended with what it holds, never mistaken."""

from __future__ import annotations

import http.server
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import structs

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local import installation, server
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local, get_status, is_alive, running
from tests.ministack.server import ENVIRONMENT, install
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.ministack

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
PATIENCE_S = 20


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose server is ended at the end; Docker is not at hand in it."""
    install()
    monkeypatch.setattr(installation, "default_folder", lambda: ENVIRONMENT)
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/docker.sock")
    yield tmp_path
    server.stop(tmp_path)


def ended(local: Local) -> bool:
    """Whether a server has ended, waiting for it."""
    deadline = time.monotonic() + PATIENCE_S
    while is_alive(local.pid):
        if time.monotonic() > deadline:
            return False
    return get_status(local.port, "/") is None


def test_what_one_command_made_the_next_one_finds(checkout: Path) -> None:
    said: list[str] = []
    first = server.start(checkout, said.append)
    LocalAws(first, ACCOUNT, REGION).client("sns").create_topic(Name="alarms")
    second = server.start(checkout, said.append)
    topics = LocalAws(second, ACCOUNT, REGION).client("sns").list_topics()["Topics"]

    assert first == second == server.status(checkout)
    assert [topic["TopicArn"].rpartition(":")[2] for topic in topics] == ["alarms"]
    assert said == []
    assert stat.S_IMODE(server.state_file(checkout).stat().st_mode) == 0o600


def test_stop_ends_it_and_leaves_nothing(checkout: Path) -> None:
    local = server.start(checkout, lambda _: None)

    assert server.stop(checkout) is True
    assert ended(local)
    assert server.status(checkout) is None
    assert server.stop(checkout) is False


def test_one_whose_starter_was_killed_is_stopped_without_its_pid(checkout: Path) -> None:
    """A signal to process 0 goes to everybody beside us: make, the shell, the tests."""
    local = server.start(checkout, lambda _: None)
    server.state_file(checkout).write_bytes(msgspec.json.encode(structs.replace(local, pid=0)))

    assert server.stop(checkout) is True
    assert ended(local)


def test_it_ends_when_its_file_is_gone(checkout: Path) -> None:
    local = server.start(checkout, lambda _: None)
    server.state_file(checkout).unlink()

    assert ended(local)


def test_a_killed_one_is_noticed(checkout: Path) -> None:
    killed = server.start(checkout, lambda _: None)
    os.kill(killed.pid, signal.SIGKILL)
    assert ended(killed)
    said: list[str] = []
    fresh = server.start(checkout, said.append)

    assert fresh.answers()
    assert fresh.token != killed.token
    assert said == [
        "the local AWS of before has ended, and what was in it; an empty one is started"
    ]


class Foreigner(http.server.BaseHTTPRequestHandler):
    """Somebody else's server, which likes everything but what it does not know."""

    def do_GET(self) -> None:
        self.send_response(404 if self.path.startswith("/_ecs-blocks/") else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def foreigner() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Foreigner) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found.server_port
        found.shutdown()


@pytest.mark.parametrize("text", ["another's server", "not JSON", '{"port": "no"}', ""])
def test_a_file_that_speaks_of_none_is_removed(text: str, tmp_path: Path) -> None:
    file = server.state_file(tmp_path)
    file.parent.mkdir()
    with foreigner() as port:
        own = json.dumps({"port": port, "pid": os.getpid(), "token": "t"})
        file.write_text(own if text == "another's server" else text)

        assert server.status(tmp_path) is None
        assert not file.exists()
        assert get_status(port, "/") == 200  # and this process lives


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    assert server.status(tmp_path) is None
    assert server.stop(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


def test_one_that_does_not_start_says_why(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with (
        pytest.raises(DeployError, match="it ended with 1") as failure,
        running(Path(sys.executable), home),
    ):
        pytest.fail("this Python has no MiniStack")

    assert failure.value.code is Exit.INTERNAL
    assert "No module named 'ministack'" in str(failure.value)
    assert failure.value.hint == f"read {home / 'log'}"


STARTER = """
import sys
from pathlib import Path
from ecs_blocks.deploy.local.process import running
with running(Path(sys.argv[1]), Path(sys.argv[2])) as local:
    print(local.port, local.pid, flush=True)
    sys.stdin.read()
"""


def test_one_of_ones_own_ends_with_a_killed_starter(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(install()), str(tmp_path)]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        port, pid = map(int, starter.stdout.readline().split())
        local = Local(port, pid, "")
        was_there = get_status(port, "/_ministack/ready")
        starter.kill()

    assert was_there == 200
    assert ended(local)


def test_nothing_of_the_callers_aws_reaches_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    aws = LocalAws(server.start(checkout, lambda _: None), ACCOUNT, REGION)

    assert aws.guard(ACCOUNT, "dev").account_id == ACCOUNT
