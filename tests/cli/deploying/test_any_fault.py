"""Whatever AWS does to whichever call: every verb ends in words, with a code that has a meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ecs_blocks.deploy.errors import Exit
from tests.cli.deploying.services import with_services
from tests.cli.deploying.virtual import virtually
from tests.fake_aws import denied, error

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deploying.stage import Ended, Stage

HERE: Final = ("hoge", "--env", "prod")
VERBS: Final = {
    "deploy": ("deploy", *HERE, "--yes", "--set", "Title=two"),
    "fleet": ("deploy", "--all", "--env", "prod", "--yes", "--set", "Title=two"),
    "status": ("status", *HERE),
    "events": ("events", *HERE),
    "attach": ("attach", *HERE),
    "rollback": ("rollback", *HERE, "--yes"),
    "delete": ("delete", *HERE, "--yes"),
    "recover": ("recover", *HERE, "--yes"),
    "cancel": ("cancel", *HERE, "--yes"),
    "redeploy": ("redeploy", *HERE, "--yes"),
}
ODD: Final = error("SomethingNobodyKnows", "it is \x1b[31mnew\nto us")
ROWS: Final = [
    *((verb, "odd") for verb in VERBS),
    *((verb, "denied") for verb in ("deploy", "delete")),
    *((verb, "unreadable") for verb in ("deploy", "cancel")),
]


def begin(stage: Stage, verb: str) -> None:
    """What *verb* finds."""
    stage.deployed("one")
    if verb == "redeploy":
        with_services(stage, "Web")
    if verb == "rollback":
        stage.deployed("zero")
    if verb == "recover":
        stage.fake.script.resource_fails("Topic", "no", on=("UPDATE", "ROLLBACK"), times=2)
        stage.within(*VERBS["deploy"])
    if verb == "cancel":
        stage.fake.script.hold("Topic")
        stage.fake.updated_by_another(Title="theirs")
        stage.fake.after["CancelUpdateStack"] = lambda: stage.fake.script.release("Topic")
    stage.fake.calls.clear()


def spoil(stage: Stage, operation: str, kind: str) -> None:
    if kind == "unreadable":
        stage.fake.unreadable = operation
    else:
        stage.fake.fault(operation, denied if kind == "denied" else ODD, times=None)


def judged(done: Ended) -> list[str]:
    """What is wrong with an end, if anything."""
    wrong = []
    if done.code not in {int(one) for one in Exit}:
        wrong.append(f"exit {done.code}")
    if "has a bug" in done.stderr or "Traceback" in done.stderr:
        wrong.append(done.stderr)
    if "\x1b" in done.stderr or "\x1b" in done.stdout:
        wrong.append("an escape sequence of somebody else's")
    if done.code != 0 and not done.lines:
        wrong.append("not a word")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "kind"), ROWS)
def test_a_call_that_fails_for_good_ends_in_words(tmp_path: Path, verb: str, kind: str) -> None:
    found = {}
    with virtually(tmp_path / "undisturbed", per_second=1e6) as stage:
        begin(stage, verb)
        undisturbed = stage.within(*VERBS[verb])
        operations = {call.operation for call in stage.fake.calls}
    for operation in sorted(operations):
        with virtually(tmp_path / operation, per_second=1e6) as stage:
            begin(stage, verb)
            spoil(stage, operation, kind)
            found[operation] = judged(stage.within(*VERBS[verb]))

    assert undisturbed.code == 0, undisturbed.stderr
    assert len(operations) > 1
    assert found == {operation: [] for operation in operations}
