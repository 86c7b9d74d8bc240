"""Faults while an operation runs (rows 44 to 57 of the fault table): none decides the outcome.

Row 52 and row 55 are in ``tests/cli/deploying/test_causes``, more of row 47 in ``test_aws``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import Waits, Wish
from ecs_blocks.deploy.watch import Patience
from ecs_blocks.templates.text import to_yaml
from tests.deploy.faults.actors import Acting, cloudformation, refused, value, written
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, deployed, prepared
from tests.fake_aws import (
    FakeAws,
    FakeClock,
    denied,
    error,
    expired,
    http_500_empty,
    reset_before,
    stale,
    throttled,
    timeout,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.progress import Snapshot
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow

EVENTS = "DescribeStackEvents"
BEGUN = "ExecuteChangeSet"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        deployed(found)
        yield found


@pytest.mark.parametrize(
    ("kind", "times", "every"),
    [
        pytest.param(throttled, 40, 1, id="row 44: throttled for minutes"),
        pytest.param(reset_before, 20, 1, id="row 45: connections are reset"),
        pytest.param(http_500_empty, 20, 1, id="row 45: a proxy answers 500 with nothing"),
        pytest.param(timeout, 20, 2, id="row 46: every second call times out"),
    ],
)
def test_no_contact_is_no_failure(fake: FakeAws, kind: Kind, times: int, every: int) -> None:
    fake.fault(EVENTS, kind, times=times, every=every, after=BEGUN)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE, outcome
    assert fake.stack(STACK).status == "UPDATE_COMPLETE"


def test_lost_contact_is_said_and_forgotten_when_it_is_back(fake: FakeAws) -> None:
    fake.fault(EVENTS, reset_before, times=8, after=BEGUN)
    person = Person()

    deploy(fake, person=person)

    notes = [snapshot.note for snapshot in person.snapshots]
    assert any(note.startswith("no contact with AWS for") for note in notes)
    assert notes[-1] == ""


def test_contact_that_is_lost_for_good_is_still_running(fake: FakeAws) -> None:
    fake.fault(EVENTS, reset_before, times=None, after=BEGUN)

    outcome = deploy(fake, waits=Waits(patience=Patience(lost_contact_s=300)))

    assert outcome.code is Exit.STILL_RUNNING
    assert outcome.hint == "to watch it again: ecs-blocks attach hoge --env prod"


def test_credentials_that_expire_are_renewed_once(fake: FakeAws) -> None:
    """Row 47."""
    fake.fault(EVENTS, expired, times=1, after=BEGUN)

    assert deploy(fake).code is Exit.DONE


def test_credentials_that_stay_expired_end_the_watching_only(fake: FakeAws) -> None:
    """Row 47."""
    fake.fault(EVENTS, expired, times=None, after=BEGUN)

    outcome = deploy(fake)

    assert (outcome.code, outcome.headline) == (Exit.CREDENTIALS, "STILL RUNNING")
    assert outcome.hint == (
        "it goes on in AWS; log in again, then: ecs-blocks attach hoge --env prod"
    )
    assert outcome.token != ""


@pytest.mark.parametrize("times", [1, 3])
def test_a_stale_answer_after_the_execution_is_not_the_end(fake: FakeAws, times: int) -> None:
    """Rows 48 and 49: the events of before, in which the stack is complete."""
    fake.fault(EVENTS, stale, times=times, after=BEGUN)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert fake.stack(STACK).status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("skew_s", [600.0, -600.0])
def test_the_clock_of_the_machine_is_nothing(skew_s: float) -> None:
    """Row 51."""
    with FakeAws(FakeClock(skew_s=skew_s)) as fake:
        deployed(fake)
        person = Person()
        outcome = deploy(fake, person=person)

        assert outcome.code is Exit.DONE
        assert {r.logical_id for r in person.snapshots[-1].resources} == {"Topic"}


def test_every_event_is_seen_once_over_many_pages(fake: FakeAws) -> None:
    """Row 50."""
    fake.cloudformation.page_size = 2
    person = Person()

    outcome = deploy(fake, prepared("zero and more"), person)

    seen = [r.event_id for s in person.snapshots for r in s.resources]
    assert outcome.code is Exit.DONE
    assert person.snapshots[-1].done == 1
    assert len(set(seen)) == 2


def test_row_53_a_stack_that_somebody_deletes_meanwhile_is_told() -> None:
    """CloudFormation lets a creation be deleted, but no update."""
    with FakeAws() as fake:
        fake.script.resource_takes("Topic", 300)
        outcome = deploy(fake, person=Vandal(fake))

        began = "another operation began before this one was over: DELETE_IN_PROGRESS"
        assert outcome.code is Exit.NEEDS_A_PERSON
        assert began in outcome.sentence


def test_row_54_another_stack_of_the_name_that_is_watched_is_not_taken_for_it() -> None:
    """Theirs is complete, and ours, which they deleted, is what is told."""
    with FakeAws() as fake:
        fake.script.resource_takes("Topic", 30)
        outcome = deploy(fake, person=Vandal(fake, recreates=True))

        assert value(fake) == "theirs"
        assert fake.stack(STACK).status == "CREATE_COMPLETE"
        assert outcome.code is Exit.NEEDS_A_PERSON
        assert "another operation began" in outcome.sentence


def test_row_54_another_stack_of_the_name_that_was_planned_for_is_planned_for_anew(
    fake: FakeAws,
) -> None:
    person = Acting(lambda: recreate(fake))
    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert person.said == [f"{STACK} changed since it was planned; planning again"]
    assert len({plan.stack_id for plan in person.plans}) == len(person.plans) == 2
    assert value(fake) == "one"


def test_row_54_a_plan_in_a_file_is_not_carried_out_on_another_stack_of_its_name(
    fake: FakeAws,
) -> None:
    plan = Deployment(fake.aws(), prepared(), Person(), Waits()).plan()
    recreate(fake)
    refusal = refused(fake, plan=plan)

    assert refusal.code is Exit.BLOCKED
    assert f"{STACK} is not what this plan was made for" in refusal.message
    assert (written(fake), value(fake)) == ([], "theirs")


@pytest.mark.parametrize("kind", [denied, error("InvalidAction", "Could not find operation")])
def test_row_56_without_describe_events_the_stacks_own_events_are_enough(
    fake: FakeAws, kind: Kind
) -> None:
    """For how it went, and for why it failed."""
    fake.fault("DescribeEvents", kind, times=None)
    done = deploy(fake)
    fake.script.resource_fails("Topic", "the key is disabled")
    failed = deploy(fake, prepared("two"))

    assert done.code is Exit.DONE
    assert failed.code is Exit.ROLLED_BACK
    assert failed.causes == ("Topic: UPDATE_FAILED: the key is disabled",)


def test_denied_events_end_it_with_the_permission(fake: FakeAws) -> None:
    fake.fault(EVENTS, denied, times=None, after=BEGUN)

    outcome = deploy(fake)

    assert outcome.code is Exit.CREDENTIALS
    assert "reading the events of hoge-prod: permission is missing" in outcome.sentence


def test_an_answer_that_nobody_knows_is_not_how_the_operation_ends(fake: FakeAws) -> None:
    fake.fault(EVENTS, error("SomethingNew", "what is this"), times=20, after=BEGUN)

    assert deploy(fake).code is Exit.DONE


def test_an_answer_that_nobody_knows_for_good_is_lost_contact(fake: FakeAws) -> None:
    fake.fault(EVENTS, error("SomethingNew", "what is this"), times=None, after=BEGUN)

    outcome = deploy(fake, waits=Waits(patience=Patience(lost_contact_s=300)))

    assert outcome.code is Exit.STILL_RUNNING
    assert "SomethingNew: what is this" in outcome.sentence


def test_a_status_that_is_new_to_us_is_waited_for(fake: FakeAws) -> None:
    """Row 57."""
    fake.stack(STACK).force_status("POLISHING_IN_PROGRESS")
    rest = fake.clock.now_s() + 120
    fake.clock.at(rest, lambda: fake.stack(STACK).force_status("UPDATE_COMPLETE"))

    outcome = deploy(fake, waits=Waits(other_s=600))

    assert outcome.code is Exit.DONE
    assert fake.clock.now_s() >= rest


class Vandal(Person):
    """Deletes the stack in the console while it is made; and perhaps makes another there."""

    def __init__(self, fake: FakeAws, *, recreates: bool = False) -> None:
        super().__init__()
        self._fake = fake
        self._act = recreate if recreates else delete

    def show(self, snapshot: Snapshot) -> None:
        super().show(snapshot)
        if len(self.snapshots) == 3:
            self._act(self._fake)


def delete(fake: FakeAws) -> None:
    """Somebody begins to delete the stack."""
    cloudformation(fake).delete_stack(StackName=STACK)


def recreate(fake: FakeAws) -> None:
    """Somebody deletes the stack, and makes one of the same name and of other values."""
    delete(fake)
    fake.clock.advance(600)
    fake.deployed(STACK, to_yaml(TEMPLATE), {"Name": "theirs"})
    fake.calls.clear()


class Impatient(Person):
    """Presses Ctrl-C when the operation is seen to run."""

    def __init__(self, wish: Wish, times: int = 1) -> None:
        super().__init__(wish=wish)
        self.times = times

    def show(self, snapshot: Snapshot) -> None:
        super().show(snapshot)
        if self.times:
            self.times -= 1
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("wish", "code", "status"),
    [
        (Wish.DETACH, Exit.INTERRUPTED, "UPDATE_IN_PROGRESS"),
        (Wish.WATCH, Exit.DONE, "UPDATE_COMPLETE"),
        (Wish.CANCEL, Exit.ROLLED_BACK, "UPDATE_ROLLBACK_COMPLETE"),
    ],
)
def test_ctrl_c_does_what_is_answered(fake: FakeAws, wish: Wish, code: Exit, status: str) -> None:
    """Row 73: and never ends with 0 while the operation goes on."""
    fake.script.resource_takes("Topic", 300)

    outcome = deploy(fake, person=Impatient(wish))

    assert (outcome.code, fake.stack(STACK).status) == (code, status)
