"""What a change set says, and when: rows 20 to 26 of the fault table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.planning import make_plan
from tests.deploy.faults.actors import (
    PROPERTY,
    Acting,
    change_sets,
    foreign_change_set,
    refused,
    written,
)
from tests.deploy.stage import STACK, Person, deploy, prepared
from tests.fake_aws import FakeAws, denied, lag, reset_before, throttled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.slow

DESCRIBE = "DescribeChangeSet"
NO_CHANGES = "The submitted information didn't contain changes."


def test_row_20_a_change_set_that_not_every_machine_knows_yet_is_waited_for(
    fake: FakeAws,
) -> None:
    fake.fault(DESCRIBE, lag(3))

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert len(fake.asked("CreateChangeSet")) == 1


@pytest.mark.slow
def test_row_21_a_change_set_that_takes_ten_minutes_is_waited_for_aloud(fake: FakeAws) -> None:
    fake.script.change_set_takes_s = 600
    said: list[str] = []

    plan = make_plan(fake.aws(), prepared(), read_stack(fake.aws(), STACK), said.append)

    assert plan.kind == "UPDATE"
    assert said[:2] == [
        f"{STACK}: CloudFormation works on the change set, for 1 minute now",
        f"{STACK}: CloudFormation works on the change set, for 2 minutes now",
    ]
    assert len(said) == 9


@pytest.mark.slow
def test_row_21_after_a_quarter_of_an_hour_it_is_given_up_and_can_be_gone_on_with(
    fake: FakeAws,
) -> None:
    fake.script.change_set_takes_s = 1000

    refusal = refused(fake)
    outcome = deploy(fake)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == (
        f"{STACK}: CloudFormation works on the change set for 15 minutes and is not done; nothing "
        "was deployed\n  run the same command again: it goes on with the same change set"
    )
    assert outcome.code is Exit.DONE
    assert len({one["ChangeSetName"] for one in fake.asked("CreateChangeSet")}) == 1


@pytest.mark.slow
def test_contact_that_is_lost_while_waiting_says_nothing_of_the_change_set(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, reset_before, times=20, after="CreateChangeSet")

    assert deploy(fake).code is Exit.DONE


@pytest.mark.slow
def test_contact_that_is_lost_for_good_is_told_as_such(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, throttled, times=None, after="CreateChangeSet")

    refusal = refused(fake)

    assert refusal.code is Exit.STILL_RUNNING
    assert "AWS could not be reached: Rate exceeded" in refusal.message
    assert written(fake) == ["CreateChangeSet"]


def test_a_change_set_that_somebody_executes_meanwhile_is_not_asked_about(fake: FakeAws) -> None:
    fake.script.resource_takes("Topic", 60)

    def executed(request: Mapping[str, Any]) -> bool:
        fake.clock.advance(10)
        by = {"ClientRequestToken": "Console-ExecuteChangeSet-0a1b"}
        fake.cloudformation.execute_change_set({**request, **by})
        return False

    fake.fault(DESCRIBE, throttled, where=once(executed), after="CreateChangeSet")
    person = Person()

    outcome = deploy(fake, person=person)

    assert (outcome.code, outcome.sentence) == (Exit.DONE, f"{STACK}: nothing to change")
    assert person.plans == []
    assert fake.asked("ExecuteChangeSet") == []


def once(act: Callable[[Mapping[str, Any]], bool]) -> Callable[[Mapping[str, Any]], bool]:
    left = [act]
    return lambda request: left.pop()(request) if left else False


@pytest.mark.slow
@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(NO_CHANGES, id="row 22: no changes"),
        pytest.param("No updates are to be performed.", id="row 23: no updates"),
        pytest.param("NO UPDATES ARE TO BE PERFORMED", id="row 23: written otherwise"),
    ],
)
def test_nothing_to_change_is_a_success_that_leaves_nothing(fake: FakeAws, reason: str) -> None:
    fake.script.change_set_fails(reason)
    person = Person()

    outcome = deploy(fake, person=person)

    assert (outcome.code, outcome.sentence) == (Exit.DONE, f"{STACK}: nothing to change")
    assert person.plans == []
    assert change_sets(fake) == []
    assert fake.asked("ExecuteChangeSet") == fake.asked("DeleteStack") == []


def test_nothing_to_change_is_a_success_where_the_change_set_cannot_be_deleted(
    fake: FakeAws,
) -> None:
    fake.script.change_set_fails(NO_CHANGES)
    fake.fault("DeleteChangeSet", denied, times=None)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert outcome.plan is not None
    assert outcome.plan.warnings == (
        f"the change set {change_sets(fake)[0]} is still there: deleting the change set "
        f"{change_sets(fake)[0]} of {STACK}: permission is missing: User: "
        "arn:aws:sts::123456789012:assumed-role/ci/ci is not authorized to perform this action",
    )


def test_row_24_nothing_to_change_on_a_new_stack_takes_our_empty_stack_away(
    empty: FakeAws,
) -> None:
    empty.script.change_set_fails(NO_CHANGES)

    outcome = deploy(empty)
    empty.clock.advance(60)

    assert outcome.code is Exit.DONE
    assert list(empty.cloudformation.stacks.living()) == []


def test_row_24_an_empty_stack_with_somebody_elses_review_stays(empty: FakeAws) -> None:
    foreign_change_set(empty, "theirs", kind="CREATE", description="the console's")

    refusal = refused(empty)

    assert refusal.code is Exit.BLOCKED
    assert str(refusal) == (
        f"{STACK}: somebody's review is open: change set theirs of 2026-11-23 01:00:00+00:00 (the "
        "console's)\n  let them execute or delete it, then run the same command again"
    )
    assert written(empty) == []
    assert change_sets(empty) == ["theirs"]


@pytest.mark.slow
def test_row_24_a_review_that_somebody_opens_meanwhile_stays(empty: FakeAws) -> None:
    person = Acting(
        lambda: foreign_change_set(empty, "theirs", kind="CREATE", description="theirs")
    )
    person.agrees = False

    outcome = deploy(empty, person=person)

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert change_sets(empty) == ["theirs"]
    assert empty.asked("DeleteStack") == []


def test_row_25_a_failure_without_a_reason_is_told_by_its_status(fake: FakeAws) -> None:
    fake.script.change_set_fails(None)

    refusal = refused(fake)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == f"{STACK}: CloudFormation refuses this: FAILED"
    assert change_sets(fake) == []


EARLY = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]."


def test_row_26_each_finding_of_the_early_validation_is_told(fake: FakeAws) -> None:
    other = {**PROPERTY, "ValidationPath": "/Resources/Topic/Properties/Colour"}
    fake.script.change_set_fails(EARLY, events=(PROPERTY, other))
    fake.cloudformation.page_size = 1

    refusal = refused(fake)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == "\n  ".join(
        [
            f"{STACK}: CloudFormation refuses this: {EARLY}",
            *(
                f"Topic /Resources/Topic/Properties/{name}: Unsupported property [DisplayNam]"
                for name in ("DisplayNam", "Colour")
            ),
        ]
    )


def test_row_26_without_the_permission_the_raw_reason_and_the_permission_are_told(
    fake: FakeAws,
) -> None:
    fake.script.change_set_fails(EARLY, events=(PROPERTY,))
    fake.fault("DescribeEvents", denied, times=None)

    assert str(refused(fake)) == (
        f"{STACK}: CloudFormation refuses this: {EARLY}\n  (the properties are not shown: "
        "cloudformation:DescribeEvents is denied to you)"
    )
