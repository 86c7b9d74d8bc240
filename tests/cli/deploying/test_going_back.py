"""``rollback``, and the records that it lives on: whoever sees a deploy end writes its record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.records.entry import Entry
from ecs_blocks.deploy.records.record import mark
from ecs_blocks.deploy.show.condition_text import entry_line
from tests.cli.deploying.stage import STACK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deploying.stage import Ended, Stage

pytestmark = pytest.mark.slow

HERE: Final = ("hoge", "--env", "prod")
STEERING: Final = "\x1b[2J\n::error::no\u202e##[error]"
ID: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z-[0-9a-f]{8}")


def test_rollback_deploys_what_served_before_and_is_itself_a_deploy(stage: Stage) -> None:
    stage.deployed()
    stage.deployed("two")
    done = stage.run("rollback", *HERE, "--yes")

    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is UPDATE_COMPLETE"])
    assert "      DisplayName: two → one (because of parameter Title)" in done.lines
    assert stage.title() == "one"
    assert [one["parameters"]["Title"] for one in stage.records] == ["one", "two", "one"]
    assert [one["result"] for one in stage.records] == ["done"] * 3


def test_rollback_lists_what_can_be_gone_back_to_and_goes_to_the_one_that_is_named(
    stage: Stage,
) -> None:
    for title in ("one", "two", "three"):
        stage.deployed(title)
    listed = stage.within("rollback", *HERE, "--list")
    done = stage.within("rollback", *HERE, "--to", "3", "--yes")

    assert [ID.sub("ID", one) for one in listed.stdout.splitlines()] == [
        "* 1  ID  done in 0s  no commit  deployer/ci",
        "  2  ID  done in 0s  no commit  deployer/ci",
        "  3  ID  done in 0s  no commit  deployer/ci",
    ]
    assert listed.lines == [
        "* runs now; go back to another: ecs-blocks rollback hoge --env prod --to ID"
    ]
    assert (done.code, stage.title()) == (0, "one")


def test_a_second_rollback_goes_on_back_and_not_forward_again(stage: Stage) -> None:
    for title in ("one", "two", "three"):
        stage.deployed(title)
    [one, two, three] = [record_id(one) for one in stage.records]
    first = stage.within("rollback", *HERE, "--yes")
    second = stage.within("rollback", *HERE, "--yes")
    third = stage.within("rollback", *HERE, "--yes")

    assert (first.code, second.code, third.code) == (0, 0, 2)
    assert stage.title() == "one"
    assert f"- the version of {two}: what served before {three}, which runs now" in words(first)
    why = f"what served before {two}, whose version runs since it was gone back to"
    assert f"- the version of {one}: {why}" in words(second)
    assert [record["back_to"] for record in stage.records] == ["", "", "", two, one]
    assert third.lines[0].startswith(f"{STACK} runs the version of {one}, which it went back to")
    assert "rolled back to" in stage.within("status", *HERE).stdout


def words(ended: Ended) -> str:
    """What was said, wherever a line ends."""
    return " ".join(ended.stderr.split())


def record_id(record: dict[str, Any]) -> str:
    """The id of a record."""
    return f"{record['when']}-{mark(record['operation'])}"


def deleted(stage: Stage) -> None:
    stage.within("delete", *HERE, "--yes")


def planned_only(stage: Stage) -> None:
    deleted(stage)
    stage.within("deploy", *HERE, "--plan-only", "hoge.plan")


def failed_creation(stage: Stage) -> None:
    deleted(stage)
    stage.fake.script.resource_fails("Topic", "no")
    stage.deploy(title="bad")


@pytest.mark.parametrize("leave", [deleted, planned_only, failed_creation])
def test_where_nothing_runs_what_served_last_is_gone_back_to(stage: Stage, leave: Any) -> None:
    stage.deployed("one")
    stage.deployed("two")
    leave(stage)
    listed = stage.within("rollback", *HERE, "--list")
    done = stage.within("rollback", *HERE, "--yes")

    assert [one[:2] for one in listed.stdout.splitlines()] == ["  ", "  "]
    assert listed.lines[0].startswith("nothing runs: ")
    assert (done.code, stage.title()) == (0, "two"), done.stderr
    assert ": the last that served; " in done.stderr


def test_what_failed_is_nothing_to_go_back_to(stage: Stage) -> None:
    stage.deployed("one")
    stage.fake.script.resource_fails("Topic", "no")
    stage.within("deploy", *HERE, "--yes", "--set", "Title=bad")
    stage.deployed("two")
    stage.within("rollback", *HERE, "--yes")

    assert stage.title() == "one"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--list",), f"{STACK}: no deploy before the current one is known to have served"),
        ((), "no deploy of hoge in prod before the current one is known to have served"),
        (("--to", "7"), "there is no deploy 7 of hoge in prod; there are 1 (the newest) to 1"),
    ],
)
def test_where_there_is_nothing_to_go_back_to_it_is_said(
    stage: Stage, arguments: tuple[str, ...], problem: str
) -> None:
    stage.deployed()
    done = stage.within("rollback", *HERE, *arguments)

    assert (done.code, done.lines) == (2 if arguments != ("--list",) else 0, [problem])
    assert stage.fake.asked("CreateChangeSet") == []


def test_a_rollback_to_which_nobody_can_agree_changes_nothing(stage: Stage) -> None:
    stage.deployed()
    stage.deployed("two")
    done = stage.within("rollback", *HERE)

    assert done.code == 4
    assert done.outcome == [
        f"NOT DONE: {STACK}: nobody is here to agree to it; nothing was changed",
        "  add --yes",
    ]
    assert stage.title() == "two"


def files(stage: Stage) -> list[Path]:
    """The files of hoge's records, oldest first."""
    folder = stage.project.folder / ".ecs-blocks" / "records" / "prod" / "hoge"
    return sorted(folder.glob("*.json"))


