"""A plan's file that somebody wrote into: nothing is done that it does not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import ParameterChange
from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings, Standing
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.planning import added
from ecs_blocks.deploy.ui import Waits
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, deployed, prepared
from tests.fake_aws import FakeAws, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.plan import Plan

pytestmark = pytest.mark.slow

FORGED: Final = "the plan file was changed: it does not show what it does"
ANOTHER: Final = "is not what this plan was made for"
ALLOW: Final = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
UNPROTECTED: Final = StackSettings(json.dumps({"Statement": [ALLOW]}), termination_protection=False)
WRITES: Final = {
    *("ExecuteChangeSet", "DeleteStack", "SetStackPolicy", "UpdateTerminationProtection"),
    *("RunTask", "RegisterTaskDefinition"),
}
STEP: Final = "before the deploy: Migrate runs ./migrate in Service with the new image"
ROLE: Final = "CloudFormation acts as arn:aws:iam::123456789012:role/small"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def planned(fake: FakeAws, stack: str = STACK) -> Plan:
    found = prepared()
    place = structs.replace(found.target.place, stack_name=stack)
    rendered = structs.replace(found.target.rendered, stack_name=stack)
    target = structs.replace(found.target, place=place, rendered=rendered)
    what = structs.replace(found, target=target)
    plan = Deployment(fake.aws(), what, Person(), Waits()).plan()
    fake.calls.clear()
    return plan


def refusal(fake: FakeAws, plan: Plan) -> str:
    """Why *plan* is not carried out; nothing was done."""
    with pytest.raises(DeployError) as error:
        deploy(fake, plan=plan)

    assert error.value.code in (Exit.INPUT, Exit.BLOCKED)
    assert set(fake.operations) & WRITES == set()
    return error.value.message


@pytest.mark.parametrize("kind", ["CREATE", "SETTINGS", "REPLACE"])
def test_a_change_set_cannot_be_carried_out_as_what_it_is_not(fake: FakeAws, kind: str) -> None:
    """As a creation it would leave out the steps before the deploy, and the settings."""
    deployed(fake)

    assert FORGED in refusal(fake, structs.replace(planned(fake), kind=kind))


def test_a_stack_that_serves_is_not_made_again(fake: FakeAws) -> None:
    deployed(fake)
    changes = tuple(added(TEMPLATE))
    forged = structs.replace(planned(fake), kind="REPLACE", change_set_id="", changes=changes)

    assert ANOTHER in refusal(fake, forged)
    assert fake.stack(STACK).status == "CREATE_COMPLETE"


def test_what_a_failed_creation_left_alive_is_not_deleted(fake: FakeAws) -> None:
    """By no plan: neither by one that is made, nor by one that was made before, or written."""
    fake.script.resource_fails("Topic", "no")
    deploy(fake)
    plan = planned(fake)
    fake.stack(STACK).resources["Queue"].status = "CREATE_COMPLETE"
    said = "these of its resources still exist: Queue"

    assert plan.kind == "REPLACE"
    for one in (plan, None):
        with pytest.raises(DeployError, match=said) as error:
            deploy(fake, plan=one)
        assert error.value.code is Exit.NEEDS_A_PERSON
    assert fake.asked("DeleteStack") == []


def test_settings_are_not_smuggled_in_beside_a_change_set(fake: FakeAws) -> None:
    deployed(fake)
    plan = planned(fake)
    content = structs.replace(plan.content, settings=UNPROTECTED)
    words = Standing().changes(UNPROTECTED)

    for kind in ("SETTINGS", "UPDATE"):
        forged = structs.replace(plan, kind=kind, content=content, settings=words)
        assert refusal(fake, forged)


@pytest.mark.parametrize("own", [{"change_set_id": "", "changes": (), "kind": "SETTINGS"}, {}])
def test_another_stack_is_not_changed_in_the_name_of_this_one(
    fake: FakeAws, own: dict[str, Any]
) -> None:
    plan, other = planned(fake), planned(fake, "hoge-dev")
    forged = structs.replace(plan, stack_id=other.stack_id, change_set_id=other.change_set_id)

    assert ANOTHER in refusal(fake, structs.replace(forged, **own))
    assert fake.stack("hoge-dev").status == "REVIEW_IN_PROGRESS"


@pytest.mark.parametrize(
    "forged",
    [
        {"parameters": (ParameterChange("Name", "zero", "harmless"),)},
        {"parameters": ()},
        {"facts": (STEP,)},
        {"facts": (ROLE,)},
        {"settings": ("termination protection: off → on",)},
    ],
    ids=str,
)
def test_what_is_told_is_what_is_done(fake: FakeAws, forged: dict[str, Any]) -> None:
    deployed(fake)

    assert FORGED in refusal(fake, structs.replace(planned(fake), **forged))


def test_a_change_set_that_is_gone_is_believed_to_be_gone_at_once(fake: FakeAws) -> None:
    plan = planned(fake)
    fake.aws().client("cloudformation").delete_change_set(
        StackName=plan.stack_id, ChangeSetName=plan.change_set_id
    )
    began_s = fake.clock.now_s()

    assert ANOTHER in refusal(fake, plan)
    assert [one.operation for one in fake.calls].count("DescribeChangeSet") == 2
    assert fake.clock.now_s() - began_s < 2


def test_a_change_set_that_one_answer_does_not_know_is_carried_out(fake: FakeAws) -> None:
    plan = planned(fake)
    fake.fault("DescribeChangeSet", error("ChangeSetNotFound", "there is no such change set"))

    assert deploy(fake, plan=plan).code is Exit.DONE
    asked = [one.error for one in fake.calls if one.operation == "DescribeChangeSet"]
    assert asked[:2] == ["ChangeSetNotFound", ""]
