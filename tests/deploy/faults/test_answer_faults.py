"""What a change set says, and when: rows 20 to 32 of the fault table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.deployment import Deployment, Waits
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.planning import make_plan
from ecs_blocks.deploy.show.plan_view import plan_view
from ecs_blocks.deploy.stack import read_stack
from tests.deploy.faults.actors import (
    Acting,
    change_sets,
    cloudformation,
    foreign_change_set,
    refused,
    value,
    written,
)
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, prepared
from tests.fake_aws import FakeAws, changed, denied, error, lag, reset_before, throttled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.plan import Plan

DESCRIBE = "DescribeChangeSet"
NO_CHANGES = "The submitted information didn't contain changes."
PROPERTY = {
    "EventType": "VALIDATION_ERROR",
    "LogicalResourceId": "Topic",
    "ValidationName": "PROPERTY_VALIDATION",
    "ValidationStatus": "FAILED",
    "ValidationPath": "/Resources/Topic/Properties/DisplayNam",
    "ValidationStatusReason": "Unsupported property [DisplayNam]",
}


def planned(fake: FakeAws) -> Plan:
    return Deployment(fake.aws(), prepared(), Person(), Waits()).plan()


def is_detailed(request: Mapping[str, Any]) -> bool:
    return bool(request.get("IncludePropertyValues"))


def test_row_20_a_change_set_that_not_every_machine_knows_yet_is_waited_for(
    fake: FakeAws,
) -> None:
    fake.fault(DESCRIBE, lag(3))

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert len(fake.asked("CreateChangeSet")) == 1


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


def test_contact_that_is_lost_while_waiting_says_nothing_of_the_change_set(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, reset_before, times=20)

    assert deploy(fake).code is Exit.DONE


def test_contact_that_is_lost_for_good_is_told_as_such(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, throttled, times=None)

    refusal = refused(fake)

    assert refusal.code is Exit.STILL_RUNNING
    assert "AWS could not be reached: Rate exceeded" in refusal.message
    assert written(fake) == ["CreateChangeSet"]


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
        "and what it left behind is still there: deleting the change set "
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


WARNING = {**PROPERTY, "ValidationFailureMode": "WARN", "ValidationStatusReason": "is not empty"}


def test_row_27_a_warning_is_shown_and_has_to_be_agreed_to(fake: FakeAws) -> None:
    fake.script.change_set_warns(events=(WARNING,))

    plan = planned(fake)

    assert plan.warnings == ("Topic /Resources/Topic/Properties/DisplayNam: is not empty",)
    assert not plan.is_calm
    assert "! warning: Topic /Resources/Topic/Properties/DisplayNam: is not empty\n" in plan_view(
        plan
    )


def test_row_27_warnings_that_cannot_be_read_are_no_reason_to_stop(fake: FakeAws) -> None:
    fake.script.change_set_warns(events=(WARNING,))
    fake.fault("DescribeEvents", denied, times=None)

    plan = planned(fake)

    assert plan.warnings == ()
    assert plan.facts == (
        "warnings are not shown: cloudformation:DescribeEvents is denied to you",
    )


LARGE = {
    **TEMPLATE,
    "Resources": {
        f"Topic{n}": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Name"}}}
        for n in range(7)
    },
}


def test_row_28_every_page_is_read_again_where_a_token_runs_out(empty: FakeAws) -> None:
    empty.cloudformation.page_size = 3
    ran_out: list[str] = []

    def once(request: Mapping[str, Any]) -> bool:
        if request.get("NextToken") and not ran_out:
            ran_out.append(request["NextToken"])
            empty.world.expire_pages()
        return False

    empty.fault(DESCRIBE, error("never"), where=once)
    person = Person()

    outcome = deploy(empty, prepared(template=LARGE), person)

    assert outcome.code is Exit.DONE
    assert len(ran_out) == 1
    assert [change.logical_id for change in person.plans[0].changes] == list(LARGE["Resources"])


def test_row_28_a_token_that_always_runs_out_shows_no_half_of_a_plan(empty: FakeAws) -> None:
    empty.cloudformation.page_size = 3
    empty.fault(
        DESCRIBE,
        error("ValidationError", "Invalid pagination token"),
        where=lambda request: bool(request.get("NextToken")),
        times=None,
    )

    refusal = refused(empty, prepared(template=LARGE))

    assert refusal.message == (
        f"reading the change set of {STACK}: ValidationError: Invalid pagination token"
    )
    assert empty.asked("ExecuteChangeSet") == []


def without_topic(answer: dict[str, Any]) -> None:
    answer["Changes"] = []
    answer["StatusReason"] = (
        "[WARN] --include-property-values option can return incomplete ChangeSet data"
    )


def test_row_29_what_the_answer_with_values_leaves_out_is_in_the_plan(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, changed(without_topic), where=is_detailed, times=None)

    [change] = planned(fake).changes

    assert (change.logical_id, change.action) == ("Topic", "Modify")
    assert [one.path for one in change.properties] == ["DisplayName"]


def altered(change: Callable[[dict[str, Any]], object]) -> Any:
    """The answer, with each of its changes altered."""

    def alter(answer: dict[str, Any]) -> None:
        for one in answer.get("Changes", ()):
            change(one["ResourceChange"])

    return changed(alter)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("Import", "exists already, and becomes part of the stack"),
        ("Dynamic", "what happens to it is decided during deploy"),
        ("SyncWithActual", "stays as it is; CloudFormation takes note of it"),
        ("Foo", "Foo: not known to this version of ecs_blocks"),
    ],
)
def test_row_30_every_action_is_shown(fake: FakeAws, action: str, words: str) -> None:
    fake.fault(DESCRIBE, altered(lambda one: one.update(Action=action)), times=None)

    assert f"Topic (AWS::SNS::Topic): {words}\n" in plan_view(planned(fake))


def with_values(name: str, before: str, after: str) -> Any:
    def alter(change: dict[str, Any]) -> None:
        for detail in change["Details"]:
            if "BeforeValue" in detail["Target"]:
                detail["Target"].update(
                    Name=name, Path=f"/Properties/{name}", BeforeValue=before, AfterValue=after
                )

    return altered(alter)


def test_row_31_values_that_were_cut_are_marked_and_secrets_are_hidden(fake: FakeAws) -> None:
    kind = with_values("MasterUserPassword", "hunter2 and more", "hunter3 and mo...")
    fake.fault(DESCRIBE, kind, where=is_detailed, times=None)

    text = plan_view(planned(fake))

    assert "hunter" not in text
    assert "MasterUserPassword: changes, the value is hidden" in text
    assert "AWS cut the values" in text


def test_row_32_a_nested_change_set_that_failed_gives_its_reason(fake: FakeAws) -> None:
    inner = failed_child(fake, "inner", "the AMI does not exist")
    outer = failed_child(fake, "outer", f"Nested change set {inner} was not successfully created.")
    reason = f"Nested change set {outer} was not successfully created: Currently in FAILED."
    fake.script.change_set_fails(reason)

    assert str(refused(fake)) == "\n  ".join(
        [
            f"{STACK}: CloudFormation refuses this: {reason}",
            f"outer: Nested change set {inner} was not successfully created.",
            "inner: the AMI does not exist",
        ]
    )
    assert value(fake) == "zero"


def failed_child(fake: FakeAws, name: str, reason: str) -> str:
    """A change set of another stack that failed."""
    fake.deployed(name, TEMPLATE, {"Name": "zero"})
    fake.script.change_set_fails(reason)
    made = cloudformation(fake).create_change_set(
        StackName=name,
        ChangeSetName="nested",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "one"}],
    )
    fake.clock.advance(10)
    return str(made["Id"])
