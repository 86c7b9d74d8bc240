"""Whatever AWS does to any one call of a deploy, the same command once more ends the same.

At each call in turn, whichever it is, and with each fault in turn; ``test_killed`` kills at each,
and ``faults/test_any_faults`` strikes at random, several times.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, Final
from unittest.mock import patch

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.faults.test_any_faults import KINDS
from tests.deploy.stage import Person, deploy
from tests.deploy.test_killed import SITUATIONS, same, state, undisturbed
from tests.fake_aws import FakeAws

HARD: Final = ("throttled", "denied", "reset after", "timeout after", "500 after")
"""Those that differ in what AWS did or in what they mean; the random ones have all."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", HARD)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_deploy_that_is_struck_at_any_call_ends_the_same(situation: str, kind: str) -> None:
    begin = SITUATIONS[situation]
    expected, calls = undisturbed(begin)
    ends = {}
    for count in range(1, calls + 1):
        with FakeAws() as fake, patch.object(fake, "aws", partial(same, fake.aws())):
            begin(fake)
            fake.calls.clear()
            fake.fault("*", KINDS[kind], nth=count)
            person = Person()
            first = once(fake, person)
            fake.faults.armed.clear()
            outcome = deploy(fake, person=person)
            ends[count] = (outcome.code, state(fake), *harmless(fake, person))

            assert first in Exit, first

    assert ends == dict.fromkeys(ends, (Exit.DONE, expected, True, True))
    assert len(ends) == calls > 5


def once(fake: FakeAws, person: Person) -> Exit:
    """How the deploy ended that was struck."""
    try:
        return deploy(fake, person=person).code
    except DeployError as error:
        return error.code


def harmless(fake: FakeAws, person: Person) -> tuple[bool, bool]:
    """Whether nothing was executed twice, and nothing deleted that no plan had named."""
    named = {plan.stack_id for plan in person.plans if plan.kind == "REPLACE"}
    tokens: Counter[Any] = Counter(
        call.parameters["ClientRequestToken"]
        for call in fake.calls
        if call.operation == "ExecuteChangeSet" and call.done
    )
    deleted = {one["StackName"] for one in fake.asked("DeleteStack")}
    return all(count == 1 for count in tokens.values()), deleted <= named
