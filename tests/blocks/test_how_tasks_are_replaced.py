"""Deployments of services without a balancer, by alarms of others, and by each environment's count.

Trap 7: tasks that come up and fall down again never add up to a failure.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

import ecs_blocks as eb
from tests.blocks.standard import Standard
from tests.blocks.web import on_fargate
from tests.project import project

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final[dict[str, tuple[type[eb.Environment], Any]]] = {
    "background": (eb.FargateBackgroundServiceEnvironment, eb.BackgroundService),
    "worker": (eb.FargateQueueWorkerEnvironment, eb.QueueWorker),
}


def made(kind: str, deployment: Any) -> dict[str, Any]:
    """The deployment configuration of a standard service of *kind*."""
    environment, block = KINDS[kind]
    found = Standard(environment, lambda env: block.standard(env, deployment=deployment))
    configuration: dict[str, Any] = found.properties("WebService")["DeploymentConfiguration"]
    return configuration


@pytest.mark.parametrize("kind", KINDS)
def test_one_at_a_time_and_given_up_after_two(kind: str) -> None:
    found = made(
        kind,
        eb.Rolling(
            minimum_healthy_percent=0,
            maximum_percent=100,
            threshold=eb.FailedTasks(count=2, reset_on_healthy_task=False),
        ),
    )

    assert (found["MinimumHealthyPercent"], found["MaximumPercent"]) == (0, 100)
    assert found["DeploymentCircuitBreaker"] == {
        "Enable": True,
        "Rollback": True,
        "ResetOnHealthyTask": False,
        "ThresholdConfiguration": {"Type": "COUNT", "Value": 2},
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("deployment", [eb.BlueGreen(), eb.Canary(), eb.Linear()])
def test_traffic_that_nobody_sends_cannot_be_shifted(kind: str, deployment: Any) -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(kind, deployment)

    assert str(refused.value) == (
        f"{type(deployment).__name__} shifts the traffic of a load balancer, and there is none "
        "here; give eb.Rolling(…)"
    )


@pytest.mark.parametrize("deployment", [eb.Rolling, eb.BlueGreen], ids=lambda kind: kind.__name__)
def test_an_alarm_of_another_stack_is_watched_by_its_name(deployment: Any) -> None:
    alarms = (
        "TargetErrors",
        eb.ExistingAlarm("orders-5xx"),
        eb.ExistingAlarm(eb.ref("ClusterName")),
    )
    found = on_fargate(deployment=deployment(alarms=alarms)).properties("WebService")

    assert found["DeploymentConfiguration"]["Alarms"] == {
        "AlarmNames": [
            {"Fn::Sub": "${AWS::StackName}-target-errors"},
            "orders-5xx",
            {"Ref": "ClusterName"},
        ],
        "Enable": True,
        "Rollback": True,
    }


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_name_that_no_alarm_has(name: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.ExistingAlarm(name)

    expected = f"an alarm's name has 1 to 255 characters, not {len(name)}"
    assert str(refused.value) == expected


SCRIPT: Final = '''\
"""hoge: given up sooner in production."""

import ecs_blocks as eb


class Hoge(eb.FargateQueueWorkerEnvironment):
    """How many tasks may fail."""

    failed_tasks: eb.Param[int] = eb.param(default=10, ge=1, help="so many end a deployment")


def stack(env: Hoge) -> eb.Stack:
    """A worker."""
    stack = eb.Stack(env, description=__doc__)
    rolling = eb.Rolling(threshold=eb.FailedTasks(count=env.failed_tasks))
    stack.add("Hoge", eb.QueueWorker.standard(env, deployment=rolling))
    return stack
'''
VALUES: Final = """\
images: [123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge]
parameters:
  default:
    ImageRepositoryUrl: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge
    ClusterName: main
    TaskMaxMemory: 512
  dev: {FailedTasks: 20}
  qa:
  stg: {FailedTasks: 5}
  prod: {FailedTasks: 3}
"""
PLATFORM: Final = """\
parameters:
  default:
    Region: ap-northeast-1
    AccountId: "123456789012"
    VpcId: vpc-0a1b2c3d
    PrivateSubnetIds: [subnet-0a1b2c3d, subnet-1a1b2c3d]
    AlarmTopicArn: arn:aws:sns:ap-northeast-1:123456789012:alarms
    KeyArn: arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0003-4000-8000-000000000003
  dev:
  qa:
  stg:
  prod:
"""


def test_trap_7_four_environments_have_one_template_and_each_its_own_count(tmp_path: Path) -> None:
    files = project(tmp_path, VALUES, script=SCRIPT, platform=PLATFORM).rendered()
    counts = {
        name.removeprefix("hoge/").removesuffix(".json"): json.loads(text)["Parameters"][
            "FailedTasks"
        ]
        for name, text in files.items()
        if name.endswith(".json")
    }

    assert [name for name in files if name.endswith(".yaml")] == ["hoge/template.yaml"]
    assert "Type: COUNT\n            Value: !Ref FailedTasks\n" in files["hoge/template.yaml"]
    assert counts == {"dev": "20", "qa": "10", "stg": "5", "prod": "3"}
