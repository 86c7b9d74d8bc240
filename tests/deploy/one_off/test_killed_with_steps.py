"""A deploy with a migration and a service, killed or struck at each call to AWS in turn.

However that goes, the same command once more ends as if nothing had been: the migration ran once,
the update was executed once, and the new version serves. ``tests/deploy/test_killed`` does the same
with every situation that a stack can be in, and plain resources.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.faults.test_any_faults import KINDS
from tests.deploy.one_off.upgrade import runs, upgrade
from tests.deploy.one_off.world import MIGRATE, aws_of, left_over, serving, template
from tests.deploy.stage import deploy
from tests.deploy.test_struck import HARD
from tests.fake_aws import FakeAws
from tests.fake_aws.wire import Killed

if TYPE_CHECKING:
    from ecs_blocks.deploy.planning import Prepared

pytestmark = pytest.mark.slow

WAYS: Final = ("killed", "killed after", *HARD)
MOST_ALIKE: Final = 3
"""So many calls of one operation are disturbed."""
AS_UNDISTURBED: Final[tuple[Any, ...]] = (Exit.DONE, ["1.8.2"], 1, {1}, [])


def next_version(fake: FakeAws) -> Prepared:
    """Version 1.8.1 serves; what is deployed next, and how its migration will go."""
    made = template()
    del made["Resources"]["Service"]["Properties"]["NetworkConfiguration"]
    serving(fake, made)
    fake.world.ssm.values["/db"] = "x"
    fake.script.run_task_ends(0, after_s=60)
    what = upgrade(fake, (MIGRATE,), made=made)[0]
    fake.wire.seen = 0
    fake.calls.clear()
    return what


def ending(fake: FakeAws, what: Prepared) -> tuple[Any, ...]:
    """How the same command ends, what serves then, and what was done on the way, in all."""
    fake.script.run_task_ends(0, after_s=60)
    outcome = deploy(fake, what, aws=aws_of(fake))
    tasks = [one for one in fake.ecs.tasks.all if one.lives and one.group.startswith("service:")]
    images = [one.containers[0]["image"].rpartition(":")[2] for one in tasks]
    executed = Counter(
        call.parameters["ClientRequestToken"]
        for call in fake.calls
        if call.operation == "ExecuteChangeSet" and call.done
    )
    return outcome.code, images, len(runs(fake)), set(executed.values()), left_over(fake)


def telling_calls() -> list[int]:
    """The numbers of an undisturbed deploy's calls, without those that only ask once more."""
    with FakeAws() as fake:
        what = next_version(fake)

        assert ending(fake, what) == AS_UNDISTURBED
        seen: Counter[str] = Counter()
        numbers = []
        for number, call in enumerate(fake.calls, start=1):
            seen[call.operation] += 1
            if seen[call.operation] <= MOST_ALIKE:
                numbers.append(number)
        return numbers


def test_disturbed_at_any_call_it_goes_on() -> None:
    """Each by another disturbance in turn: killed before it, killed after it, and five faults.

    ``test_killed`` and ``test_struck`` hold every call against each of them.
    """
    ends = {}
    for turn, count in enumerate(telling_calls()):
        with FakeAws() as fake:
            what = next_version(fake)
            way = WAYS[turn % len(WAYS)]
            disturb(fake, way, count)
            with contextlib.suppress(Killed, DeployError):
                deploy(fake, what, aws=aws_of(fake) if way in KINDS else fake.aws())
            fake.faults.armed.clear()
            ends[count] = ending(fake, what)

    assert ends == dict.fromkeys(ends, AS_UNDISTURBED)
    assert len(ends) > 30


def disturb(fake: FakeAws, way: str, count: int) -> None:
    """Let it happen at the call of this number."""
    if way in KINDS:
        fake.fault("*", KINDS[way], nth=count)
    else:
        fake.kill_at(count, after=way == "killed after")
