"""An update that cannot succeed, or takes too long, is ended where somebody wants that."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.giving_up import hopeless
from ecs_blocks.deploy.progress import FailedTask, FailureKind, Service, Tasks
from ecs_blocks.deploy.ui import Waits, Wish
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import STACK, Person, deploy, deployed, prepared
from tests.deploy.test_service_deploy import TEMPLATE
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.progress import Snapshot

pytestmark = pytest.mark.slow

PULL: Final = (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve "
    "ref public.ecr.aws/hoge:1.8.3: public.ecr.aws/hoge:1.8.3: not found"
)


def patient() -> dict[str, Any]:
    """The stack without a circuit breaker: ECS starts new tasks for hours."""
    template = copy.deepcopy(TEMPLATE)
    del template["Resources"]["Service"]["Properties"]["DeploymentConfiguration"]
    return template


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", patient()))
        found.calls.clear()
        found.script.tasks_do_not_start(PULL)
        yield found


def test_whoever_is_there_is_asked_once_and_the_update_goes_back(fake: FakeAws) -> None:
    person = Person(wish=Wish.CANCEL)
    outcome = deploy(fake, prepared("1.8.3", patient()), person)

    [why] = person.hopeless
    assert why.startswith("Service: 4 of 4 new tasks failed alike: ")
    assert outcome.code is Exit.ROLLED_BACK, outcome
    assert "the version before serves" in outcome.sentence
    assert outcome.failures[0].kind is FailureKind.IMAGE_PULL
    assert len(fake.asked("CancelUpdateStack")) == 1
    assert outcome.elapsed_s < 900
    assert outcome.causes[0] == f"cancelled by you: {why}"


def test_with_fail_fast_nobody_is_asked(fake: FakeAws) -> None:
    person = Person()
    outcome = deploy(fake, prepared("1.8.3", patient()), person, waits=Waits(fails_fast=True))

    assert (outcome.code, person.hopeless) == (Exit.ROLLED_BACK, [])
    assert f"{STACK}: cancelled; going back to the version before" in person.said
    assert outcome.causes[0].startswith("cancelled: Service: 4 of 4 new tasks failed alike: ")
    assert outcome.hint == "mend the cause and deploy again"


def test_without_a_wish_it_goes_on_and_says_what_to_type(fake: FakeAws) -> None:
    person = Person()
    waits = Waits(patience=Patience(timeout_s=1800))
    outcome = deploy(fake, prepared("1.8.3", patient()), person, waits=waits)

    assert outcome.code is Exit.STILL_RUNNING
    assert len(person.hopeless) == 1
    assert person.said[-1].endswith("to end the update: ecs-blocks cancel hoge --env prod")
    assert fake.asked("CancelUpdateStack") == []


def test_a_creation_cannot_be_ended_so() -> None:
    with FakeAws() as fake:
        fake.ecs.cluster()
        fake.script.tasks_do_not_start(PULL)
        person = Person(wish=Wish.CANCEL)
        waits = Waits(patience=Patience(timeout_s=1800), fails_fast=True, cancels_late=True)
        outcome = deploy(fake, prepared("1.8.3", patient()), person, waits=waits)

        assert outcome.code is Exit.STILL_RUNNING
        assert person.hopeless == []
        assert not {"CancelUpdateStack", "DeleteStack"} & set(fake.operations)
    assert person.said[0].endswith(
        "; only a deletion ends a creation: ecs-blocks delete hoge --env prod"
    )
    assert "which CloudFormation cannot cancel" in person.said[-1]


@pytest.mark.parametrize("cancels", [False, True])
def test_when_the_time_is_over_the_update_goes_on_or_back(*, cancels: bool) -> None:
    with FakeAws() as fake:
        deployed(fake)
        fake.script.resource_takes("Topic", 900)
        fake.clock.at(590, lambda: fake.script.resource_takes("Topic", 2))
        waits = Waits(patience=Patience(timeout_s=600), cancels_late=cancels)
        person = Person()
        outcome = deploy(fake, prepared(), person, waits=waits)

        assert outcome.code is (Exit.ROLLED_BACK if cancels else Exit.STILL_RUNNING), outcome
        assert len(fake.asked("CancelUpdateStack")) == cancels
        assert (f"{STACK} is still UPDATE_IN_PROGRESS after 10 minutes" in person.said) is cancels
        why = "cancelled: it was not done after 10 minutes; Topic was still in progress"
        assert outcome.causes == ((why,) if cancels else ())
        assert ("--timeout MINUTES" in outcome.hint) is cancels
        assert 600 < outcome.elapsed_s < 700


class Leaving(Person):
    """Presses Ctrl-C once, as soon as something is shown of a service's failed tasks or at all."""

    def __init__(self, *, patiently: bool) -> None:
        super().__init__(wish=Wish.CANCEL)
        self._patiently = patiently

    def show(self, snapshot: Snapshot) -> None:
        super().show(snapshot)
        has_failed = any(one.failures for one in snapshot.services)
        if not self.asked and snapshot.status and (has_failed or not self._patiently):
            raise KeyboardInterrupt


