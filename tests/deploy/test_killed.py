"""Whenever a deploy is killed, the same command goes on, and the end is the same.

At each call to AWS in turn the process dies, before AWS got the call or after; then it is started
again. However that goes: one execution, nothing deleted that the plan did not name, and the state
of an undisturbed deploy.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import pytest

from ecs_blocks.deploy.errors import Exit
from tests.deploy.stage import STACK, deploy, deployed, prepared
from tests.fake_aws import FakeAws
from tests.fake_aws.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.aws import Aws

pytestmark = pytest.mark.slow


def nothing_there(_fake: FakeAws) -> None:
    """A first deploy."""


def created(fake: FakeAws, name: str = "zero") -> None:
    """The stack as a deploy leaves it, in one call: it is made for each call that is disturbed."""
    content = prepared(name).content
    fake.aws().client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody=content.template,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": one} for key, one in content.parameters.items()
        ],
        Tags=[{"Key": key, "Value": one} for key, one in content.tags.items()],
        ClientRequestToken="made-before",
    )
    fake.clock.advance(600)


def failed_creation(fake: FakeAws) -> None:
    """What is left by a creation that was rolled back."""
    fake.script.resource_fails("Topic", "no")
    created(fake)
    fake.script.mended("Topic")


SITUATIONS: Final[dict[str, Callable[[FakeAws], None]]] = {
    "new": nothing_there,
    "update": created,
    "after a failed creation": failed_creation,
    "nothing to change": lambda fake: created(fake, "one"),
}


def state(fake: FakeAws) -> dict[str, Any]:
    """All that is left in the account once everything has come to rest."""
    fake.clock.advance(600)
    client = fake.aws().client("cloudformation")
    [stack] = client.describe_stacks()["Stacks"]
    resources = client.list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    return {
        "status": stack["StackStatus"],
        "parameters": stack["Parameters"],
        "tags": stack["Tags"],
        "resources": {one["LogicalResourceId"]: one["ResourceStatus"] for one in resources},
        "change sets": [
            one["Status"] for one in client.list_change_sets(StackName=STACK)["Summaries"]
        ],
    }


def same(aws: Aws) -> Aws:
    """One process's clients, where each would have its own: to make them takes long."""
    return aws


def undisturbed(begin: Callable[[FakeAws], None]) -> tuple[dict[str, Any], int]:
    """The state at the end, and how many calls it took."""
    with FakeAws() as fake:
        begin(fake)
        fake.wire.seen = 0
        outcome = deploy(fake)
        calls = fake.wire.seen

        assert outcome.code is Exit.DONE
        return state(fake), calls


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_killed_at_any_call_a_deploy_goes_on(
    situation: str,
    after: bool,  # noqa: FBT001 - a row
) -> None:
    """At once and ten minutes later by turns: at each call one of them before, one after it."""
    begin = SITUATIONS[situation]
    expected, calls = undisturbed(begin)
    ends = {}
    for count in range(1, calls + 1):
        with FakeAws() as fake, patch.object(fake, "aws", partial(same, fake.aws())):
            dying = FakeAws.aws(fake)
            begin(fake)
            fake.calls.clear()
            fake.kill_at(count, after=after)
            with pytest.raises(Killed):
                deploy(fake, aws=dying)
            fake.clock.advance(600 * ((count + after) % 2))
            outcome = deploy(fake)
            deletions = fake.asked("DeleteStack")
            ends[count] = (
                outcome.code,
                state(fake),
                len(fake.asked("ExecuteChangeSet")) <= 1,
                situation == "after a failed creation" or not deletions,
            )

    assert ends == dict.fromkeys(ends, (Exit.DONE, expected, True, True))
    assert len(ends) == calls > 5


def test_a_deploy_that_fails_ends_the_same_when_it_was_killed() -> None:
    with FakeAws() as fake:
        deployed(fake)
        fake.script.resource_fails("Topic", "the key is disabled")
        fake.kill_at(12, after=True)
        with pytest.raises(Killed):
            deploy(fake)
        outcome = deploy(fake)

        assert outcome.code is Exit.ROLLED_BACK
        assert outcome.causes == ("Topic: UPDATE_FAILED: the key is disabled",)
        assert len(fake.asked("ExecuteChangeSet")) == 1
