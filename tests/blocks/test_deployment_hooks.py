"""Functions that a deployment asks, and pauses, at the stages of AWS."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.templates.stack import Scope
from tests.blocks.helpers import TOKENS, Built, new_stack

FUNCTION = "arn:aws:lambda:ap-northeast-1:123456789012:function:smoke"
STAGES = (
    "RECONCILE_SERVICE, PRE_SCALE_UP, POST_SCALE_UP, TEST_TRAFFIC_SHIFT, POST_TEST_TRAFFIC_SHIFT, "
    "PRE_PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT"
)


def hooks(*given: eb.LambdaHook | eb.Pause) -> tuple[list[Any], dict[str, Any]]:
    """The hooks of a deployment, and the resources that they need."""
    stack = new_stack()
    made = eb.BlueGreen(hooks=given).configuration(Scope(stack, "Web")).to_dict()
    return made["LifecycleHooks"], Built(stack, None).resources


def test_a_function_is_called_with_a_role_for_it_alone() -> None:
    [hook], resources = hooks(
        eb.LambdaHook(function_arn=FUNCTION, stages=("POST_TEST_TRAFFIC_SHIFT",))
    )

    assert hook == {
        "TargetType": "AWS_LAMBDA",
        "HookTargetArn": FUNCTION,
        "RoleArn": {"Fn::GetAtt": ["WebHookRole", "Arn"]},
        "LifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
    }
    role = resources["WebHookRole"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": ["ecs.amazonaws.com"]
    }
    [policy] = role["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": [FUNCTION]}
    ]


def test_two_hooks_of_one_function_share_a_role() -> None:
    found, resources = hooks(
        eb.LambdaHook(function_arn=FUNCTION, stages=("PRE_SCALE_UP",)),
        eb.LambdaHook(
            function_arn=FUNCTION, stages=("POST_SCALE_UP",), details={"path": TOKENS.word}
        ),
    )

    assert found[1]["HookDetails"] == {"path": {"Ref": "Word"}}
    assert list(resources) == ["WebHookRole"]
    [policy] = resources["WebHookRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == [FUNCTION]


def test_a_pause_needs_no_role() -> None:
    found, resources = hooks(
        eb.Pause(
            stages=("PRE_PRODUCTION_TRAFFIC_SHIFT",),
            timeout_minutes=TOKENS.number,
            on_timeout="CONTINUE",
        )
    )

    assert found == [
        {
            "TargetType": "PAUSE",
            "LifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"],
            "TimeoutConfiguration": {"Action": "CONTINUE", "TimeoutInMinutes": {"Ref": "Number"}},
        }
    ]
    assert resources == {}


def test_a_pause_that_nobody_ends_goes_back() -> None:
    [hook], _ = hooks(eb.Pause(stages=("POST_TEST_TRAFFIC_SHIFT",)))

    assert hook["TimeoutConfiguration"] == {"Action": "ROLLBACK", "TimeoutInMinutes": 60}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: eb.Pause(stages=("PRODUCTION_TRAFFIC_SHIFT",)),
            "a deployment cannot pause at PRODUCTION_TRAFFIC_SHIFT, while requests move",
            id="a pause on the way",
        ),
        pytest.param(
            lambda: eb.Pause(stages=("PRE_SCALE_UP",), timeout_minutes=0),
            "timeout_minutes is 0; allowed: 1 to 20160",
            id="a pause of no time",
        ),
        pytest.param(
            lambda: eb.Pause(stages=()), f"a hook without a stage; there are: {STAGES}", id="none"
        ),
        pytest.param(
            lambda: eb.LambdaHook(function_arn=FUNCTION, stages=("AFTER",)),  # type: ignore[arg-type]
            f"AFTER is no stage; there are: {STAGES}",
            id="unknown",
        ),
    ],
)
def test_a_hook_that_ecs_would_refuse(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        make()

    assert str(caught.value) == message