def test_who_cancels_at_ctrl_c_reads_that_they_did() -> None:
    with FakeAws() as fake:
        deployed(fake)
        fake.script.hold("Topic")
        fake.clock.at(fake.clock.now_s() + 60, lambda: fake.script.release("Topic"))
        outcome = deploy(fake, prepared(), Leaving(patiently=False))

    assert outcome.code is Exit.ROLLED_BACK, outcome
    assert outcome.causes == ("cancelled by you",)
    assert outcome.hint == "to deploy it after all: ecs-blocks deploy hoge --env prod"


def test_who_cancels_because_tasks_fail_is_told_of_them_too(fake: FakeAws) -> None:
    outcome = deploy(fake, prepared("1.8.3", patient()), Leaving(patiently=True))

    assert (outcome.code, outcome.causes) == (Exit.ROLLED_BACK, ("cancelled by you",))
    assert outcome.failures[0].kind is FailureKind.IMAGE_PULL
    assert outcome.hint == "mend the cause and deploy again"


def test_who_may_not_cancel_is_told_and_nothing_is_lost() -> None:
    with FakeAws() as fake:
        deployed(fake)
        fake.script.hold("Topic")
        fake.fault("CancelUpdateStack", denied, times=None)
        waits = Waits(patience=Patience(timeout_s=600), cancels_late=True)
        person = Person()
        outcome = deploy(fake, prepared(), person, waits=waits)

    assert outcome.code is Exit.STILL_RUNNING
    assert "cancelling the update of hoge-prod: permission is missing" in person.said[-1]


def failed(count: int, kind: FailureKind = FailureKind.EXIT) -> FailedTask:
    return FailedTask("7f2a", kind, "exited 1", same=count - 1)


@pytest.mark.parametrize(
    ("failures", "running", "rollout", "is_hopeless"),
    [
        ((failed(3),), 0, "IN_PROGRESS", True),
        ((failed(2),), 0, "IN_PROGRESS", False),
        ((failed(9),), 1, "IN_PROGRESS", False),
        ((failed(9),), 0, "ROLLBACK_IN_PROGRESS", False),
        ((failed(3), failed(1, FailureKind.SECRET)), 0, "IN_PROGRESS", False),
        ((failed(9, FailureKind.SPOT),), 0, "IN_PROGRESS", False),
        ((failed(9, FailureKind.NO_CAPACITY),), 0, "IN_PROGRESS", False),
        ((), 0, "IN_PROGRESS", False),
    ],
)
def test_what_cannot_succeed(
    *, failures: tuple[FailedTask, ...], running: int, rollout: str, is_hopeless: bool
) -> None:
    new = Tasks("hoge:2", desired=2, running=running, pending=0)
    service = Service("Service", "hoge", rollout, new=new, failures=failures)

    assert bool(hopeless(service)) is is_hopeless
