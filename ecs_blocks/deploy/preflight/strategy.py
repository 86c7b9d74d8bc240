"""A service that shifts traffic goes on with it where its template says no strategy any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.ecs.names import cluster_in
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped
from ecs_blocks.deploy.preflight.template import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_ROLLING: Final = "ROLLING"


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every service that is there, and whose template leaves the strategy out.

    CloudFormation hands on what a template says; ECS keeps what it was not told (trap 9).
    """
    for logical_id, properties in subject.of_type("AWS::ECS::Service"):
        arn = subject.physical_id(logical_id)
        said = part(properties, "DeploymentConfiguration").get("Strategy")
        if not arn or said is not None:
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
            if now != _ROLLING:
                yield problem(
                    logical_id,
                    f"it is deployed by {now} now, and the template says no strategy: ECS would "
                    "keep it, without the second target group that it needs",
                    "going back, say so: deployment=eb.Rolling(explicit=True)",
                )
