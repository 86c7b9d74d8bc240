"""``render``: what a killed one has left, and where one finds its files from a subfolder."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli import run
from ecs_blocks.templates.output import MARKER
from tests.project import project, script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project


def staged(folder: Project) -> list[str]:
    return sorted(path.name for path in folder.build.iterdir() if path.name.startswith("."))


@pytest.mark.slow
def test_what_a_killed_render_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    folder = project(tmp_path)
    folder.rendered()
    waits = script("import time; print('here', flush=True); time.sleep(600)")
    folder.write("hoge/stack.py", waits)
    with subprocess.Popen(
        [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "render"],
        cwd=folder.folder,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 60
        while not staged(folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert len(staged(folder)) == 1
    folder.write("hoge/stack.py", script())

    folder.rendered()

    assert staged(folder) == []


def test_what_a_running_render_holds_is_left_alone(tmp_path: Path) -> None:
    folder = project(tmp_path)
    other = folder.build / ".ecs-blocks-other"
    other.mkdir(parents=True)
    held = os.open(other, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        folder.rendered()

        assert staged(folder) == [other.name]
    finally:
        os.close(held)
    folder.rendered()

    assert staged(folder) == []


def test_a_folder_that_was_set_aside_by_a_killed_render_goes_back(tmp_path: Path) -> None:
    folder = project(tmp_path)
    aside = folder.build / ".ecs-blocks-killed" / ".old"
    for app in ("fuga", "hoge"):
        (aside / app).mkdir(parents=True)
        (aside / app / "template.yaml").write_text(app, encoding="utf-8")
        (aside / app / MARKER).write_text("template.yaml\n", encoding="utf-8")

    files = folder.rendered()

    assert files["fuga/template.yaml"] == "fuga"
    assert files["hoge/template.yaml"].startswith("AWSTemplateFormatVersion")
    assert staged(folder) == []


def rendered_from(folder: Path, *arguments: str) -> str:
    err = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stderr(err):
        with pytest.raises(SystemExit) as stop:
            run("render", args=list(arguments))
        assert stop.value.code == 0, err.getvalue()
    return err.getvalue()


@pytest.mark.parametrize("below", ["stacks/hoge", "stacks", "docs/more"])
def test_from_a_subfolder_stacks_is_found_upward(tmp_path: Path, below: str) -> None:
    folder = project(tmp_path)
    (tmp_path / below).mkdir(parents=True, exist_ok=True)

    rendered_from(tmp_path / below)

    assert (folder.build / "hoge" / "template.yaml").is_file()
    assert not (tmp_path / below / "build").exists()


def test_what_is_named_is_meant_from_here(tmp_path: Path) -> None:
    project(tmp_path)

    rendered_from(tmp_path / "stacks", "--out", "mine")

    assert (tmp_path / "stacks" / "mine" / "hoge" / "template.yaml").is_file()


def test_a_folder_that_is_named_is_not_looked_for(tmp_path: Path) -> None:
    project(tmp_path)
    err = io.StringIO()
    with (
        contextlib.chdir(tmp_path / "stacks" / "hoge"),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as stop,
    ):
        run("render", args=["--stacks", "stacks"])

    assert stop.value.code == 2
    assert "there is no such folder" in err.getvalue()


def test_where_there_is_none_above_it_is_said(tmp_path: Path) -> None:
    err = io.StringIO()
    with (
        contextlib.chdir(tmp_path),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as stop,
    ):
        run("render", args=[])

    assert stop.value.code == 2
    assert "there is no such folder" in err.getvalue()
