"""Verifying while AWS does not answer: nothing is claimed that was not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.ecs.verifying import serving, verify
from tests.deploy.ecs.world import (
    BROKEN,
    DENIED,
    EMPTY,
    OLD,
    PROXY,
    THROTTLED,
    Refusal,
    deployment,
    service,
)

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World


def test_when_the_time_is_over_nothing_is_claimed(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    world.service = service(deployment(42, 1), deployment(41, 2, **OLD))
    began_s = clock.now_s()
    verdict = verify(aws, 62)

    assert verdict.sentence == "hoge:42 is still being deployed: 1 of 2 tasks run (after 62 s)"
    assert not verdict.is_decided
    assert clock.now_s() - began_s == 62


@pytest.mark.parametrize(
    "refusal", [THROTTLED, BROKEN, PROXY, EMPTY], ids=["slow", "broken", "proxy", "empty"]
)
@pytest.mark.parametrize(
    "operation", ["DescribeServices", "DescribeTargetHealth", "DescribeTaskDefinition"]
)
def test_a_call_without_an_answer_proves_nothing(
    world: World, aws: Aws, operation: str, refusal: Refusal
) -> None:
    world.service = serving()
    world.refuse[operation] = [refusal, refusal]
    assert verify(aws).serves
    world.refuse[operation] = refusal
    verdict = verify(aws, 60)

    assert (verdict.serves, verdict.is_decided) == (False, False)


@pytest.mark.parametrize(
    ("operation", "missing"),
    [
        ("DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth"),
        ("DescribeTaskDefinition", "ecs:DescribeTaskDefinition"),
    ],
)
def test_what_may_not_be_read_is_said_not_to_be_checked(
    world: World, aws: Aws, operation: str, missing: str
) -> None:
    world.service = serving()
    world.refuse[operation] = DENIED
    verdict = verify(aws)

    assert verdict.serves
    assert verdict.sentence.endswith(f"(not checked: permission {missing} is missing)")


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException"])
def test_without_permission_to_look_nothing_is_claimed(world: World, aws: Aws, code: str) -> None:
    world.refuse["DescribeServices"] = Refusal(code, "no")
    with pytest.raises(DeployError, match=r"^verifying hoge: ") as caught:
        verify(aws)

    assert caught.value.code is Exit.CREDENTIALS
