"""MiniStack's environment: where it is, that it is made once, and how a failure is told."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local import installation
from ecs_blocks.deploy.local.installation import MADE, cache_folder, default_folder, installed
from tests.ministack.server import ENVIRONMENT, install


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/somewhere/else", Path("/somewhere/else/ecs-blocks")),
        ("", Path("/home/somebody/.cache/ecs-blocks")),
        ("relative", Path("/home/somebody/.cache/ecs-blocks")),  # XDG: has to be ignored
    ],
)
def test_cache_is_where_the_user_has_it(
    given: str, expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CACHE_HOME", given)

    assert cache_folder() == expected
    assert default_folder().parent == expected


def test_each_python_and_each_ministack_has_its_own() -> None:
    [pinned] = [one for one in installation.REQUIREMENTS if one.startswith("ministack")]

    assert pinned.startswith("ministack==")
    assert default_folder().name == (
        f"ministack-{pinned.partition('==')[2]}-py{sys.version_info[0]}{sys.version_info[1]}"
    )


def test_one_that_is_made_is_used_without_a_word() -> None:
    install()
    said: list[str] = []
    python = installed(ENVIRONMENT, said.append)

    assert (python, said) == (ENVIRONMENT / "bin" / "python", [])


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What would be run; a Python appears as the first of it does."""
    found: list[list[str]] = []

    def run(command: list[str], _what: str, _hint: str) -> None:
        found.append(command)
        python = tmp_path / "made" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(installation, "_run", run)
    return found


def test_it_is_made_once_however_many_ask_at_once(
    commands: list[list[str]], tmp_path: Path
) -> None:
    said: list[str] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        installed(tmp_path / "made", said.append)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [command[2] for command in commands] == ["venv", "pip"]
    assert commands[1][-2:] == list(installation.REQUIREMENTS)
    assert said == [f"installing MiniStack, an imitation of AWS, into {tmp_path / 'made'} (once)"]


@pytest.mark.parametrize("damage", ["half made", "another version", "Python is gone"])
def test_one_that_cannot_be_used_is_made_again(
    damage: str, commands: list[list[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    installed(folder, lambda _: None)
    commands.clear()
    if damage == "half made":
        (folder / MADE).unlink()
    elif damage == "another version":
        (folder / MADE).write_text("ministack==1.0.0\n")
    else:
        (folder / "bin" / "python").unlink()
        (folder / "bin" / "python").symlink_to("/no/such/python")
    installed(folder, lambda _: None)

    assert [command[2] for command in commands][-1] == "pip"


def test_a_failed_command_is_told_with_its_own_reason() -> None:
    program = "import sys; print('WARNING: x'); sys.exit('ERROR: No matching distribution\\nbye')"
    with pytest.raises(DeployError) as failure:
        installation._run([sys.executable, "-c", program], "MiniStack cannot be installed", "hint")

    assert failure.value.code is Exit.INTERNAL
    assert str(failure.value) == (
        "MiniStack cannot be installed: ERROR: No matching distribution\n  hint"
    )


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeployError, match=r"/file/made.*: Not a directory: MiniStack, which"):
        installed(tmp_path / "file" / "made", lambda _: None)
