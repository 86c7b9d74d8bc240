"""Stops on the way of a deployment: a function that is asked, or a pause for somebody to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from msgspec import Struct, field
from troposphere import ecs, iam

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, get_att

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

Stage = Literal[
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
]
"""As AWS names them (ECS API reference, ``DeploymentLifecycleHook``)."""

MOVING: Final = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
"""Requests are on their way: a function may be asked here, nobody can pause."""
MAX_TIMEOUT_MINUTES: Final = 20160


class LambdaHook(Struct, frozen=True, kw_only=True):
    """Ask a function at some stages; it answers ``SUCCEEDED``, ``FAILED`` or ``IN_PROGRESS``.

    Attributes:
        function_arn: of the function; ECS gets a role that may call this one and no other.
        stages: when, in AWS's words: ``POST_TEST_TRAFFIC_SHIFT``.
        details: what the function is told besides.
    """

    function_arn: Value[str]
    stages: tuple[Stage, ...]
    details: Mapping[str, Value[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_stages(self.stages)

    def resource(self, role: Any) -> Any:
        """As the service has it."""
        hook = ecs.DeploymentLifecycleHook(
            TargetType="AWS_LAMBDA",
            HookTargetArn=self.function_arn,
            RoleArn=get_att(role, "Arn"),
            LifecycleStages=list(self.stages),
        )
        if self.details:
            hook.HookDetails = dict(self.details)
        return hook


class Pause(Struct, frozen=True, kw_only=True):
    """Wait for somebody, who lets it go on or rolls it back with ``ecs-blocks continue``.

    Attributes:
        stages: where, in AWS's words; not while requests move.
        timeout_minutes: for so long, 1 to 20160. CloudFormation waits for 36 hours in all.
        on_timeout: what happens then.
    """

    stages: tuple[Stage, ...]
    timeout_minutes: Value[int] = 60
    on_timeout: Literal["ROLLBACK", "CONTINUE"] = "ROLLBACK"

    def __post_init__(self) -> None:
        _check_stages(self.stages)
        moving = [stage for stage in self.stages if stage in MOVING]
        if moving:
            raise BlockError(f"a deployment cannot pause at {moving[0]}, while requests move")
        check_within("timeout_minutes", self.timeout_minutes, 1, MAX_TIMEOUT_MINUTES)

    def resource(self, _role: Any) -> Any:
        """As the service has it."""
        return ecs.DeploymentLifecycleHook(
            TargetType="PAUSE",
            LifecycleStages=list(self.stages),
            TimeoutConfiguration=ecs.HookTimeoutConfig(
                Action=self.on_timeout, TimeoutInMinutes=self.timeout_minutes
            ),
        )


Hook = LambdaHook | Pause


def lifecycle_hooks(scope: Scope, hooks: tuple[Hook, ...]) -> list[Any]:
    """The hooks as the service has them, and the one role that may call their functions."""
    functions = [hook.function_arn for hook in hooks if isinstance(hook, LambdaHook)]
    role = None
    if functions:
        role = scope.add(
            iam.Role(
                scope.id("HookRole"),
                Description="lets ECS ask the functions of a deployment",
                AssumeRolePolicyDocument=policies.trust_of_ecs(),
                Policies=[policies.policy("Ask", policies.invoke(functions))],
            )
        )
    return [hook.resource(role) for hook in hooks]


def _check_stages(stages: tuple[str, ...]) -> None:
    if not stages:
        raise BlockError(f"a hook without a stage; there are: {', '.join(get_args(Stage))}")
    for stage in stages:
        if stage not in get_args(Stage):
            raise BlockError(f"{stage} is no stage; there are: {', '.join(get_args(Stage))}")
