"""Making a change set: one is made, ours is found again, others' are left alone (rows 10 to 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.content import Names
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import Waits
from tests.deploy.faults.actors import (
    change_sets,
    cloudformation,
    foreign_change_set,
    refused,
    value,
    written,
)
from tests.deploy.stage import STACK, Person, deploy, deployed, prepared
from tests.fake_aws import (
    FakeAws,
    error,
    http_500_empty,
    http_500_empty_after,
    reset_after,
    reset_before,
    throttled,
    timeout,
    timeout_after,
)
from tests.fake_aws.ids import REGION

if TYPE_CHECKING:
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow

CREATE = "CreateChangeSet"


def our_name(fake: FakeAws) -> str:
    """What our change set is called."""
    stack = read_stack(fake.aws(), STACK)
    assert stack is not None
    return Names.of(prepared().content, stack.base).change_set


def planned(fake: FakeAws) -> None:
    """What a process that was killed after its plan leaves."""
    Deployment(fake.aws(), prepared(), Person(), Waits()).plan()
    fake.calls.clear()


@pytest.mark.slow
@pytest.mark.parametrize("situation", ["a new stack", "an update"])
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(reset_after, id="reset"),
        pytest.param(timeout_after, id="timeout"),
        pytest.param(http_500_empty_after, id="500"),
    ],
)
def test_row_10_a_change_set_whose_answer_is_lost_is_found(
    empty: FakeAws, situation: str, kind: Kind
) -> None:
    if situation == "an update":
        deployed(empty)
    empty.fault(CREATE, kind)
    names: list[str] = []

    outcome = deploy(empty, person=Counting(empty, names))

    assert outcome.code is Exit.DONE
    assert len(empty.asked(CREATE)) == len(names) == 1


class Counting(Person):
    """Counts the change sets that there are when it is asked."""

    def __init__(self, fake: FakeAws, names: list[str]) -> None:
        super().__init__()
        self._fake = fake
        self._names = names

    def approve(self, plan: Any) -> bool:
        self._names += change_sets(self._fake)
        return super().approve(plan)


@pytest.mark.parametrize("kind", [reset_before, timeout, http_500_empty, throttled])
def test_row_10_a_request_that_did_not_arrive_is_repeated_with_the_same_token(
    fake: FakeAws, kind: Kind
) -> None:
    fake.fault(CREATE, kind, times=3)

    outcome = deploy(fake)

    tokens = [call.parameters["ClientToken"] for call in fake.calls if call.operation == CREATE]
    assert outcome.code is Exit.DONE
    assert len(tokens) == 4
    assert len(set(tokens)) == 1


def test_row_10_what_never_arrives_is_told(fake: FakeAws) -> None:
    fake.fault(CREATE, http_500_empty, times=None)

    refusal = refused(fake)

    assert refusal.code is Exit.STILL_RUNNING
    assert refusal.message == (
        f"making a change set of {STACK}: AWS could not be reached: Internal Server Error"
    )
    assert "ExecuteChangeSet" not in written(fake)


TAKEN = error("AlreadyExistsException", "ChangeSet [eb] already exists")


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        TAKEN,
        error(
            "AlreadyExistsException",
            "ChangeSet eb cannot be created due to a mismatch with existing attribute ClientToken",
        ),
        error(
            "ValidationError",
            "ChangeSet eb cannot be created due to a mismatch with existing attribute Template",
        ),
    ],
)
def test_row_11_our_own_change_set_is_used_again(fake: FakeAws, kind: Kind) -> None:
    planned(fake)
    ours = change_sets(fake)
    fake.fault(CREATE, kind)
    names: list[str] = []

    outcome = deploy(fake, person=Counting(fake, names))

    assert outcome.code is Exit.DONE
    assert names == ours
    assert fake.asked(CREATE) == fake.asked("DeleteChangeSet") == []


@pytest.mark.slow
def test_row_11_our_own_that_failed_makes_room(fake: FakeAws) -> None:
    fake.script.change_set_fails("for once")
    fake.fault("DeleteChangeSet", reset_before)
    refused(fake)
    [failed] = change_sets(fake)
    fake.calls.clear()
    fake.fault(CREATE, TAKEN)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert [one["ChangeSetName"] for one in fake.asked(CREATE)] == [failed]
    assert len(fake.asked("DeleteChangeSet")) == 1


@pytest.mark.slow
def test_row_12_a_foreign_change_set_of_our_name_is_left_alone(fake: FakeAws) -> None:
    name = our_name(fake)
    foreign_change_set(fake, name)
    names: list[str] = []

    outcome = deploy(fake, person=Counting(fake, names))

    assert outcome.code is Exit.DONE
    assert set(names) == {name, f"{name}-2"}
    assert fake.asked("DeleteChangeSet") == []
    assert value(fake) == "one"


def test_row_13_our_own_of_another_description_is_made_again(fake: FakeAws) -> None:
    name = our_name(fake)
    older = foreign_change_set(fake, name, description="ecs_blocks 0.1 made this")

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert fake.asked("DeleteChangeSet") == [{"ChangeSetName": older}]
    assert [one["ChangeSetName"] for one in fake.asked(CREATE)] == [name]


def failed_sets(fake: FakeAws, count: int, description: str) -> list[str]:
    """Change sets that failed, so many, of the same maker."""
    client, found = cloudformation(fake), []
    for number in range(count):
        fake.script.change_set_fails("No updates are to be performed.")
        made = client.create_change_set(
            StackName=STACK,
            ChangeSetName=f"{description[:3]}-{number}".replace("_", "-"),
            Description=description,
            UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": "Name", "UsePreviousValue": True}],
        )
        found.append(str(made["Id"]))
        fake.clock.advance(10)
    return found


@pytest.mark.slow
def test_row_14_at_the_limit_only_our_own_failed_change_sets_are_deleted(fake: FakeAws) -> None:
    ours = failed_sets(fake, 3, "ecs_blocks old")
    failed_sets(fake, 2, "somebody's")
    foreign_change_set(fake, "good")
    fake.cloudformation.change_set_limit = 6
    fake.cloudformation.page_size = 2

    outcome = deploy(fake)

    deleted = [one["ChangeSetName"] for one in fake.asked("DeleteChangeSet")]
    assert outcome.code is Exit.DONE
    assert deleted == ours


def test_row_14_a_limit_that_stays_is_told(fake: FakeAws) -> None:
    foreign_change_set(fake)
    fake.cloudformation.change_set_limit = 1

    refusal = refused(fake)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == (
        f"{STACK}: CloudFormation makes no more change sets: ChangeSet limit exceeded for stack "
        f"[{STACK}]\n  delete those that nobody needs with aws cloudformation delete-change-set; "
        f"this lists them: aws cloudformation list-change-sets --stack-name {STACK} --region "
        f"{REGION}"
    )
    assert fake.asked("DeleteChangeSet") == []
