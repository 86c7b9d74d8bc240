"""Faults while an operation runs (rows 44 to 57 of the fault table): none decides the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import Waits, Wish
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import STACK, Person, deploy, deployed, prepared
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


def test_a_stack_that_somebody_deletes_meanwhile_is_told() -> None:
    """Row 53: CloudFormation lets a creation be deleted."""
    with FakeAws() as fake:
        fake.script.resource_takes("Topic", 300)
        outcome = deploy(fake, person=Vandal(fake))

        began = "another operation began before this one was over: DELETE_IN_PROGRESS"
        assert outcome.code is Exit.NEEDS_A_PERSON
        assert began in outcome.sentence


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
    """Deletes the stack in the console while the update runs."""

    def __init__(self, fake: FakeAws) -> None:
        super().__init__()
        self._client = fake.aws().client("cloudformation")

    def show(self, snapshot: Snapshot) -> None:
        super().show(snapshot)
        if len(self.snapshots) == 3:
            self._client.delete_stack(StackName=STACK)


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
