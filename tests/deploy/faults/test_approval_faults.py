"""What happens while somebody thinks, or where nobody is (rows 33 to 36 of the fault table)."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.ui import Waits
from tests.deploy.faults.actors import (
    Acting,
    change_sets,
    cloudformation,
    foreign_change_set,
    refused,
    value,
    written,
)
from tests.deploy.stage import STACK, Person, deploy, deployed, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.plan import Plan

pytestmark = pytest.mark.slow

AGAIN = f"{STACK} changed since it was planned; planning again"
OUTDATED = (
    f"{STACK} is not what this plan was made for: it was changed, or the plan was carried out or "
    "deleted already; nothing was done\n  make the plan again: ecs-blocks deploy hoge --env prod "
    "--plan-only FILE"
)


def delete_all(fake: FakeAws) -> None:
    """What somebody does who clears up."""
    client = cloudformation(fake)
    for one in client.list_change_sets(StackName=STACK)["Summaries"]:
        client.delete_change_set(ChangeSetName=one["ChangeSetId"])


def befores(plan: Plan) -> list[str | None]:
    return [one.before for change in plan.changes for one in change.properties]


@pytest.mark.parametrize("situation", ["a new stack", "an update"])
def test_row_33_a_change_set_that_is_deleted_meanwhile_is_made_and_agreed_to_again(
    empty: FakeAws, situation: str
) -> None:
    if situation == "an update":
        deployed(empty)
    person = Acting(lambda: delete_all(empty))

    outcome = deploy(empty, person=person)

    assert outcome.code is Exit.DONE
    assert len(person.plans) == 2
    assert person.said == [AGAIN]
    assert len(empty.asked("ExecuteChangeSet")) == 1


def test_row_33_an_approved_plan_whose_change_set_is_deleted_is_refused(fake: FakeAws) -> None:
    plan = Deployment(fake.aws(), prepared(), Person(), Waits()).plan()
    delete_all(fake)
    fake.calls.clear()

    refusal = refused(fake, plan=plan)

    assert refusal.code is Exit.BLOCKED
    assert str(refusal) == OUTDATED
    assert written(fake) == []


def test_row_34_after_somebody_elses_deploy_the_new_difference_is_shown(fake: FakeAws) -> None:
    person = Acting(lambda: deploy(fake, prepared("theirs")))

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert [befores(plan) for plan in person.plans] == [["zero"], ["theirs"]]
    assert person.said == [AGAIN]
    assert value(fake) == "one"


def test_row_34_what_somebody_elses_deploy_made_is_not_overwritten_where_that_is_declined(
    fake: FakeAws,
) -> None:
    person = Declining(lambda: deploy(fake, prepared("theirs")))
    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert value(fake) == "theirs"
    assert change_sets(fake) == []


class Declining(Acting):
    """Agrees as long as there is something to do meanwhile, then no more."""

    def approve(self, plan: Plan) -> bool:
        self.agrees = bool(self._acts)
        return super().approve(plan)


def test_row_34_an_approved_plan_is_refused_after_somebody_elses_deploy(fake: FakeAws) -> None:
    plan = Deployment(fake.aws(), prepared(), Person(), Waits()).plan()
    deploy(fake, prepared("theirs"))
    fake.calls.clear()

    refusal = refused(fake, plan=plan)

    assert (refusal.code, str(refusal)) == (Exit.BLOCKED, OUTDATED)
    assert written(fake) == []
    assert value(fake) == "theirs"


def test_a_stack_that_never_comes_to_rest_is_given_up(fake: FakeAws) -> None:
    person = Acting(*(lambda n=n: deploy(fake, prepared(f"theirs {n}")) for n in range(9)))

    refusal = refused(fake, person=person)

    assert refusal.code is Exit.BLOCKED
    assert refusal.message == (
        f"{STACK} was changed by somebody else 5 times while this deploy planned"
    )
    assert len(person.plans) == 5


@pytest.mark.parametrize("situation", ["a new stack", "an update"])
def test_row_35_where_nobody_is_nobody_agrees_and_nothing_waits(
    empty: FakeAws,
    situation: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if situation == "an update":
        deployed(empty)
    monkeypatch.setattr(sys, "stdin", Unread())
    terminal = Terminal(empty.clock, yes=False)

    outcome = Deployment(empty.aws(), prepared(), terminal, Waits()).run()

    assert (outcome.code, outcome.sentence) == (
        Exit.NEEDS_APPROVAL,
        f"{STACK}: declined; nothing was changed",
    )
    assert empty.asked("ExecuteChangeSet") == []
    if situation == "an update":
        assert change_sets(empty) == []
    empty.clock.advance(60)
    assert len(list(empty.cloudformation.stacks.living())) == (situation == "an update")


class Unread(io.StringIO):
    """A pipe that nobody writes to: whoever reads it would wait for ever."""

    def read(self, size: int | None = -1) -> str:
        raise AssertionError(size)

    readline = read  # type: ignore[assignment]  # the same for every way to read


def test_row_35_with_yes_nobody_has_to_be_there(
    fake: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Unread())
    terminal = Terminal(fake.clock, yes=True)

    outcome = Deployment(fake.aws(), prepared(), terminal, Waits()).run()

    assert outcome.code is Exit.DONE


def test_row_36_who_declines_a_new_stack_finds_nothing_and_no_protection(empty: FakeAws) -> None:
    outcome = deploy(empty, person=Person(agrees=False))

    [(change_set, stack)] = [
        (made["ChangeSetName"], gone["StackName"])
        for made in empty.asked("DeleteChangeSet")
        for gone in empty.asked("DeleteStack")
    ]
    assert outcome.code is Exit.NEEDS_APPROVAL
    assert written(empty) == ["CreateChangeSet", "DeleteChangeSet", "DeleteStack"]
    assert f"/{empty.asked('CreateChangeSet')[0]['ChangeSetName']}/" in change_set
    assert stack.startswith("arn:")
    empty.clock.advance(60)
    assert list(empty.cloudformation.stacks.living()) == []


def test_row_36_who_declines_keeps_what_others_review(empty: FakeAws) -> None:
    person = Acting(lambda: foreign_change_set(empty, kind="CREATE"))
    person.agrees = False

    deploy(empty, person=person)

    assert change_sets(empty) == ["by-hand"]
    assert empty.stack(STACK).status == "REVIEW_IN_PROGRESS"


@pytest.mark.parametrize(
    ("operation", "situation", "left"),
    [
        ("DeleteChangeSet", "an update", "the change set eb-"),
        ("DeleteChangeSet", "a new stack", "the change set eb-"),
        ("DeleteStack", "a new stack", f"the empty stack {STACK} "),
    ],
)
def test_who_declines_and_may_not_clear_up_has_declined_and_is_told_what_is_left(
    empty: FakeAws, operation: str, situation: str, left: str
) -> None:
    if situation == "an update":
        deployed(empty)
    empty.fault(operation, denied, times=None)
    person = Person(agrees=False)

    outcome = deploy(empty, person=person)

    assert outcome.code is Exit.NEEDS_APPROVAL
    [said] = person.said
    assert said.startswith(f"{STACK}: warning: {left}")
    assert "is still there" in said
    assert "permission is missing" in said


@pytest.mark.parametrize("situation", ["a new stack", "an update"])
def test_who_declines_leaves_the_plan_that_another_process_kept(
    empty: FakeAws, situation: str, tmp_path: Path
) -> None:
    if situation == "an update":
        deployed(empty)
    file = tmp_path / "plan.json"
    save(Deployment(empty.aws(), prepared(), Person(), Waits()).plan(), file)
    kept = change_sets(empty)

    declined = deploy(empty, person=Person(agrees=False))
    left = change_sets(empty)
    done = deploy(empty, plan=load(file))

    assert declined.code is Exit.NEEDS_APPROVAL
    assert left == kept != []
    assert done.code is Exit.DONE
    assert len(empty.asked("CreateChangeSet")) == 1


def test_who_declines_another_plan_leaves_the_empty_stack_that_is_not_theirs(
    empty: FakeAws, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    save(Deployment(empty.aws(), prepared(), Person(), Waits()).plan(), file)
    kept = change_sets(empty)

    deploy(empty, prepared("two"), person=Person(agrees=False))

    assert change_sets(empty) == kept
    assert empty.asked("DeleteStack") == []
    assert load(file).made == ()


def test_what_was_made_before_the_stack_moved_is_taken_away_too(empty: FakeAws) -> None:
    person = Declining(lambda: delete_all(empty))

    outcome = deploy(empty, person=person)
    empty.clock.advance(60)

    assert (outcome.code, len(person.plans)) == (Exit.NEEDS_APPROVAL, 2)
    assert list(empty.cloudformation.stacks.living()) == []


def test_a_plan_that_is_kept_in_a_file_is_the_one_that_runs(fake: FakeAws, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    save(Deployment(fake.aws(), prepared(), Person(), Waits()).plan(), file)

    outcome = deploy(fake, plan=load(file))

    assert outcome.code is Exit.DONE
    assert len(fake.asked("CreateChangeSet")) == 1
    assert value(fake) == "one"