def test_the_ids_that_are_listed_can_be_gone_back_to(stage: Stage) -> None:
    for title in ("one", "two", "three"):
        stage.deployed(title)
    listed = stage.within("rollback", *HERE, "--list")
    oldest = ID.findall(listed.stdout)[-1]
    done = stage.within("rollback", *HERE, "--to", oldest, "--yes")

    assert (done.code, stage.title()) == (0, "one")


def by_another_template(stage: Stage) -> None:
    stage.fake.stack(STACK).definition.text += "# by hand\nMetadata: {By: hand}\n"


def by_another_value(stage: Stage) -> None:
    stage.fake.updated_by_another(Title="theirs")
    stage.fake.settle()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (by_another_template, "its template is another one"),
        (by_another_value, "of other values: Title"),
    ],
)
def test_what_was_changed_by_other_means_has_no_version_before(
    stage: Stage, change: Any, what: str
) -> None:
    stage.deployed("one")
    stage.deployed("two")
    change(stage)
    refused = stage.within("rollback", *HERE, "--yes")
    listed = stage.within("rollback", *HERE, "--list")
    newest = ID.findall(listed.stdout)[0]
    done = stage.within("rollback", *HERE, "--to", newest, "--yes")

    assert (refused.code, refused.lines) == (
        2,
        [
            f"{STACK} was changed since its newest record, {newest}, by other means than "
            f"ecs-blocks: {what}; so which version was before is not known",
            "  name one: ecs-blocks rollback hoge --env prod --list, then --to ID",
        ],
    )
    assert [ID.sub("ID", one)[:7] for one in listed.stdout.splitlines()] == ["  1  ID", "  2  ID"]
    assert listed.lines[:2] == [
        f"{STACK} is not what its newest record, {newest}, says:",
        f"  {what}",
    ]
    assert (done.code, stage.title()) == (0, "two")


