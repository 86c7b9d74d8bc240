"""The command, from an empty account to a version that fails, with containers that really run.

``test_containers`` asks the imitation what becomes of a task; here is nothing but what somebody at
a laptop has: ``ecs-blocks deploy hoge --env dev --local``, its exit code, what it says, and who
answers over HTTP.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from ecs_blocks.deploy.local import installation, server
from ecs_blocks.deploy.local.web_server import web_server
from tests.deploy.local.engine import OWN, complaining, containers, engine, load
from tests.deploy.local.test_containers import answer
from tests.ministack.server import install
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.local.docker import Docker

pytestmark = [pytest.mark.ministack, pytest.mark.slow]

PROGRAM: Final = Path(sys.executable).with_name("ecs-blocks")
IMAGE: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image"
STEP: Final = '    stack.before_deploy("Migrate", hoge, command=("migrate",), timeout_minutes=1)\n'
LIMIT_S: Final = 240
"""Of one command, on a machine that has much else to do."""


class Ended(NamedTuple):
    """How the command ended, and what it said to a person."""

    code: int
    said: str

    @property
    def outcome(self) -> list[str]:
        """From the headline on, what stands at the end; without indentation."""
        lines = [line.strip() for line in self.said.splitlines()]
        heads = ("OK:", "FAILED:", "NOT DONE:")
        return lines[next(n for n, line in enumerate(lines) if line.startswith(heads)) :]


class Laptop:
    """A checkout of the shipped stacks, and Docker."""

    def __init__(self, folder: Path, docker: Docker) -> None:
        self.folder = folder
        self.docker = docker
        self.environ = {
            **os.environ,
            "DOCKER_HOST": docker.host,
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def build(self, tag: str, program: bytes) -> None:
        """What ``docker build -t … .`` does, with one program in the image."""
        load(self.docker, f"{IMAGE}:{tag}", program)

    def deploy(self, app: str, tag: str = "") -> Ended:
        """``ecs-blocks deploy APP --env dev --local --yes``, with an image's tag."""
        more = ["--set", f"ImageTag={tag}", "--set", "HealthCheckGracePeriodSeconds=1"]
        done = subprocess.run(
            [PROGRAM, "deploy", app, "--env", "dev", "--local", "--yes", *(more if tag else ())],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )

        assert "Traceback" not in done.stderr, done.stderr
        return Ended(done.returncode, done.stderr)

    def answer(self) -> tuple[int, str]:
        """What hoge's load balancer answers, and with which status."""
        local = server.status(self.folder)

        assert local is not None
        return answer(local)


@pytest.fixture
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    """With nothing deployed; whatever a test leaves running is ended, containers too."""
    folder = tmp_path_factory.mktemp("laptop")
    shutil.copytree(
        REPOSITORY / "stacks", folder / "stacks", ignore=shutil.ignore_patterns("__pycache__")
    )
    with engine(tmp_path_factory.mktemp("docker")) as docker:
        found = Laptop(folder, docker)
        has_ministack(found)
        try:
            yield found
        finally:
            server.stop(folder)
        assert containers(docker) == []


def has_ministack(laptop: Laptop) -> None:
    """As the tests have it installed, at the place where the command looks for it."""
    python = install()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", laptop.environ["XDG_CACHE_HOME"])
        place = installation.default_folder()
    place.parent.mkdir(parents=True)
    place.symlink_to(python.parent.parent, target_is_directory=True)


def test_two_versions_serve_one_crashes_and_of_one_the_migration_fails(laptop: Laptop) -> None:
    """One story and not four tests, because each step begins where the one before ended."""
    the_first_version_answers_where_the_command_says(laptop)
    the_next_version_takes_its_place(laptop)
    one_that_crashes_is_told_by_its_last_line(laptop)
    a_migration_that_fails_keeps_the_new_version_out(laptop)


def the_first_version_answers_where_the_command_says(laptop: Laptop) -> None:
    laptop.build("1.0", web_server(OWN, 8080, "hoge 1.0\n"))
    cluster = laptop.deploy("cluster")
    hoge = laptop.deploy("hoge", "1.0")
    local = server.status(laptop.folder)

    assert cluster.code == 0, cluster.said
    assert hoge.code == 0, hoge.said
    assert hoge.outcome[0].startswith("OK: hoge-dev is CREATE_COMPLETE")
    assert local is not None
    assert f"{local.address('hoge.dev.example.com')}/ here" in hoge.said
    assert laptop.answer() == (200, "hoge 1.0\n")


def the_next_version_takes_its_place(laptop: Laptop) -> None:
    laptop.build("1.1", web_server(OWN, 8080, "hoge 1.1\n"))
    done = laptop.deploy("hoge", "1.1")

    assert done.code == 0, done.said
    assert done.outcome[0].startswith("OK: hoge-dev is UPDATE_COMPLETE")
    assert laptop.answer() == (200, "hoge 1.1\n")


def one_that_crashes_is_told_by_its_last_line(laptop: Laptop) -> None:
    laptop.build("2.0", complaining("KeyError: 'DATABASE_URL'\n"))
    done = laptop.deploy("hoge", "2.0")

    assert done.code == 10, done.said
    headline, cause, task, *lines = done.outcome
    assert headline.startswith("FAILED: hoge-dev was rolled back (UPDATE_ROLLBACK_COMPLETE)")
    assert re.match(r"because: HogeService: .*Circuit Breaker was triggered", cause)
    assert re.fullmatch(r"task [0-9a-f-]+: app exited 3, after \d+s, 2 more the same", task)
    assert lines[:2] == [
        "KeyError: 'DATABASE_URL'",
        "hint: the program asks for DATABASE_URL, which hoge-dev:3 does not set",
    ]
    assert laptop.answer() == (200, "hoge 1.1\n")


def a_migration_that_fails_keeps_the_new_version_out(laptop: Laptop) -> None:
    script = laptop.folder / "stacks" / "hoge" / "stack.py"
    text = script.read_text().replace("    stack.add(\n", "    hoge = stack.add(\n")
    script.write_text(text.replace("    return stack\n", f"{STEP}    return stack\n"))
    laptop.build("3.0", complaining("relation users does not exist\n"))
    done = laptop.deploy("hoge", "3.0")

    assert done.code == 15, done.said
    headline, line, *_ = done.outcome
    assert re.match(r"NOT DONE: hoge-dev: Migrate failed .*\(exit code 3, task ", headline)
    assert headline.endswith("the old version goes on serving; nothing was changed")
    assert line == "relation users does not exist"
    assert laptop.answer() == (200, "hoge 1.1\n")
