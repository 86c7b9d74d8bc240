"""The outcome for a machine: the shape that docs/how-to/deploy.md describes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange
from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.ecs.verify import Verdict
from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.errors import EXIT_CODES, Exit
from ecs_blocks.deploy.plan import Plan
from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.show.outcome_json import FORMAT, outcomes_json
from ecs_blocks.deploy.show.safe_text import clean_json

if TYPE_CHECKING:
    from collections.abc import Iterator

HOW_TO: Final = Path(__file__).parents[3] / "docs" / "how-to" / "deploy.md"
TASK: Final = FailedTask(
    "7f2a",
    FailureKind.EXIT,
    "app exited \x1b[31m1",
    container="app",
    exit_code=1,
    ran_s=6.0,
    log_lines=("\x1b[31mred", "AKIAIOSFODNN7EXAMPLE", "##vso[task.complete]"),
    hint="look at it",
    same=2,
)
CHANGES: Final = (
    Change(
        "Modify",
        "Database",
        "AWS::RDS::DBInstance",
        replacement="True",
        properties=(PropertyChange("MasterUserPassword", "old", "new", recreation="Always"),),
    ),
    Change("Modify", "Task", "AWS::ECS::TaskDefinition", replacement="True"),
)
PLAN: Final = Plan(
    app="hoge",
    environment="prod",
    account_id="1",
    region="r",
    stack_name="hoge-prod",
    stack_id="id",
    kind="UPDATE",
    base="b",
    change_set_id="c",
    content=Content(template="", parameters={}, tags={}),
    changes=CHANGES,
    warnings=("careful",),
)
OUTCOME: Final = Outcome(
    code=Exit.ROLLED_BACK,
    sentence="it was rolled back",
    causes=("Service: UPDATE_FAILED",),
    failures=(TASK,),
    failed_tasks=3,
    verdicts=(Verdict("Service", serves=False, sentence="hoge:1 serves"),),
    notes=("a placeholder",),
    plan=PLAN,
)


def told(outcome: Outcome = OUTCOME) -> Any:
    return outcomes_json({"hoge-prod": outcome}, outcome.code)


def test_a_failure_has_its_class_its_reason_and_its_lines() -> None:
    stack = told()["stacks"]["hoge-prod"]
    [failure] = stack["failures"]

    assert stack["failed_tasks"] == 3
    assert failure == {
        "task_id": "7f2a",
        "class": "exit code",
        "reason": "app exited 1",
        "container": "app",
        "exit_code": 1,
        "ran_s": 6.0,
        "log_lines": ["red", "(hidden)", "# #vso[task.complete]"],
        "hint": "look at it",
        "note": "",
        "same": 2,
    }


def test_each_change_has_its_verdict_and_no_secret() -> None:
    found = told()["stacks"]["hoge-prod"]["changes"]

    assert [(one["logical_id"], one["verdict"], one["is_calm"]) for one in found] == [
        ("Database", "replaced", False),
        ("Task", "revision", True),
    ]
    assert found[0]["properties"][0]["after"] == "(hidden)"


def test_where_no_plan_is_known_there_are_no_changes_to_tell() -> None:
    assert told(structs.replace(OUTCOME, plan=None))["stacks"]["hoge-prod"]["changes"] is None


def test_the_exit_code_comes_with_its_meaning() -> None:
    found = told()

    assert (found["format"], found["code"]) == (FORMAT, 10)
    assert found["meaning"] == EXIT_CODES[Exit.ROLLED_BACK]


def test_no_order_to_a_ci_server_survives_in_the_json() -> None:
    text = json.dumps({"a": "x ##vso[task.complete]y ##[error]"})
    harmless = clean_json(text)

    assert not re.search(r"##\w*\[", harmless)
    assert json.loads(harmless) == json.loads(text)


def keys(found: Any) -> Iterator[str]:
    """Every key of the shape, but for the stacks' names."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key != "hoge-prod":
                yield key
            yield from keys(value)
    elif isinstance(found, list):
        for item in found:
            yield from keys(item)


def test_the_document_describes_every_key() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    section = text.partition("## For a machine")[2].partition("\n## ")[0]

    assert set(keys(told())) <= set(re.findall(r"`(\w+)`", section))
    assert f"`format` is {FORMAT}" in section
