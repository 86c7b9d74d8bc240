"""All or nothing: a render that fails, wherever, leaves build/ as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, SCRIPT, project

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project

CHANGED = ENVIRONMENT.replace("365", "180")
AS_ROOT = os.geteuid() == 0


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below *folder*, hidden files too."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(name="made")
def fixture_made(tmp_path: Path) -> Project:
    """Two apps that have been rendered, and whose files then changed."""
    made = project(tmp_path)
    made.app("piyo")
    made.rendered()
    made.write("hoge/environment.yaml", CHANGED)
    made.write("piyo/environment.yaml", CHANGED)
    return made


def test_a_second_render_takes_the_place_of_the_first(made: Project) -> None:
    files = made.rendered()

    assert '"180"' in files["hoge/prod.json"]
    assert list(tree(made.build)) == [
        *("hoge", "hoge/.rendered", "hoge/dev.json", "hoge/prod.json", "hoge/template.yaml"),
        *("piyo", "piyo/.rendered", "piyo/dev.json", "piyo/prod.json", "piyo/template.yaml"),
    ]


def test_files_of_another_format_do_not_stay_behind(made: Project) -> None:
    made.rendered("--format", "git-sync")

    assert list(made.rendered("--format", "json", "hoge")) == [
        *("hoge/dev.json", "hoge/prod.json", "hoge/template.json"),
        *("piyo/dev.deployment.yaml", "piyo/prod.deployment.yaml", "piyo/template.yaml"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("piyo/environment.yaml", "["),
        ("piyo/stack.py", "1 / 0\n"),
        ("piyo/stack.py", SCRIPT.replace("return stack", "return None")),
        ("platform.yaml", "parameters: {}\n"),
    ],
)
def test_one_app_that_fails_leaves_every_app_as_it_was(
    made: Project, name: str, content: str
) -> None:
    before = tree(made.build)
    made.write(name, content)

    assert made.render().code == 2
    assert tree(made.build) == before


@pytest.mark.parametrize("arguments", [["--set", "Nowhere=x"], ["--env", "qa"], ["nowhere"]])
def test_a_mistake_on_the_command_line_leaves_everything_as_it_was(
    made: Project, arguments: list[str]
) -> None:
    before = tree(made.build)

    assert made.render(*arguments).code == 2
    assert tree(made.build) == before


def test_a_failure_makes_no_folder(tmp_path: Path) -> None:
    made = project(tmp_path, "[")

    assert made.render("--out", "a/b").code == 2
    assert not (tmp_path / "a").exists()


def test_other_files_beside_the_apps_are_left_alone(made: Project) -> None:
    (made.build / "notes.txt").write_text("mine")
    (made.build / "gone").mkdir()
    made.rendered()

    assert (made.build / "notes.txt").read_text() == "mine"
    assert (made.build / "gone").is_dir()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("README.md", lambda path: path.write_text("mine")),
        ("package.json", lambda path: path.write_text('{"name": "mine"}')),
        ("dev.deployment.yaml", lambda path: path.write_text("mine: 1\n")),
        ("empty.json", lambda path: path.write_text("")),
        ("Template.yaml", lambda path: path.write_text("mine")),
        (".hidden", lambda path: path.write_text("mine")),
        ("folder", lambda path: path.mkdir()),
        ("dev.json.d", lambda path: path.mkdir()),
    ],
)
def test_a_file_that_no_render_wrote_stops_the_render(
    made: Project, name: str, make: Callable[[Path], object]
) -> None:
    make(made.build / "piyo" / name)
    before = tree(made.build)
    outcome = made.render()

    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.stderr.splitlines() == [
        f"build/piyo holds {name}, which no render wrote; nothing was changed: choose another "
        "--out, or move that file away",
        "nothing was written",
    ]
    assert tree(made.build) == before


def test_a_folder_that_no_render_made_is_left_alone(made: Project) -> None:
    folder = made.folder / "cfn" / "hoge"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text("AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n")
    (folder / "dev.json").write_text('{"Parameters": {}}')
    before = tree(folder.parent)

    outcome = made.render("--out", "cfn")

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "cfn/hoge holds dev.json, which no render wrote; nothing was changed: choose another "
        "--out, or move that file away",
    )
    assert tree(folder.parent) == before


@pytest.mark.parametrize("name", ["dev.json", "template.yaml"])
def test_a_file_of_ours_that_somebody_changed_is_written_anew(made: Project, name: str) -> None:
    before = made.files()[f"hoge/{name}"]
    (made.build / "hoge" / name).write_text("mine")

    assert made.rendered()[f"hoge/{name}"] == before.decode()


def test_files_that_git_gave_the_line_ends_of_windows_are_still_ours(made: Project) -> None:
    for path in made.build.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert '"180"' in made.rendered()["hoge/prod.json"]


def test_a_link_in_the_place_of_an_app_is_not_followed(made: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (made.build / "piyo").rename(elsewhere)
    (made.build / "piyo").symlink_to(elsewhere)
    before = tree(elsewhere)

    assert made.render().code == 1
    assert tree(elsewhere) == before


def test_a_file_in_the_place_of_the_folder_is_said(made: Project) -> None:
    outcome = made.render("--out", "stacks/platform.yaml")

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "stacks/platform.yaml: cannot be written to: File exists",
    )


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_said(made: Project) -> None:
    made.build.chmod(0o500)
    try:
        outcome = made.render()
    finally:
        made.build.chmod(0o700)

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "build: cannot be written to: Permission denied",
    )


def test_a_folder_that_cannot_be_made_is_said(made: Project) -> None:
    outcome = made.render("--out", "/proc/nowhere")

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "/proc/nowhere: cannot be written to: No such file or directory",
    )


def fail_at(
    monkeypatch: pytest.MonkeyPatch, call: int, error: BaseException, *, moved: bool = False
) -> None:
    """Let the *call*-th move of a folder fail, as a full disk would, or Ctrl-C once it *moved*."""
    calls = 0
    move = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls != call:
            return move(self, target)
        if moved:
            move(self, target)
        raise error

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_disk_that_fails_in_the_middle_changes_nothing(
    made: Project, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    before = tree(made.build)
    fail_at(monkeypatch, call, OSError(28, "No space left on device"))
    outcome = made.render()

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "build: cannot be written: No space left on device",
    )
    assert tree(made.build) == before


@pytest.mark.parametrize("call", [1, 2, 3, 4])
@pytest.mark.parametrize("moved", [False, True])
def test_an_interruption_before_or_after_a_move_changes_nothing(
    made: Project, monkeypatch: pytest.MonkeyPatch, call: int, *, moved: bool
) -> None:
    before = tree(made.build)
    fail_at(monkeypatch, call, KeyboardInterrupt(), moved=moved)
    outcome = made.render()

    assert outcome.code == 130
    assert tree(made.build) == before


def test_a_new_app_does_not_stay_where_the_next_one_fails(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.app("fuga")
    before = tree(made.build)
    fail_at(monkeypatch, 3, OSError(28, "No space left on device"))

    assert made.render().code == 1
    assert tree(made.build) == before


@pytest.mark.parametrize("stop", ["KeyboardInterrupt", "SystemExit"])
def test_an_interruption_while_a_script_runs_leaves_nothing_behind(
    made: Project, stop: str
) -> None:
    before = tree(made.build)
    made.write("piyo/stack.py", SCRIPT.replace("    return stack", f"    raise {stop}"))

    assert made.render().code == (130 if stop == "KeyboardInterrupt" else 2)
    assert tree(made.build) == before


def test_an_app_that_lacks_the_environment_asked_for_keeps_its_files(made: Project) -> None:
    made.write("piyo/environment.yaml", "parameters:\n  dev: {RetentionDays: 1}\n")
    before = {n: text for n, text in tree(made.build).items() if n.startswith("piyo")}
    outcome = made.render("--env", "prod")
    after = tree(made.build)

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        0,
        "note: piyo: has dev only; nothing was written for it",
    )
    assert [row.split()[:2] for row in outcome.stderr.splitlines()[2:]] == [["hoge", "prod"]]
    assert {n: text for n, text in after.items() if n.startswith("piyo")} == before
    assert [n for n in after if n.startswith("hoge/")] == [
        *("hoge/.rendered", "hoge/prod.json", "hoge/template.yaml")
    ]


@pytest.mark.parametrize(
    "environment", ["parameters: {}\n", "parameters:\n  dev: {RetentionDays: 1}\n"]
)
def test_no_app_is_left_without_a_template(made: Project, environment: str) -> None:
    made.write("piyo/environment.yaml", environment)
    before = tree(made.build)
    made.render("piyo", "--env", "prod")

    assert tree(made.build) == before
