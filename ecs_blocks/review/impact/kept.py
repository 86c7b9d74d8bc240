"""What a service goes on with where its template no longer says it: ECS keeps what it is not told.

CloudFormation hands on what stands in the template, and no more. Source: Amazon ECS API Reference,
UpdateService ("if this parameter isn't specified, …"); AWS CloudFormation Template Reference,
AWS::ECS::Service, CapacityProviderStrategy (an empty list takes the strategy away); Terraform's AWS
provider, which has to send an empty circuit breaker, and an empty list of hooks, to be rid of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SERVICE, task_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.capacity import CAPACITY
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import at, switched
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject

_LEFT_OUT: Final = (
    (facts.HOOKS, "its lifecycle hooks", "LifecycleHooks: [] takes them away"),
    (facts.ALARMS, "its deployment alarms", "Alarms with Enable: false switches them off"),
    (facts.BREAKER, "its circuit breaker", "one with Enable: false switches it off"),
)
"""Settings of a deployment, and how each is taken away."""


def kept(subject: Subject) -> Iterator[Finding]:
    """A finding for each setting of a service that is left out instead of changed."""
    for service in subject.after.of_type(SERVICE):
        before = subject.before.resources.get(service.id)
        if before is None or before.type != SERVICE or subject.is_replaced(service.id):
            continue
        for paths, why in refusals(before, service, subject.after):
            yield Finding(
                kind="blocked",
                weight=Weight.APPROVAL,
                text=f"{service.id}: the deploy is refused: {why}",
                covers=tuple((service.id, path) for path in paths),
            )
        if not kept_strategy(before, service):
            yield from _deployment_settings(before, service)
        providers = _kept_providers(before, service)
        if providers and not _for_instances(service, subject.after):
            yield Finding(
                kind="rollout",
                weight=Weight.NOTICE,
                text=(
                    f"{service.id}: it stays on {listed(providers)}: the template says no capacity "
                    "provider strategy any more, and ECS keeps the old one"
                ),
                covers=((service.id, CAPACITY),),
            )


def refusals(
    before: Resource, after: Resource, template: Template
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Why ECS refuses what *after*, of *template*, leaves out; and the properties it is about."""
    if strategy := kept_strategy(before, after):
        yield (
            (facts.STRATEGY, facts.HOOKS),
            f"it is deployed by {strategy}, and the template says no strategy any more: ECS "
            "keeps the old one, without the second target group that it needs; write Strategy: "
            "ROLLING, with eb.Rolling(explicit=True)",
        )
    providers = _kept_providers(before, after)
    if providers and _for_instances(after, template):
        yield (
            (CAPACITY,),
            "its task is for instances now, and the template says no capacity provider strategy "
            f"any more: ECS keeps {listed(providers)}, and refuses the task; write an empty one, "
            "with eb.ClusterDefault(explicit=True)",
        )


def _deployment_settings(before: Resource, service: Resource) -> Iterator[Finding]:
    """What goes on to stop deployments."""
    for path, what, way in _LEFT_OUT:
        if _keeps(before, service, path):
            yield Finding(
                kind="configuration",
                weight=Weight.NOTICE,
                text=(
                    f"{service.id}: it keeps {what}: the template says none any more, and ECS "
                    f"keeps what it is not told; {way}"
                ),
                covers=((service.id, path),),
            )


def _keeps(before: Resource, after: Resource, path: str) -> bool:
    """Whether *before* has the setting, and *after* says nothing of it.

    Only a rolling deployment has a circuit breaker, so with another strategy none is meant.
    """
    if at(after, path) is not None:
        return False
    if path == facts.HOOKS:
        return bool(at(before, path))
    same = facts.strategy_of(before) == facts.strategy_of(after)
    return bool(switched(before, f"{path}.Enable")) and (same or path != facts.BREAKER)


def holder(subject: Subject, service: Resource, path: str) -> Resource:
    """The service whose setting at *path* holds: as it was, where it is left out now."""
    before = subject.before.resources.get(service.id)
    if before is None or before.type != SERVICE or subject.is_replaced(service.id):
        return service
    return before if _keeps(before, service, path) else service


def kept_strategy(before: Resource, after: Resource) -> str:
    """The way that *before* shifts traffic, where *after* says no strategy; empty elsewhere."""
    old, new = facts.strategy_of(before), at(after, facts.STRATEGY)
    return (
        old if old in facts.SHIFTS and new is None and facts.strategy_of(after) == "ROLLING" else ""
    )


def _kept_providers(before: Resource, after: Resource) -> list[str]:
    old = at(before, CAPACITY)
    if CAPACITY in after.properties or after.properties.get("LaunchType") or is_intrinsic(old):
        return []
    names = [one.get("CapacityProvider") for one in as_items(old) if isinstance(one, dict)]
    return [one for one in names if isinstance(one, str)]


def _for_instances(service: Resource, template: Template) -> bool:
    """Whether its task definition, in the same template, may not run on Fargate."""
    needed = at(task_of(service, template), "RequiresCompatibilities")
    return not is_intrinsic(needed) and "FARGATE" not in (as_items(needed) or ["FARGATE"])
