"""How an environment has scaling wait, and stop: where another way than ours is right."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS
from tests.blocks.standard import Standard


class _Web(eb.FargateWebServiceEnvironment):
    """Goes slowly, how slowly differs."""

    scale_in_seconds: eb.Param[int]

    def cooldowns(self) -> eb.Cooldowns:
        """Comes at once."""
        return eb.Cooldowns(out_s=0, in_s=self.scale_in_seconds)


class _Worker(eb.FargateQueueWorkerEnvironment):
    """Goes slowly."""

    def cooldowns(self) -> eb.Cooldowns:
        """A quarter of an hour."""
        return eb.Cooldowns(in_s=900)


def waits(found: Standard[Any, Any], policy: str) -> tuple[object, object]:
    """Seconds out and in."""
    settings = found.properties(policy)["TargetTrackingScalingPolicyConfiguration"]
    return settings["ScaleOutCooldown"], settings["ScaleInCooldown"]


@pytest.mark.parametrize("policy", ["WebCpuScaling", "WebMemoryScaling", "WebRequestsScaling"])
def test_each_policy_of_a_web_service_waits_as_long(policy: str) -> None:
    found = Standard(_Web, lambda env: eb.WebService.standard(env, port=8080))

    assert waits(found, policy) == (0, {"Ref": "ScaleInSeconds"})


def test_a_worker_waits_too() -> None:
    assert waits(Standard(_Worker, eb.QueueWorker.standard), "WebBacklogScaling") == (60, 900)


@pytest.mark.parametrize("name", ["out_s", "in_s"])
def test_no_time_is_below_none(name: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Cooldowns(**{name: -1})

    assert str(refused.value) == f"{name} is -1; allowed: 0 and more"


def test_a_time_may_be_a_token() -> None:
    assert eb.Cooldowns(out_s=TOKENS.number).out_s is TOKENS.number


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        (eb.FargateWebServiceEnvironment, lambda env: eb.WebService.standard(env, port=8080)),
        (eb.BackgroundServiceEnvironment, eb.BackgroundService.standard),
        (
            eb.FargateNetworkServiceEnvironment,
            lambda env: eb.NetworkService.standard(
                env,
                port=5432,
                endpoints=(eb.NetworkEndpoint(listener=eb.Tcp(5432)),),
                ingress=(eb.Cidr("10.0.0.0/8"),),
            ),
        ),
        (eb.QueueWorkerEnvironment, eb.QueueWorker.standard),
    ],
)
def test_every_environment_that_scales_may_suspend_it(kind: Any, block: Any) -> None:
    found = Standard(kind, block).properties("WebScalableTarget")

    assert set(found["SuspendedState"]) == {
        "DynamicScalingInSuspended",
        "DynamicScalingOutSuspended",
        "ScheduledScalingSuspended",
    }
    assert all(one == {"Ref": "ScalingSuspended"} for one in found["SuspendedState"].values())
