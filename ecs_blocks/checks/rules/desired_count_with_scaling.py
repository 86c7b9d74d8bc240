"""A desired count in the template undoes what auto scaling did, at every deploy.

Auto scaling has raised the service to twelve tasks; the deploy sets it back to the two that the
template names, under full load.

Leave ``DesiredCount`` out and let the ``MinCapacity`` of the scalable target be the number: it
lifts a new service to its minimum by itself.

Source: aws/aws-cdk, "desiredCount" of FargateService; AWS::ECS::Service (DesiredCount).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.tasks import SERVICE, scaled_by

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    if service.raw("DesiredCount") is None:
        return
    for target in scaled_by(service, template):
        message = f"every deploy undoes what {target.id} scaled the service to"
        yield Fault("DesiredCount", message)
        return


CHECK = Check(
    id="EB411",
    title="desired count is set beside auto scaling",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="remove DesiredCount and set MinCapacity of the scalable target",
    judge=_judge,
)
