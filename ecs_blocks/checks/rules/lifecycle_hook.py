"""A deployment lifecycle hook must say what it calls, and as whom.

A hook that calls a function (``AWS_LAMBDA``, also where no type is given) needs ``HookTargetArn``,
and ``RoleArn`` for the role with which ECS may call it. Every hook needs ``LifecycleStages``. A
``PAUSE`` hook cannot stand in the two stages in which traffic is moving.

Source: Amazon ECS API Reference, DeploymentLifecycleHook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, parts, text
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOVING: Final = frozenset({"TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"})


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(parts(service, "DeploymentConfiguration.LifecycleHooks"), _hook)


def _hook(hook: Part) -> Iterator[Fault]:
    if not hook.raw("LifecycleStages"):
        yield Fault(hook.at("LifecycleStages"), "the hook names no stage at which it runs")
    kind = hook.get("TargetType", "AWS_LAMBDA")
    if kind == "AWS_LAMBDA":
        for key, need in (("HookTargetArn", "function"), ("RoleArn", "role to call it with")):
            if not hook.raw(key):
                yield Fault(hook.at(key), f"the hook calls a function and names no {need}")
    if kind == "PAUSE":
        for stage in hook.items("LifecycleStages"):
            if text(stage.value) in _MOVING:
                yield Fault(stage.path, f"a deployment cannot pause at {stage.value}")


CHECK = Check(
    id="EB409",
    title="lifecycle hook is incomplete",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="set HookTargetArn, RoleArn and LifecycleStages",
    judge=_judge,
)
