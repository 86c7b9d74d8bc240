"""Whatever goes wrong during a deploy, the same command once more ends as if nothing had."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.stage import Person, deploy
from tests.deploy.test_killed import SITUATIONS, state, undisturbed
from tests.fake_aws import (
    FakeAws,
    denied,
    error,
    expired,
    http_500_empty,
    http_500_empty_after,
    reset_after,
    reset_before,
    throttled,
    timeout,
    timeout_after,
)
from tests.properties import MODEST

if TYPE_CHECKING:
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow

KINDS: Final[dict[str, Kind]] = {
    "throttled": throttled,
    "denied": denied,
    "expired": expired,
    "reset before": reset_before,
    "reset after": reset_after,
    "timeout before": timeout,
    "timeout after": timeout_after,
    "500 before": http_500_empty,
    "500 after": http_500_empty_after,
    "internal failure": error("InternalFailure", "", 500),
}
READS: Final = (
    *("DescribeStacks", "DescribeChangeSet", "DescribeEvents", "DescribeStackEvents"),
    *("ListChangeSets", "ListStackResources"),
)
WRITES: Final = ("CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet", "DeleteStack")


class Blow(Struct, frozen=True):
    """The *nth* call of an operation goes wrong, and so many after it."""

    kind: str
    operation: str
    nth: int
    times: int


BLOWS: Final = st.lists(
    st.builds(
        Blow,
        kind=st.sampled_from(sorted(KINDS)),
        operation=st.sampled_from([*READS, *WRITES]),
        nth=st.integers(1, 4),
        times=st.integers(1, 3),
    ),
    min_size=1,
    max_size=3,
)
EXPECTED: Final[dict[str, Any]] = {}


def expected(situation: str) -> Any:
    """The end of an undisturbed deploy."""
    if situation not in EXPECTED:
        EXPECTED[situation] = undisturbed(SITUATIONS[situation])[0]
    return EXPECTED[situation]


@pytest.mark.slow
@settings(MODEST, max_examples=40)
@given(situation=st.sampled_from(sorted(SITUATIONS)), blows=BLOWS)
def test_after_any_faults_the_same_command_ends_as_if_there_had_been_none(
    situation: str, blows: list[Blow]
) -> None:
    with FakeAws() as fake:
        SITUATIONS[situation](fake)
        fake.calls.clear()
        for one in blows:
            fake.fault(one.operation, KINDS[one.kind], nth=one.nth, times=one.times)
        person = Person()

        event(first_run(fake, person))
        fake.faults.armed.clear()
        second = deploy(fake, person=person)

        named = {plan.stack_id for plan in person.plans if plan.kind == "REPLACE"}
        executed = Counter(one["ClientRequestToken"] for one in fake.asked("ExecuteChangeSet"))
        assert second.code is Exit.DONE, second
        assert state(fake) == expected(situation)
        assert all(count == 1 for count in executed.values())
        assert {one["StackName"] for one in fake.asked("DeleteStack")} <= named


def first_run(fake: FakeAws, person: Person) -> str:
    """How the deploy ended in which things went wrong."""
    try:
        return deploy(fake, person=person).code.name
    except DeployError as error:
        return error.code.name
