"""``ecs-blocks local``: what it says, and what a program can read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli import run
from ecs_blocks.deploy.local import installation, server
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.local.words import introduction
from tests.ministack.server import ENVIRONMENT, install

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.ministack

NONE = "no local AWS is running for this folder\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    install()
    monkeypatch.setattr(installation, "default_folder", lambda: ENVIRONMENT)
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/docker.sock")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    server.stop(tmp_path)


def local(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        run("local", args=list(arguments))
    out, err = capsys.readouterr()
    return int(str(end.value.code)), out, err


def test_start_status_stop(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = local(capsys)
    started = local(capsys, "start")
    looked = local(capsys, "status")
    stopped = local(capsys, "stop")
    after = local(capsys, "stop")

    assert before == after == (0, "", NONE)
    assert started == looked
    assert re.match(r"MiniStack, an imitation of AWS, at http://127\.0\.0\.1:\d+\.", started[2])
    assert stopped == (0, "", "stopped, with everything in it\n")
    assert not server.state_file(checkout).exists()


@pytest.mark.usefixtures("checkout")
def test_json_is_on_stdout_and_holds_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert local(capsys, "--json")[1] == "null\n"
    _, out, _ = local(capsys, "start", "--json")
    found = json.loads(out)

    assert set(found) == {"url", "pid", "docker_host"}
    assert found["docker_host"] == ""


@pytest.mark.parametrize(
    ("docker_host", "second"),
    [
        ("unix:///var/run/docker.sock", "Tasks are containers in Docker"),
        ("", "Without Docker tasks are only recorded, and nothing answers for them."),
    ],
)
def test_it_says_what_it_is_and_what_it_does_not_prove(docker_host: str, second: str) -> None:
    lines = introduction(
        Local(4711, 1, "secret", docker_host), "ecs-blocks local stop"
    ).splitlines()

    assert lines[0] == (
        "MiniStack, an imitation of AWS, at http://127.0.0.1:4711. Nothing of this reaches AWS."
    )
    assert lines[1].startswith(second)
    assert ("ecs-blocks local stop" in lines[1]) is (not docker_host)
    assert lines[2].startswith("It does not prove ")
    assert max(map(len, lines)) <= 120
    assert "secret" not in "".join(lines)
