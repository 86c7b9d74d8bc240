"""A deployment that waits at a pause hook: who is asked, once, and what ECS is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import PauseAnswer, Waits
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import STACK, Person, deploy, prepared
from tests.deploy.test_service_deploy import TEMPLATE
from tests.fake_aws import FakeAws, error

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

STAGE = "POST_TEST_TRAFFIC_SHIFT"
SOON = Waits(patience=Patience(timeout_s=600))


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", TEMPLATE))
        found.calls.clear()
        found.script.pauses = [STAGE]
        yield found


@pytest.mark.parametrize(
    ("answer", "code", "words", "status"),
    [
        (PauseAnswer.CONTINUE, Exit.DONE, "goes on", "UPDATE_COMPLETE"),
        (PauseAnswer.ROLL_BACK, Exit.ROLLED_BACK, "rolls back", "UPDATE_ROLLBACK_COMPLETE"),
    ],
)
def test_who_is_asked_decides(
    fake: FakeAws, answer: PauseAnswer, code: Exit, words: str, status: str
) -> None:
    person = Person()
    person.answer = answer
    outcome = deploy(fake, prepared("1.8.3", TEMPLATE), person)

    assert outcome.code is code, outcome
    assert len(person.pauses) == 1
    assert f"Service: the deployment {words} from {STAGE}" in person.said
    assert [one["action"] for one in fake.asked("ContinueServiceDeployment")] == [answer.value]
    assert fake.stack(STACK).status == status


def test_where_nobody_answers_it_waits_and_the_end_says_what_to_type(fake: FakeAws) -> None:
    person = Person()
    outcome = deploy(fake, prepared("1.8.3", TEMPLATE), person, waits=SOON)

    assert outcome.code is Exit.STILL_RUNNING
    assert len(person.pauses) == 1
    assert fake.asked("ContinueServiceDeployment") == []
    assert f"; Service waits for approval at {STAGE} until " in outcome.sentence
    assert outcome.sentence.endswith("to answer: ecs-blocks continue hoge --env prod")


def test_two_pauses_are_two_questions(fake: FakeAws) -> None:
    fake.script.pauses = ["POST_SCALE_UP", STAGE]
    person = Person()
    person.answer = PauseAnswer.CONTINUE
    outcome = deploy(fake, prepared("1.8.3", TEMPLATE), person)

    assert outcome.code is Exit.DONE
    assert [one.pause and one.pause.stage for one in person.pauses] == ["POST_SCALE_UP", STAGE]


def test_an_answer_that_ecs_refuses_is_told_and_the_watching_goes_on(fake: FakeAws) -> None:
    late = error("InvalidParameterException", "The hook is not awaiting an action.")
    fake.fault("ContinueServiceDeployment", late)
    person = Person()
    person.answer = PauseAnswer.CONTINUE
    outcome = deploy(fake, prepared("1.8.3", TEMPLATE), person, waits=SOON)

    assert outcome.code is Exit.STILL_RUNNING
    assert any("The hook is not awaiting an action." in text for text in person.said)


def test_without_a_pause_nobody_is_asked(fake: FakeAws) -> None:
    fake.script.pauses = []
    person = Person()
    deploy(fake, prepared("1.8.3", TEMPLATE), person)

    assert person.pauses == []
