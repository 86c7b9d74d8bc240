"""A service on MiniStack, started again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.redeploy.follow import follow
from ecs_blocks.deploy.redeploy.lines import redeploy_lines
from ecs_blocks.deploy.redeploy.running import read_running
from ecs_blocks.deploy.redeploy.start import start
from tests.deploy.imitations.hasty import WAITS, HastyClock, new_account
from tests.deploy.stage import STACK, Person, place
from tests.fake_aws.ids import REGION
from tests.ministack.server import MiniStack, running

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.ministack, pytest.mark.slow]

SERVICE: Final[dict[str, Any]] = {
    "Resources": {
        "Cluster": {"Type": "AWS::ECS::Cluster"},
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": "web",
                "ContainerDefinitions": [
                    {"Name": "app", "Image": "public.ecr.aws/hoge:1", "Memory": 128}
                ],
            },
        },
        "Web": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "Cluster": {"Ref": "Cluster"},
                "TaskDefinition": {"Ref": "Task"},
                "DesiredCount": 1,
            },
        },
    },
}


@pytest.fixture(scope="module")
def server() -> Iterator[MiniStack]:
    with running() as server:
        yield server


def test_what_runs_is_started_again(server: MiniStack) -> None:
    aws = LocalAws(Local(server.port, 0, ""), new_account(), REGION, clock=HastyClock())
    client = aws.client("cloudformation")
    client.create_stack(StackName=STACK, TemplateBody=json.dumps(SERVICE))
    client.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    stack = read_stack(aws, STACK)

    assert stack is not None
    found = read_running(aws, place(), stack, None)
    begun = start(aws, stack.stack_id, found)
    outcome = follow(aws, place(), begun, Person(), WAITS.patience, again="again")

    assert redeploy_lines(STACK, found)[1].startswith("  Web: web:1, 1 task; ")
    assert outcome.code is Exit.DONE, outcome
    assert outcome.sentence == f"{STACK}: Web was started again"
    assert [one.deployment_id != found[0].state.deployments[0].id for one in begun] == [True]
