"""What a failed creation left is deleted before the stack is made again, and may be left at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.ui import Wish
from tests.deploy.faults.test_watch_faults import Impatient
from tests.deploy.stage import STACK, deploy
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
