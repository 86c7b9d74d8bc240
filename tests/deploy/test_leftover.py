"""What a failed creation left is deleted before the stack is made again, and may be left at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.leftover import refuse_leftovers
from ecs_blocks.deploy.ui import Wish
from tests.deploy.faults.test_watch_faults import Impatient
from tests.deploy.stage import STACK, deploy, place
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """A stack that is ROLLBACK_COMPLETE."""
    with FakeAws() as found:
        found.script.resource_fails("Topic", "no")
        deploy(found)
        yield found


def test_ctrl_c_while_it_is_deleted_leaves_and_is_no_failure(fake: FakeAws) -> None:
    outcome = deploy(fake, person=Impatient(Wish.DETACH))

    assert (outcome.code, outcome.headline) == (Exit.INTERRUPTED, "STILL RUNNING")
    assert outcome.hint == "to watch it again: ecs-blocks attach hoge --env prod"


def test_the_same_command_again_makes_the_stack(fake: FakeAws) -> None:
    deploy(fake, person=Impatient(Wish.DETACH))
    outcome = deploy(fake)

    assert outcome.code is Exit.DONE, outcome
    assert fake.stack(STACK).status == "CREATE_COMPLETE"


def made_elsewhere(fake: FakeAws, tags: dict[str, str]) -> None:
    """A creation that failed, by other means than ecs-blocks."""
    fake.script.resource_fails("T", "no")
    fake.aws().client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody='{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}',
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    fake.clock.advance(600)


@pytest.mark.parametrize(
    ("has", "gives", "is_ours"),
    [
        ({"Application": "hoge", "Team": "a"}, {"Application": "hoge"}, True),
        ({"Application": "fuga"}, {"Application": "hoge"}, False),
        ({"Application": "hoge"}, {"Application": "hoge", "Environment": "prod"}, False),
        ({}, {}, False),
    ],
)
def test_what_was_made_elsewhere_is_ours_by_the_tags_of_the_environment(
    has: dict[str, str], gives: dict[str, str], *, is_ours: bool
) -> None:
    with FakeAws() as fake:
        made_elsewhere(fake, has)
        aws, stack = fake.aws(), read_stack(fake.aws(), STACK)
        assert stack is not None
        if is_ours:
            refuse_leftovers(aws, place(), stack, gives)
        else:
            with pytest.raises(DeployError, match="nothing says that ecs-blocks made it"):
                refuse_leftovers(aws, place(), stack, gives)


def test_what_we_made_is_ours_by_the_token_of_its_creation(fake: FakeAws) -> None:
    stack = read_stack(fake.aws(), STACK)
    assert stack is not None

    refuse_leftovers(fake.aws(), place(), stack, {})
