"""What a service goes on with where its template no longer says it: ECS keeps what it is not told.

CloudFormation hands on what stands in the template, and no more. Source: Amazon ECS API Reference,
UpdateService ("if this parameter isn't specified, …"); AWS CloudFormation Template Reference,
AWS::ECS::Service, CapacityProviderStrategy (an empty list takes the strategy away).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import task_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.capacity import CAPACITY
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject

_STRATEGY: Final = "DeploymentConfiguration.Strategy"


def kept(subject: Subject) -> Iterator[Finding]:
    """A finding for each service whose strategy, or capacity, is left out instead of changed."""
    for service in subject.after.of_type(facts.SERVICE):
        before = subject.before.resources.get(service.id)
        if before is None or before.type != facts.SERVICE or subject.is_replaced(service.id):
            continue
        if strategy := kept_strategy(before, service):
            yield _blocked(
                service,
                _STRATEGY,
                f"it is deployed by {strategy}, and the template says no strategy any more: ECS "
                "keeps the old one, without the second target group that it needs; write Strategy: "
                "ROLLING, with eb.Rolling(explicit=True)",
            )
        if providers := _kept_providers(before, service):
            where = listed(providers)
            if _for_instances(service, subject.after):
                yield _blocked(
                    service,
                    CAPACITY,
                    f"its task is for instances now, and the template says no capacity provider "
                    f"strategy any more: ECS keeps {where}, and refuses the task; write an empty "
                    "one, with eb.ClusterDefault(explicit=True)",
                )
            else:
                yield Finding(
                    kind="rollout",
                    weight=Weight.NOTICE,
                    text=(
                        f"{service.id}: it stays on {where}: the template says no capacity "
                        "provider strategy any more, and ECS keeps the old one"
                    ),
                    covers=((service.id, CAPACITY),),
                )


def kept_strategy(before: Resource, after: Resource) -> str:
    """The way that *before* shifts traffic, where *after* says no strategy; empty elsewhere."""
    old, new = facts.strategy_of(before), at(after, _STRATEGY)
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


def _blocked(service: Resource, path: str, why: str) -> Finding:
    return Finding(
        kind="blocked",
        weight=Weight.APPROVAL,
        text=f"{service.id}: the deploy is refused: {why}",
        covers=((service.id, path),),
    )
