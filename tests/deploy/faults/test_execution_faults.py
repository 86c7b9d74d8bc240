"""One execution, whatever becomes of the answer (rows 37 to 43 of the fault table)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.watch import Patience
from tests.deploy.faults.actors import Acting, cloudformation, refused, value
from tests.deploy.stage import STACK, Person, deploy, prepared
from tests.fake_aws import (
    FakeAws,
    error,
    http_500_empty,
    http_500_empty_after,
    reset_after,
    reset_before,
    timeout,
    timeout_after,
)

if TYPE_CHECKING:
    from ecs_blocks.deploy.cloudformation.changes import Change
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow

EXECUTE = "ExecuteChangeSet"
BUSY = error(
    "InvalidChangeSetStatus",
    "An operation on this ChangeSet is currently in progress.  Please attempt this operation again "
    "later.",
)


def tokens(fake: FakeAws) -> list[str]:
    """The token of each attempt to execute, done or not."""
    return [
        call.parameters["ClientRequestToken"] for call in fake.calls if call.operation == EXECUTE
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(reset_after, id="row 37: reset"),
        pytest.param(timeout_after, id="row 37: timeout"),
        pytest.param(http_500_empty_after, id="row 41: 500 and an empty body"),
    ],
)
def test_an_execution_whose_answer_is_lost_is_attached_to(fake: FakeAws, kind: Kind) -> None:
    fake.fault(EXECUTE, kind)
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len(tokens(fake)) == 1
    assert len(person.plans) == 1
    assert value(fake) == "one"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(reset_before, id="reset"),
        pytest.param(timeout, id="timeout"),
        pytest.param(http_500_empty, id="row 41: 500 and an empty body"),
        pytest.param(error("InternalFailure", "", 500), id="row 41: 500 InternalFailure"),
        pytest.param(error("Throttling", "Rate exceeded"), id="throttled"),
    ],
)
def test_an_execution_that_did_not_arrive_is_repeated_with_the_same_token(
    fake: FakeAws, kind: Kind
) -> None:
    fake.fault(EXECUTE, kind, times=2)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert len(tokens(fake)) == 3
    assert len(set(tokens(fake))) == 1


def test_row_37_while_nobody_can_tell_whether_it_runs_the_same_token_is_used(
    fake: FakeAws,
) -> None:
    fake.fault(EXECUTE, reset_after)
    fake.fault("DescribeStackEvents", reset_before, times=2, after=EXECUTE)
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len(set(tokens(fake))) == 1
    assert fake.cloudformation.stacks.get(STACK).status == "UPDATE_COMPLETE"
    assert len([one for one in fake.stack(STACK).operations if one.token in tokens(fake)]) == 1
    assert len(person.plans) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        pytest.param(
            http_500_empty,
            f"executing the change set of {STACK}: AWS could not be reached: Internal Server Error",
            id="row 41: empty body",
        ),
        pytest.param(
            error("InternalFailure", "it broke", 500),
            f"executing the change set of {STACK}: AWS could not be reached: it broke",
            id="row 41: InternalFailure",
        ),
    ],
)
def test_an_execution_that_never_arrives_is_told_in_words(
    fake: FakeAws, kind: Kind, sentence: str
) -> None:
    fake.fault(EXECUTE, kind, times=None)

    refusal = refused(fake)

    assert refusal.code is Exit.STILL_RUNNING
    assert str(refusal) == (
        f"{sentence}\n  run the same command again: it goes on where this one ended"
    )
    assert len(set(tokens(fake))) == 1
    assert value(fake) == "zero"


@pytest.mark.slow
@pytest.mark.parametrize("code", ["TokenAlreadyExistsException", ""], ids=["refused", "as if new"])
def test_row_38_the_same_plan_that_another_process_began_is_attached_to(
    fake: FakeAws, code: str
) -> None:
    fake.cloudformation.repeated_token = code
    fake.script.resource_takes("Topic", 60)
    soon = Waits(patience=Patience(timeout_s=1))
    person = Acting(lambda: deploy(fake, waits=soon))

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE, outcome
    assert len(person.plans) == 1
    assert len(fake.asked(EXECUTE)) == 1
    assert value(fake) == "one"


@pytest.mark.slow
def test_row_38_the_same_plan_that_another_process_carried_out_is_done(fake: FakeAws) -> None:
    person = Acting(lambda: deploy(fake))

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE, outcome
    assert outcome.elapsed_s < 60
    assert len(fake.asked(EXECUTE)) == 1
    assert value(fake) == "one"


def test_row_38_a_change_set_that_is_executed_in_the_console_is_not_taken_for_ours(
    fake: FakeAws,
) -> None:
    fake.script.resource_takes("Topic", 60)
    person = Acting(
        lambda: cloudformation(fake).execute_change_set(
            ChangeSetName=person.plans[0].change_set_id,
            ClientRequestToken="Console-ExecuteChangeSet-0a1b",
        )
    )

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert outcome.sentence == f"{STACK}: nothing to change"
    assert len(fake.asked(EXECUTE)) == 1


@pytest.mark.slow
def test_row_39_a_stack_that_is_busy_is_waited_for_and_planned_again(fake: FakeAws) -> None:
    fake.script.resource_takes("Queue", 60)
    person = Acting(lambda: update(fake, "theirs"))

    outcome = deploy(fake, person=person)

    first, second = (plan.changes for plan in person.plans)
    assert outcome.code is Exit.DONE
    assert [before_and_after(changes) for changes in (first, second)] == [
        [("zero", "one")],
        [("theirs", "one")],
    ]
    assert len(fake.asked(EXECUTE)) == 1
    assert value(fake) == "one"


def test_row_39_a_stack_that_stays_busy_blocks(fake: FakeAws) -> None:
    fake.script.hold("Topic")
    person = Acting(lambda: update(fake, "theirs"))

    outcome = deploy(fake, person=person, waits=Waits(other_s=60))

    assert outcome.code is Exit.BLOCKED
    assert outcome.sentence == (f"{STACK}: another operation is still running: UPDATE_IN_PROGRESS")
    assert fake.asked(EXECUTE) == []


def test_row_39_busy_for_a_moment_only_the_same_plan_is_agreed_to_again(fake: FakeAws) -> None:
    fake.fault(EXECUTE, BUSY)
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len({plan.change_set_id for plan in person.plans}) == 1
    assert len(fake.asked(EXECUTE)) == 1


@pytest.mark.slow
def test_row_40_a_change_set_that_is_gone_is_made_again_and_agreed_to_again(
    fake: FakeAws,
) -> None:
    fake.fault(EXECUTE, error("ChangeSetNotFound", "ChangeSet [eb] does not exist", 404))
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len(person.plans) == 2
    assert person.said == [f"{STACK} changed since it was planned; planning again"]
    assert len(fake.asked(EXECUTE)) == 1


def test_row_40_a_change_set_that_is_gone_because_it_runs_is_attached_to(fake: FakeAws) -> None:
    fake.fault(EXECUTE, reset_after)
    fake.fault(EXECUTE, error("ChangeSetNotFound", "ChangeSet [eb] does not exist", 404), nth=2)
    fake.fault("DescribeStackEvents", reset_before, times=1, after=EXECUTE)
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len(person.plans) == 1
    assert len(fake.asked(EXECUTE)) == 1


def test_row_42_a_role_that_may_not_be_passed_is_named(fake: FakeAws) -> None:
    role = "arn:aws:iam::123456789012:role/cloudformation"
    text = (
        "User: arn:aws:sts::123456789012:assumed-role/ci/ci is not authorized to perform: "
        f"iam:PassRole on resource: {role}"
    )
    fake.fault(EXECUTE, error("AccessDenied", text, 403))

    refusal = refused(fake)

    assert refusal.code is Exit.CREDENTIALS
    assert str(refusal) == f"executing the change set of {STACK}: permission is missing: {text}"
    assert fake.asked(EXECUTE) == []


@pytest.mark.slow
def test_row_43_a_failure_is_always_rolled_back(empty: FakeAws) -> None:
    deploy(empty)
    deploy(empty, prepared("two"))

    made, executed = empty.asked("CreateChangeSet"), empty.asked(EXECUTE)
    assert len(made) == len(executed) == 2
    assert {frozenset(one) for one in executed} == {
        frozenset({"StackName", "ChangeSetName", "ClientRequestToken"})
    }
    assert not {"OnStackFailure", "DeploymentConfig", "DeploymentMode"} & set().union(*made)


def update(fake: FakeAws, name: str) -> None:
    """Somebody else's update, which runs from now on."""
    cloudformation(fake).update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": name}],
    )


def before_and_after(changes: tuple[Change, ...]) -> list[tuple[str | None, str | None]]:
    return [(one.before, one.after) for change in changes for one in change.properties]
