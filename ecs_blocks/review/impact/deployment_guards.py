"""What stops a bad deployment, where it is taken away: circuit breaker, alarms, lifecycle hooks.

Source: Amazon ECS API Reference, DeploymentConfiguration and DeploymentLifecycleHook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.guards import Guard, judged, off, on
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_GUARDS: Final = (
    Guard(
        types=(SERVICE,),
        path=f"{facts.BREAKER}.Enable",
        alike=facts.STRATEGY,
        tells=facts.BREAKER,
        stays=True,
        safety=on(),
        kind="exposure",
        weaker="the circuit breaker is turned off: a deployment that fails goes on for hours",
        stronger="the circuit breaker is turned on",
    ),
    Guard(
        types=(SERVICE,),
        path=f"{facts.BREAKER}.Rollback",
        alike=facts.STRATEGY,
        beside=f"{facts.BREAKER}.Enable",
        safety=on(),
        kind="exposure",
        weaker="the circuit breaker no longer goes back to the old tasks",
        stronger="the circuit breaker goes back to the old tasks",
    ),
    Guard(
        types=(SERVICE,),
        path=f"{facts.BREAKER}.ResetOnHealthyTask",
        beside=f"{facts.BREAKER}.Enable",
        safety=off(default=True),
        kind="exposure",
        weaker="a task that gets healthy starts the circuit breaker's count anew",
        stronger="failed tasks add up to the circuit breaker, though others get healthy",
    ),
    Guard(
        types=(SERVICE,),
        path=f"{facts.ALARMS}.Enable",
        tells=facts.ALARMS,
        stays=True,
        safety=on(),
        kind="exposure",
        weaker="deployment alarms are turned off: a bad deployment is not stopped by them",
        stronger="deployment alarms are turned on",
    ),
    Guard(
        types=(SERVICE,),
        path=f"{facts.ALARMS}.Rollback",
        beside=f"{facts.ALARMS}.Enable",
        safety=on(),
        kind="exposure",
        weaker="a deployment alarm no longer leads back to the old tasks",
        stronger="a deployment alarm leads back to the old tasks",
    ),
)


def deployment_guards(subject: Subject) -> Iterator[Finding]:
    """A finding for each thing that stops a bad deployment no more, or from now on."""
    yield from judged(subject, _GUARDS)
    for _, old, new in subject.modified(SERVICE):
        yield from _hooks(old, new)


def _hooks(old: Resource, new: Resource) -> Iterator[Finding]:
    """The lifecycle hooks that come and go; those that the template leaves out stay (``kept``)."""
    if at(new, facts.HOOKS) is None:
        return
    before, after = (_called(one) for one in (old, new))
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if gone:
        yield Finding(
            kind="exposure",
            weight=Weight.APPROVAL,
            text=f"{new.id}: a deployment no longer stops for {listed(gone)}",
            details=(f"instead it stops for {listed(come)}",) if come else (),
            covers=((new.id, facts.HOOKS),),
        )
    elif come:
        yield Finding(
            kind="configuration",
            weight=Weight.NOTICE,
            text=f"{new.id}: a deployment stops for {listed(come)}",
            covers=((new.id, facts.HOOKS),),
        )


def _called(service: Resource) -> list[str]:
    """Each hook in words: the function that it asks, or the pause, and when."""
    found = at(service, facts.HOOKS)
    hooks = [] if is_intrinsic(found) else as_items(found)
    return [_hook(one) for one in hooks if isinstance(one, dict) and not is_intrinsic(one)]


def _hook(hook: dict[str, Any]) -> str:
    stages = hook.get("LifecycleStages")
    when = listed(map(spoken, [stages] if is_intrinsic(stages) else as_items(stages)))
    if text(hook.get("TargetType")) == "PAUSE":
        return f"a pause at {when}"
    return f"{spoken(hook.get('HookTargetArn'))} at {when}"
