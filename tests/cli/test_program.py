"""``ecs-blocks`` as a program: its verbs, its pipes, and what a signal leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.project import ENVIRONMENT, project, script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.project import Project

pytestmark = pytest.mark.slow

PROGRAM: Final = Path(sys.executable).with_name("ecs-blocks")


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_without_a_verb_it_tells_which_there_are(arguments: list[str]) -> None:
    done = program(*arguments)
    verbs = done.stdout.partition("Commands:\n")[2].splitlines()

    assert (done.returncode, done.stderr) == (0, "")
    assert "render" in [verb.split()[0] for verb in verbs]
    assert [verb for verb in verbs if not verb.endswith(".")] == []


def test_it_tells_its_version() -> None:
    done = program("--version")

    assert (done.returncode, done.stdout) == (0, "ecs-blocks, version 0.1.0\n")


def test_a_verb_that_does_not_exist_is_refused() -> None:
    done = program("rendr")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "Error: No such command 'rendr'; did you mean render?"


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    body = 'for n in range(300): stack.add_resource(logs.LogGroup(f"More{n}"))'
    made = project(tmp_path, script=script(body))
    with subprocess.Popen(
        [PROGRAM, "render", "--out", "-"],
        cwd=made.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()

    assert running.returncode == 0
    assert "Traceback" not in said


@pytest.fixture(name="running")
def fixture_running(tmp_path: Path) -> Iterator[tuple[Project, subprocess.Popen[str]]]:
    """A render that is in the middle of its second app, over a build that is there already."""
    made = project(tmp_path)
    made.app("piyo")
    made.rendered()
    wait = "import pathlib, time; pathlib.Path('started').touch(); time.sleep(60)"
    made.write("hoge/environment.yaml", ENVIRONMENT.replace("365", "180"))
    made.write("piyo/stack.py", script(wait))
    with subprocess.Popen(
        [PROGRAM, "render"], cwd=made.folder, stderr=subprocess.PIPE, text=True
    ) as running:
        end = time.monotonic() + 30
        while not (made.folder / "started").exists() and time.monotonic() < end:
            time.sleep(0.02)
        yield made, running
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_in_the_middle_leaves_the_build_as_it_was(
    running: tuple[Project, subprocess.Popen[str]], number: signal.Signals
) -> None:
    made, process = running
    before = {name: text for name, text in made.files().items() if not name.startswith(".")}
    process.send_signal(number)
    said = process.communicate(timeout=30)[1]
    after = {name: text for name, text in made.files().items() if not name.startswith(".")}

    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(number, -number)
    assert "Traceback" not in said
    assert after == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_can_be_heard_leaves_nothing_half_written(
    running: tuple[Project, subprocess.Popen[str]], number: signal.Signals
) -> None:
    made, process = running
    process.send_signal(number)
    process.communicate(timeout=30)

    assert sorted(path.name for path in made.build.iterdir()) == ["hoge", "piyo"]


def test_a_render_after_one_that_was_killed_works(
    running: tuple[Project, subprocess.Popen[str]],
) -> None:
    made, process = running
    process.kill()
    process.wait(timeout=30)
    made.write("piyo/stack.py", script())
    files = made.rendered()

    assert '"180"' in files["hoge/prod.json"]
    assert {"hoge/template.yaml", "piyo/template.yaml"} < set(files)


@pytest.mark.parametrize("verb", ["render", "review", "schema hoge", "--help"])
def test_a_closed_stdout_is_no_failure(tmp_path: Path, verb: str) -> None:
    made = project(tmp_path)
    base = " --base stacks" if verb == "review" else ""
    done = subprocess.run(
        ["sh", "-c", f"{PROGRAM} {verb}{base} >&-"],
        cwd=made.folder,
        stderr=subprocess.PIPE,
        check=False,
    )

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["render", "\x1b]0;owned\x07hoge"],
        ["render", "hoge", "--set", "\x1b[31mKey=1"],
        ["render", "--no-such-\x1b[2J"],
        ["\x1b[31mrender"],
        ["status", "hoge", "--env", "\x1b]0;owned\x07prod\x1b[31m"],
        ["status", "::error::hoge", "--env", "prod"],
    ],
)
def test_what_was_typed_steers_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = program(*arguments)

    assert done.returncode == 2
    assert done.stderr.replace("\n", "").isprintable(), done.stderr
    assert "owned" not in done.stderr
    assert not any(line.lstrip().startswith("::") for line in done.stderr.splitlines())
