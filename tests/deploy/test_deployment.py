"""One stack's deploy, from nothing to done, against a state machine with CloudFormation's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import STACK, Person, deploy, deployed, prepared
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def stacks(fake: FakeAws) -> list[dict[str, Any]]:
    """What is there a minute later."""
    fake.clock.advance(60)
    found: list[dict[str, Any]] = fake.aws().client("cloudformation").describe_stacks()["Stacks"]
    return found


def name(fake: FakeAws) -> str:
    """The parameter Name of the stack."""
    [found] = fake.aws().client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return str(found["Parameters"][0]["ParameterValue"])


def test_a_new_stack_is_created(fake: FakeAws) -> None:
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE, outcome
    assert fake.stack(STACK).status == "CREATE_COMPLETE"
    assert [plan.kind for plan in person.plans] == ["CREATE"]
    assert {c.logical_id: c.action for c in person.plans[0].changes} == {
        "Topic": "Add",
        "Queue": "Add",
    }
    assert len(fake.asked("ExecuteChangeSet")) == 1


def test_an_update_shows_what_changes_and_executes_it(fake: FakeAws) -> None:
    deployed(fake)
    person = Person()

    outcome = deploy(fake, person=person)

    [plan] = person.plans
    [change] = plan.changes
    assert outcome.code is Exit.DONE
    assert (plan.kind, change.action, change.logical_id) == ("UPDATE", "Modify", "Topic")
    assert [(p.before, p.after) for p in change.properties] == [("zero", "one")]
    assert fake.stack(STACK).status == "UPDATE_COMPLETE"


def test_the_same_again_asks_nobody_and_leaves_no_change_set(fake: FakeAws) -> None:
    deployed(fake, "one")
    person = Person()

    outcome = deploy(fake, person=person)

    assert (outcome.code, outcome.sentence) == (Exit.DONE, f"{STACK}: nothing to change")
    assert person.plans == []
    assert fake.asked("ExecuteChangeSet") == []
    assert fake.aws().client("cloudformation").list_change_sets(StackName=STACK)["Summaries"] == []


def test_a_declined_plan_of_a_new_stack_leaves_nothing(fake: FakeAws) -> None:
    outcome = deploy(fake, person=Person(agrees=False))

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert [s["StackStatus"] for s in stacks(fake)] == []


def test_a_declined_update_leaves_the_stack_as_it_was(fake: FakeAws) -> None:
    deployed(fake)

    outcome = deploy(fake, person=Person(agrees=False))

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert fake.stack(STACK).status == "CREATE_COMPLETE"
    assert fake.aws().client("cloudformation").list_change_sets(StackName=STACK)["Summaries"] == []


def test_a_failed_update_is_rolled_back_and_tells_the_cause(fake: FakeAws) -> None:
    deployed(fake)
    fake.script.resource_fails("Topic", "the key is disabled")

    outcome = deploy(fake)

    assert outcome.code is Exit.ROLLED_BACK
    assert outcome.causes == ("Topic: UPDATE_FAILED: the key is disabled",)
    assert "the version before is back" in outcome.sentence
    assert fake.stack(STACK).status == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.slow
def test_after_a_failed_creation_the_empty_stack_is_deleted_once_it_is_agreed(
    fake: FakeAws,
) -> None:
    fake.script.resource_fails("Topic", "no")
    first = deploy(fake)
    fake.script.mended("Topic")
    person = Person()

    second = deploy(fake, person=person)

    assert first.code is Exit.ROLLED_BACK
    assert second.code is Exit.DONE, second
    assert [plan.kind for plan in person.plans] == ["REPLACE"]
    assert fake.stack(STACK).status == "CREATE_COMPLETE"


def test_what_a_failed_creation_left_is_not_deleted_before_it_is_agreed(fake: FakeAws) -> None:
    fake.script.resource_fails("Topic", "no")
    deploy(fake)

    outcome = deploy(fake, person=Person(agrees=False))

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert fake.stack(STACK).status == "ROLLBACK_COMPLETE"
    assert fake.asked("DeleteStack") == []


@pytest.mark.parametrize(
    "status",
    ["CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_FAILED", "POLISHED"],
)
def test_a_stack_that_needs_a_person_is_not_touched(fake: FakeAws, status: str) -> None:
    deployed(fake)
    fake.stack(STACK).force_status(status)

    with pytest.raises(DeployError) as error:
        deploy(fake)

    assert error.value.code is Exit.NEEDS_A_PERSON
    assert not {"CreateChangeSet", "DeleteStack", "ExecuteChangeSet"} & set(fake.operations)


@pytest.mark.parametrize(
    ("state", "code"), [("OK", Exit.DONE), ("ALARM", Exit.REJECTED), (None, Exit.REJECTED)]
)
def test_row_63_an_alarm_that_would_roll_the_deploy_back_is_told_before(
    fake: FakeAws, state: str | None, code: Exit
) -> None:
    """The stack's own rollback trigger, given to it by whatever means: it stays in force."""
    deployed(fake)
    fake.world.cloudwatch.alarm("errors", state="OK")
    trigger = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:errors"
    fake.aws().client("cloudformation").update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "theirs"}],
        RollbackConfiguration={
            "RollbackTriggers": [{"Arn": trigger, "Type": "AWS::CloudWatch::Alarm"}]
        },
    )
    fake.clock.sleep(600)
    if state is None:
        fake.world.cloudwatch.alarms.clear()
    else:
        fake.world.cloudwatch.alarm("errors", state=state)
    said = ""
    try:
        ended = deploy(fake).code
    except DeployError as error:
        ended, said = error.code, error.message

    assert ended is code
    assert ("rollback trigger errors: " in said) is (code is not Exit.DONE)
    assert bool(fake.asked("CreateChangeSet")) is (code is Exit.DONE)


