"""What a service goes on with where its template says nothing of it any more: ECS keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.names import cluster_in
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped
from ecs_blocks.deploy.preflight.template import items, part, text, texts
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_ROLLING: Final = "ROLLING"
_FARGATE: Final = "FARGATE"


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every service that is there, and whose template leaves out how it is deployed, or on what.

    CloudFormation hands on what a template says; ECS keeps what it was not told (trap 9).
    """
    for logical_id, properties in subject.of_type("AWS::ECS::Service"):
        arn = subject.physical_id(logical_id)
        rolls = part(properties, "DeploymentConfiguration").get("Strategy") is None
        moves = "CapacityProviderStrategy" not in properties and _for_instances(subject, properties)
        if not arn or not (rolls or moves):
            continue
        answer = ask(
            "ecs:DescribeServices",
            aws.client("ecs").describe_services,
            cluster=cluster_in(arn) or "default",
            services=[arn],
        )
        if isinstance(answer, Gap):
            yield skipped(f"strategy of {logical_id}", answer)
            continue
        for one in answer["services"]:
            now = str(part(one, "deploymentConfiguration").get("strategy", _ROLLING))
            if rolls and now != _ROLLING:
                yield problem(
                    logical_id,
                    f"it is deployed by {now} now, and the template says no strategy: ECS would "
                    "keep it, without the second target group that it needs",
                    "going back, say so: deployment=eb.Rolling(explicit=True)",
                )
            if moves and (providers := _of_fargate(one)):
                yield problem(
                    logical_id,
                    f"it runs on {' and '.join(providers)} now, its new task is for instances, and "
                    "the template says no capacity provider strategy: ECS would keep the old one, "
                    "and refuse the task",
                    "moving it to the cluster's default, say so: "
                    "capacity() of its environment class returns eb.ClusterDefault(explicit=True)",
                )


def _for_instances(subject: Subject, properties: Mapping[str, Any]) -> bool:
    """Whether the service's task definition, in the same template, may not run on Fargate."""
    resources = part(subject.template, "Resources")
    wanted = [
        texts(part(resources, name, "Properties").get("RequiresCompatibilities"))
        for name in referred_names(properties.get("TaskDefinition"))
    ]
    return any(one and _FARGATE not in one for one in wanted)


def _of_fargate(service: Mapping[str, Any]) -> list[str]:
    strategy = items(service.get("capacityProviderStrategy"))
    names = (text(one.get("capacityProvider")) for one in strategy)
    return [name for name in names if name.startswith(_FARGATE)]
