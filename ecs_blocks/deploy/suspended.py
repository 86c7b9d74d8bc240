"""Services whose scaling is suspended now: by their template, or by hand, which nobody else tells.

Source: Application Auto Scaling API Reference, DescribeScalableTargets, SuspendedState. It does not
say since when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.model import Resource, Template
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET
from ecs_blocks.deploy.ecs.names import cluster_in, last
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.impact.reading import switched
from ecs_blocks.review.impact.service_facts import target_of
from ecs_blocks.review.impact.suspended_scaling import STATE, SWITCHES, meaning, suspended_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.verify import ExpectedService
    from ecs_blocks.deploy.place import Place

_BATCH: Final = 50
"""How many targets DescribeScalableTargets tells at once."""
_DIMENSION: Final = "ecs:service:DesiredCount"
_NESTED: Final = "AWS::CloudFormation::Stack"
_BY_TEMPLATE: Final = "to resume it: ScalingSuspended: false in environment.yaml, and a deploy"


class Suspended(Struct, frozen=True, kw_only=True):
    """A service whose scaling is suspended: what that means, and how to resume it.

    ``by_hand``: the stack's template does not say so; None where it is not known what it says.
    """

    text: str
    way: str
    by_hand: bool | None


def suspended(
    aws: Aws, place: Place, services: Sequence[ExpectedService], template: Mapping[str, Any]
) -> list[Suspended] | Gap:
    """Those of *services* whose scaling is suspended now, or why that is not known.

    *template* is the stack's, with its values put in. Nothing of a server on this machine
    (``--local``): nothing scales there.

    Raises:
        DeployError: the credentials are over.
    """
    stack = Template(template)
    scales = not place.access.local and stack.of_type(SCALABLE_TARGET, _NESTED)
    by_resource = dict(_resource_ids(services)) if scales else {}
    now: dict[str, list[str]] = {}
    for begin in range(0, len(by_resource), _BATCH):
        answer = ask(
            "application-autoscaling:DescribeScalableTargets",
            aws.client("application-autoscaling").describe_scalable_targets,
            ServiceNamespace="ecs",
            ScalableDimension=_DIMENSION,
            ResourceIds=[*by_resource][begin : begin + _BATCH],
        )
        if isinstance(answer, Gap):
            return answer
        for one in answer.get("ScalableTargets", ()):
            target = Resource("", SCALABLE_TARGET, {"Properties": {STATE: one.get(STATE, {})}})
            now[str(one.get("ResourceId"))] = suspended_in(target)
    return [
        _told(
            name,
            now[resource],
            _by_template(name, stack),
            _resumes(aws, place, resource),
        )
        for resource, name in by_resource.items()
        if now.get(resource)
    ]


def _resource_ids(services: Sequence[ExpectedService]) -> Iterator[tuple[str, str]]:
    """What Application Auto Scaling calls each service, with its logical id."""
    for one in services:
        if cluster := cluster_in(one.service_arn) or last(one.cluster):
            yield f"service/{cluster}/{last(one.service_arn)}", one.logical_id


def _by_template(logical_id: str, template: Template) -> dict[str, bool | None]:
    """What the template says of each switch; None where that is not known: of nested stacks too."""
    service = template.resources.get(logical_id)
    if service is None:
        return dict.fromkeys(SWITCHES)
    target = target_of(service, template)
    return {one: switched(target, one) for one in SWITCHES}


def _told(
    service: str, now: list[str], wanted: Mapping[str, bool | None], command: str
) -> Suspended:
    said = {wanted[one] for one in now}
    by_hand = True if False in said else None if None in said else False
    return Suspended(
        text=f"{service}: scaling is suspended{' by hand' if by_hand else ''}: {meaning(now)}",
        way=_BY_TEMPLATE if by_hand is False else f"to resume it: {command}",
        by_hand=by_hand,
    )


def _resumes(aws: Aws, place: Place, resource_id: str) -> str:
    state = ",".join(f"{one.rpartition('.')[2]}=false" for one in SWITCHES)
    return place.aws_command(
        aws,
        "application-autoscaling register-scalable-target --service-namespace ecs "
        f"--scalable-dimension {_DIMENSION} --resource-id {resource_id} --suspended-state {state}",
    )
