"""What takes back holds to what was agreed to, and to what already runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ecs_blocks.cli.terminal import Terminal
from tests.cli.deploying.stage import STACK
from tests.cli.deploying.virtual import virtually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")
CHANGED = [
    f"{STACK} changed while you were asked; it was not deleted",
    "  run the same command again to see it",
]
NEW = '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}'


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with virtually(tmp_path, per_second=1e6) as found:
        yield found


def in_review(stage: Stage) -> str:
    """Somebody else's change set, on a stack that was never made."""
    client = stage.fake.aws().client("cloudformation")
    made = client.create_change_set(
        StackName=STACK, ChangeSetName="theirs", ChangeSetType="CREATE", TemplateBody=NEW
    )
    stage.fake.clock.advance(60)
    return str(made["Id"])


def execute(stage: Stage, arn: str) -> None:
    stage.fake.aws().client("cloudformation").execute_change_set(ChangeSetName=arn)
    stage.fake.settle()


def agreeing_after(happen: Callable[[], object]) -> Any:
    """Whoever is asked agrees, once something else has happened."""

    def agree(_: Terminal, *__: Any) -> bool:
        happen()
        return True

    return patch.object(Terminal, "agree", agree)


def test_a_review_that_was_executed_meanwhile_is_not_deleted(stage: Stage) -> None:
    arn = in_review(stage)
    with agreeing_after(lambda: execute(stage, arn)):
        done = stage.within("delete", *HERE)

    assert (done.code, done.lines) == (13, CHANGED)
    assert stage.fake.stack(STACK).status == "CREATE_COMPLETE"
    assert stage.fake.asked("DeleteStack") == []


def test_a_review_that_is_executed_at_the_last_moment_is_not_deleted(stage: Stage) -> None:
    """Even with --yes: the stack is read once more when its change sets are out of the way."""
    arn = in_review(stage)
    stage.fake.after["DeleteChangeSet"] = lambda: stage.fake.stack(STACK).force_status(
        "CREATE_IN_PROGRESS"
    )
    done = stage.within("delete", *HERE, "--yes")

    assert arn
    assert done.code == 13, done.stderr
    assert done.lines[-2:] == CHANGED
    assert stage.fake.asked("DeleteStack") == []


def test_a_stack_that_was_deployed_meanwhile_is_not_deleted(stage: Stage) -> None:
    stage.deployed()

    def deploy() -> None:
        stage.fake.updated_by_another(Title="theirs")
        stage.fake.settle()

    with agreeing_after(deploy):
        done = stage.within("delete", *HERE)

    assert (done.code, done.lines) == (13, CHANGED)
    assert stage.fake.asked("DeleteStack") == []


def our_deletion(stage: Stage) -> None:
    """It was begun, and left, and runs."""
    stage.fake.script.resource_takes("Topic", 5400)
    left = stage.within("delete", *HERE, "--yes")

    assert left.code == 12
    assert stage.fake.stack(STACK).status == "DELETE_IN_PROGRESS"


def test_what_is_being_deleted_cannot_be_cancelled(stage: Stage) -> None:
    stage.deployed()
    our_deletion(stage)
    done = stage.within("cancel", *HERE, "--yes")

    assert (done.code, done.lines) == (
        2,
        [
            f"{STACK} is DELETE_IN_PROGRESS: there is no update to end",
            "  to watch it: ecs-blocks attach hoge --env prod",
        ],
    )


def test_what_is_being_deleted_is_watched_and_not_recovered(stage: Stage) -> None:
    stage.deployed()
    our_deletion(stage)
    done = stage.within("recover", *HERE, "--yes")

    assert done.code == 13, done.stderr
    assert (
        f"{STACK} is being deleted (DELETE_IN_PROGRESS), which nothing ends; watching it"
    ) in done.stderr
    assert done.outcome[0].startswith(f"NOT DONE: {STACK} is deleted, and was not recovered")


def kept_creation(stage: Stage) -> None:
    """What a creation made before it failed was kept."""
    stage.fake.script.resource_fails("T", "quota exceeded")
    client = stage.fake.aws().client("cloudformation")
    more = '"Topic":{"Type":"AWS::SNS::Topic"}'
    template = NEW.replace(
        '"T":{"Type":"AWS::SNS::Topic"}', f'{more},"T":{{"Type":"AWS::SQS::Queue"}}'
    )
    client.create_stack(StackName=STACK, TemplateBody=template, DisableRollback=True)
    stage.fake.clock.advance(600)

    assert stage.fake.stack(STACK).status == "CREATE_FAILED"


def test_a_creation_that_is_taken_back_ends_well_as_a_deletion(stage: Stage) -> None:
    kept_creation(stage)
    stage.fake.script.resource_takes("Topic", 5400)
    first = stage.within("recover", *HERE, "--yes")
    again = stage.within("recover", *HERE, "--yes")

    assert (first.code, again.code) == (12, 0), again.stderr
    assert again.outcome[0].startswith(f"OK: {STACK} is deleted")


def test_nothing_can_be_left_out_of_a_rollback_that_runs(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_takes("Topic", 5400)
    stage.fake.updated_by_another(Title="x")
    stage.fake.clock.advance(3)
    stage.within("cancel", *HERE, "--yes")
    done = stage.within("recover", *HERE, "--skip", "Nobody", "--yes")

    assert (done.code, done.lines) == (
        13,
        [
            f"{STACK} goes back already (UPDATE_ROLLBACK_IN_PROGRESS); --skip is for when that has "
            "failed",
            "  to watch it: ecs-blocks attach hoge --env prod",
        ],
    )


@pytest.mark.parametrize("more", [("--force",), ("--retain", "Nobody")])
def test_what_a_deletion_that_runs_leaves_is_decided(stage: Stage, more: tuple[str, ...]) -> None:
    stage.deployed()
    our_deletion(stage)
    done = stage.within("delete", *HERE, "--yes", *more)

    assert done.code == 0, done.stderr
    assert "was decided when it began: --retain and --force count not" in done.stderr


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("EXPRESS", "an update in EXPRESS mode failed"),
        ("STANDARD", "an update failed and was not rolled back; go back with"),
    ],
)
def test_whoever_sees_an_update_end_stuck_tells_the_way_out_of_its_mode(
    stage: Stage, mode: str, told: str
) -> None:
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "no", on="UPDATE")
    stage.fake.aws().client("cloudformation").update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        DisableRollback=True,
        Parameters=[
            {"ParameterKey": "Title", "ParameterValue": "x"},
            {"ParameterKey": "Neighbour", "UsePreviousValue": True},
        ],
    )
    stage.fake.settle()
    stage.fake.stack(STACK).deployment_mode = mode
    done = stage.within("attach", *HERE)

    assert stage.fake.stack(STACK).status == "UPDATE_FAILED"
    assert done.code == 11, done.stderr
    assert told in done.stderr