@pytest.mark.slow
def test_an_approved_plan_is_carried_out_as_it_is(fake: FakeAws) -> None:
    deployed(fake)
    person = Person()
    plan = Deployment(fake.aws(), prepared(), person, Waits()).plan()

    outcome = deploy(fake, person=person, plan=plan)

    assert outcome.code is Exit.DONE
    assert person.plans == []
    assert len(fake.asked("CreateChangeSet")) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "forged",
    [{"changes": ()}, {"kind": "NOTHING"}, {"stack_id": STACK}, {"properties": ()}, {"type": "A"}],
    ids=str,
)
def test_a_plan_that_shows_other_changes_than_its_change_set_is_refused(
    fake: FakeAws, forged: dict[str, Any]
) -> None:
    deployed(fake)
    plan = Deployment(fake.aws(), prepared(), Person(), Waits()).plan()
    if hasattr(plan.changes[0], next(iter(forged))):
        forged = {"changes": (structs.replace(plan.changes[0], **forged),)}

    with pytest.raises(DeployError, match="the plan file was changed") as error:
        deploy(fake, plan=structs.replace(plan, **forged))

    assert error.value.code is Exit.INPUT
    assert fake.asked("ExecuteChangeSet") == []


@pytest.mark.slow
def test_a_plan_is_refused_once_the_stack_has_moved(fake: FakeAws) -> None:
    deployed(fake)
    plan = Deployment(fake.aws(), prepared("two"), Person(), Waits()).plan()
    deploy(fake, prepared("three"))

    with pytest.raises(DeployError) as error:
        deploy(fake, prepared("two"), plan=plan)

    assert error.value.code is Exit.BLOCKED
    assert name(fake) == "three"


@pytest.mark.slow
def test_a_killed_deploy_is_attached_to_and_not_executed_again(fake: FakeAws) -> None:
    deployed(fake)
    fake.script.hold("Topic")
    waits = Waits(patience=Patience(timeout_s=30))
    first = deploy(fake, waits=waits)
    fake.script.release("Topic")
    person = Person()

    second = deploy(fake, person=person)

    assert first.code is Exit.STILL_RUNNING
    assert second.code is Exit.DONE
    assert person.plans == []
    assert person.said == [f"{STACK}: this deploy is running already; watching it"]
    assert len(fake.asked("ExecuteChangeSet")) == 1


@pytest.mark.slow
def test_a_saved_plan_with_nothing_to_change_is_refused_on_another_version(fake: FakeAws) -> None:
    deployed(fake, "one")
    plan = Deployment(fake.aws(), prepared("one"), Person(), Waits()).plan()
    deploy(fake, prepared("two"))

    with pytest.raises(DeployError) as error:
        deploy(fake, prepared("one"), plan=plan)

    assert plan.kind == "NOTHING"
    assert error.value.code is Exit.BLOCKED


@pytest.mark.slow
def test_a_creation_that_rolls_back_while_attached_had_no_version_before(fake: FakeAws) -> None:
    fake.script.resource_takes("Queue", 120)
    fake.script.resource_fails("Topic", "no", after_s=20)
    deploy(fake, waits=Waits(patience=Patience(timeout_s=30)))

    outcome = deploy(fake)

    assert outcome.code is Exit.ROLLED_BACK
    assert "it was the first deploy" in outcome.sentence


@pytest.mark.slow
def test_anybody_elses_operation_is_waited_for(fake: FakeAws) -> None:
    deployed(fake)
    fake.script.hold("Topic")
    deploy(fake, prepared("other"), waits=Waits(patience=Patience(timeout_s=5)))
    fake.clock.at(60, lambda: fake.script.release("Topic"))

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert name(fake) == "one"


@pytest.mark.slow
def test_anybody_elses_operation_that_does_not_end_blocks(fake: FakeAws) -> None:
    deployed(fake)
    fake.script.hold("Topic")
    deploy(fake, prepared("other"), waits=Waits(patience=Patience(timeout_s=5)))

    outcome = deploy(fake, waits=Waits(other_s=60))

    assert outcome.code is Exit.BLOCKED
    assert len(fake.asked("ExecuteChangeSet")) == 1