def test_while_something_runs_which_version_was_before_is_open(stage: Stage) -> None:
    stage.deployed("one")
    stage.deployed("two")
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="theirs")
    refused = stage.within("rollback", *HERE, "--yes")

    assert refused.code == 13
    assert refused.lines[0].startswith(f"{STACK} is UPDATE_IN_PROGRESS: which version was before")


def test_a_record_that_somebody_edits_is_not_used(stage: Stage) -> None:
    stage.deployed("one")
    stage.deployed("two")
    file = files(stage)[0]
    file.write_text(file.read_text().replace('"Title": "one"', '"Title": "evil"'))
    named = stage.within("rollback", *HERE, "--to", "2", "--yes")
    previous = stage.within("rollback", *HERE, "--yes")

    assert (named.code, previous.code) == (2, 2)
    assert "the record was changed since it was written; it is not used" in named.stderr
    assert "no deploy of hoge in prod before the current one" in previous.stderr
    assert stage.title() == "two"


@pytest.mark.parametrize("failure", ["", "Topic"])
def test_a_record_says_how_cloudformation_ended(stage: Stage, failure: str) -> None:
    stage.deployed("one")
    if failure:
        stage.fake.script.resource_fails(failure, "no", on="UPDATE")
    stage.deploy(title="two")

    expected = "UPDATE_ROLLBACK_COMPLETE" if failure else "UPDATE_COMPLETE"
    assert [one["stack_status"] for one in stage.records] == ["CREATE_COMPLETE", expected]


def test_a_deploy_that_left_no_record_gets_one_from_whoever_sees_its_end(stage: Stage) -> None:
    stage.deployed("one")
    stage.deployed("two")
    before = stage.records[-1]
    files(stage)[-1].unlink()
    done = stage.within("attach", *HERE)
    again = stage.within("attach", *HERE)
    [_, found] = stage.records

    guessed = {"who": "unknown", "commit": None, "dirty": None, "branch": None}
    measured = ("duration_s", "record_sha256")
    assert (done.code, again.code) == (0, 0)
    assert "recorded in" in done.stderr
    assert "recorded in" not in again.stderr
    assert {k: v for k, v in found.items() if k not in measured} == {
        k: v for k, v in (before | guessed).items() if k not in measured
    }
    back = stage.within("rollback", *HERE, "--yes")
    assert (back.code, stage.title()) == (0, "one")


def test_nobody_elses_deploy_is_recorded_nor_one_that_aws_does_not_give_back(
    stage: Stage,
) -> None:
    stage.deployed("one")
    stage.fake.updated_by_another(Title="theirs")
    stage.fake.settle()
    stage.within("attach", *HERE)
    theirs = len(stage.records)
    stage.deployed("two")
    files(stage)[-1].unlink()
    stage.fake.stack(STACK).definition.text += "# é\n"  # comes back as a question mark
    stage.within("attach", *HERE)

    assert theirs == len(stage.records) == 1


def test_a_deploy_that_was_rolled_back_is_not_recorded_as_what_runs(stage: Stage) -> None:
    stage.deployed("one")
    stage.fake.script.resource_fails("Topic", "no", on="UPDATE")
    stage.deploy(title="two")
    files(stage)[-1].unlink()
    done = stage.within("attach", *HERE)

    assert done.code == 10
    assert [json.loads(one.read_text())["parameters"]["Title"] for one in files(stage)] == ["one"]


@pytest.mark.parametrize(
    "entry",
    [
        Entry(number=1, id="ID", result=STEERING, who=STEERING, root_cause=STEERING),
        Entry.unreadable(1, "ID", STEERING),
    ],
)
def test_a_line_of_the_list_is_one_line_and_steers_no_terminal(entry: Entry) -> None:
    """Whoever may write to the records may write anything into them."""
    line = entry_line(entry)

    assert line.isprintable()
    assert "##[" not in line
