"""A pipe that is closed, a disk that is full: neither changes how a deploy ends."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.deploying.stage import PROGRAM, STACK

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow  # processes of their own

DEPLOY = ("deploy", "hoge", "--env", "prod", "--yes", "--set", "Title=two")


def by_shell(stage: Stage, before: str, *arguments: str, after: str = "") -> tuple[int, str]:
    """The program as a shell starts it: its exit code, and stderr."""
    line = f"{before} {PROGRAM} {shlex.join(arguments)} {after}"
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=stage.project.folder,
        env=stage.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize(("failure", "code"), [("", 0), ("no", 10)], ids=["good", "bad"])
@pytest.mark.parametrize("closed", ["stderr", "stdout"])
def test_a_reader_that_goes_away_changes_nothing(
    stage: Stage, closed: str, failure: str, code: int
) -> None:
    """Row 74: the operation is watched to its end, and recorded."""
    stage.deployed()
    if failure:
        stage.fake.script.resource_fails("Topic", failure)
    read, write = os.pipe()
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, closed: write}
    with stage.started(*DEPLOY, "--json", **streams) as running:
        os.close(write)
        os.close(read)
        ended = running.end()

    assert ended.code == code
    assert len(stage.records) == 2
    if closed == "stdout":
        assert ended.outcome[0].startswith("FAILED:" if failure else "OK:")
    else:
        assert ended.json["stacks"][STACK]["code"] == code


@pytest.mark.parametrize(
    "redirection", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full 2>/dev/full"]
)
def test_outputs_that_were_never_there_change_nothing(stage: Stage, redirection: str) -> None:
    """Row 74."""
    stage.deployed()
    code, _ = by_shell(stage, "", *DEPLOY, after=redirection)

    assert code == 0
    assert stage.title() == "two"
    assert len(stage.records) == 2


def test_an_outcome_that_cannot_be_written_is_told_on_stderr(stage: Stage) -> None:
    """Row 74: a full disk behind stdout."""
    stage.deployed()
    code, said = by_shell(stage, "", *DEPLOY, "--json", after=">/dev/full")

    assert code == 1
    assert said.splitlines()[-2:] == [
        "stdout: No space left on device",
        f"OK: {STACK} is UPDATE_COMPLETE",
    ]


@pytest.mark.parametrize("verb", ["status", "events", "rollback --list"])
def test_a_reading_verb_whose_output_cannot_be_written_fails(stage: Stage, verb: str) -> None:
    stage.deployed()
    stage.deployed("two")
    words = [*verb.split()[:1], "hoge", "--env", "prod", *verb.split()[1:]]
    code, said = by_shell(stage, "", *words, after=">/dev/full")

    assert (code, said.splitlines()[0]) == (1, "stdout: No space left on device")


def test_under_nohup_a_closed_terminal_is_nothing(stage: Stage) -> None:
    """Row 74."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    stage.fake.after["DescribeStackEvents"] = lambda: None
    with subprocess.Popen(
        ["sh", "-c", f"trap '' HUP; exec {PROGRAM} {shlex.join(DEPLOY)}"],
        cwd=stage.project.folder,
        env=stage.environ,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "UPDATE_IN_PROGRESS" in line:
                break
        process.send_signal(signal.SIGHUP)
        stage.fake.script.release("Topic")
        said = process.stderr.read()

    assert process.returncode == 0
    assert said.splitlines()[-1].startswith(f"OK: {STACK} is UPDATE_COMPLETE")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no ulimit")
def test_a_plan_that_cannot_be_written_leaves_nothing_behind(stage: Stage) -> None:
    """Row 74: neither half a file nor a stack in review."""
    words = ("deploy", "hoge", "--env", "prod", "--plan-only", "hoge.plan")
    before = sorted(stage.project.folder.iterdir())
    code, said = by_shell(stage, "ulimit -f 0;", *words)

    assert code == 1
    assert said.splitlines() == [
        "hoge.plan: the plan cannot be written: File too large; nothing was deployed"
    ]
    assert sorted(stage.project.folder.iterdir()) == before
    assert stage.fake.summary()["stacks"] == {}


@pytest.mark.parametrize("place", ["/dev/full", "missing/hoge.plan", "stacks"])
def test_a_plan_needs_a_file(stage: Stage, place: str) -> None:
    """Row 74: a device stays a device."""
    done = stage.run("deploy", "hoge", "--env", "prod", "--plan-only", place)

    assert done.code in (1, 2)
    assert done.stderr.splitlines()[-1].startswith(
        ("Error: /dev/full is no file", "missing/hoge.plan: the plan cannot be", "Error: Invalid")
    )
    assert not Path("/dev/full").is_file()
    assert stage.fake.summary()["stacks"] == {}


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_nothing_is_deployed_whose_record_could_not_be_kept(stage: Stage, verb: str) -> None:
    """A place that cannot be written to is found out before, not after."""
    stage.deployed()
    stage.deployed("two")
    shelf = stage.project.folder / ".ecs-blocks" / "records" / "prod" / "hoge"
    words = ["hoge", "--env", "prod", "--yes", *(["--set", "Title=3"] if verb == "deploy" else [])]
    code, said = by_shell(stage, "ulimit -f 1;", verb, *words)

    assert code == 1
    assert said.splitlines()[-2:] == [
        f"NOT DONE: {STACK}: the record of this deploy could not be kept in {shelf}: "
        f"{shelf.parents[2] / 'records'}: File too large; nothing was changed",
        "  make room or let it be written; Records under deploy: in platform.yaml names another "
        "place",
    ]
    assert stage.title() == "two"
    assert sorted(one.suffix for one in shelf.iterdir()) == [".json", ".json"]
    assert stage.fake.asked("CreateChangeSet") == []


def test_a_file_where_the_folder_of_records_should_be_is_an_error_in_words(stage: Stage) -> None:
    (stage.project.folder / ".ecs-blocks").write_text("a file where a folder should be")
    done = stage.deploy()

    assert done.code == 1
    assert "Not a directory; nothing was changed" in done.outcome[0]
    assert stage.fake.summary()["stacks"] == {}
