"""Services without an end to wait for: no tasks, daemons, other controllers (71)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.ecs.verify import Verdict
from tests.deploy.ecs.tasks import revision_arn
from tests.deploy.ecs.verifying import DONE, verify
from tests.deploy.ecs.world import deployment, service

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World

STOPPED = "hoge:42 is deployed, and no task is wanted (desired count 0)"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (service(deployment(42, 0, 0, **DONE), desiredCount=0), STOPPED),
        (service(deployment(42, 0, 0), desiredCount=0), STOPPED),
        (
            service(
                deployment(42, 3, 3, **DONE),
                desiredCount=3,
                schedulingStrategy="DAEMON",
                loadBalancers=[],
            ),
            "hoge:42 serves: 3 of 3 tasks run",
        ),
        (
            service(
                deployment(42, 0, 0), schedulingStrategy="DAEMON", desiredCount=0, loadBalancers=[]
            ),
            STOPPED,
        ),
        (
            service({**deployment(42, 2), "rolloutState": ""}, loadBalancers=[]),
            "hoge:42 serves: 2 of 2 tasks run",
        ),
    ],
    ids=["stopped", "stopped, no end told", "daemon", "daemon, no instances", "no rollout state"],
)
def test_row_71_nothing_hangs_where_there_is_nothing_to_wait_for(
    world: World, clock: VirtualClock, aws: Aws, found: dict[str, Any], sentence: str
) -> None:
    world.service = found
    began_s = clock.now_s()

    assert verify(aws) == Verdict("HogeService", serves=True, sentence=sentence)
    assert clock.now_s() == began_s


def task_set(number: int, status: str = "PRIMARY", stability: str = "STEADY_STATE") -> Any:
    return {
        "id": f"ecs-svc/{number}",
        "status": status,
        "taskDefinition": revision_arn(number),
        "computedDesiredCount": 2,
        "runningCount": 2,
        "pendingCount": 0,
        "stabilityStatus": stability,
    }


@pytest.mark.parametrize(
    ("kind", "sets", "sentence"),
    [
        ("CODE_DEPLOY", [task_set(42)], "hoge:42 serves: 2 of 2 tasks run"),
        (
            "CODE_DEPLOY",
            [task_set(41), task_set(42, "ACTIVE")],
            "CODE_DEPLOY deploys this service, and it has hoge:41, not hoge:42",
        ),
        (
            "EXTERNAL",
            [],
            "EXTERNAL deploys this service, and it has nothing, not hoge:42",
        ),
    ],
)
def test_row_71_another_controller_is_not_waited_for(
    world: World,
    clock: VirtualClock,
    aws: Aws,
    kind: str,
    sets: Any,
    sentence: str,
) -> None:
    world.service = service(deploymentController={"type": kind}, taskSets=sets, loadBalancers=[])
    world.service["runningCount"] = 2
    began_s = clock.now_s()
    verdict = verify(aws)

    assert verdict.sentence == sentence
    assert verdict.serves is (" serves: " in sentence)
    assert clock.now_s() == began_s
