"""Services whose scaling is suspended now: by their template, or by hand, which nobody else tells.

And those that somebody resumed by hand, though their template suspends them.

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
from ecs_blocks.review.impact.suspended_scaling import (
    STATE,
    SWITCHES,
    meaning,
    resumption,
    suspended_in,
)

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
    """What of a service's scaling is suspended, or resumed by hand: what it means, the way back.

    ``by_hand``: the stack's template does not say so; None where it is not known what it says.
    """

    text: str
    way: str
    by_hand: bool | None


def suspended(
    aws: Aws, place: Place, services: Sequence[ExpectedService], template: Mapping[str, Any]
) -> list[Suspended] | Gap:
    """What of the scaling of *services* is suspended or resumed by hand, or why that is unknown.

    A service comes once for each of: by hand, by the template, resumed by hand.
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
        told
        for resource, name in by_resource.items()
        if resource in now
        for told in _told(aws, place, (name, resource), now[resource], _by_template(name, stack))
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
    aws: Aws,
    place: Place,
    service: tuple[str, str],
    now: Sequence[str],
    wanted: Mapping[str, bool | None],
) -> Iterator[Suspended]:
    """Of one service, by its logical id and resource id: the switches that are on *now*."""
    name, resource_id = service
    held = [one for one in now if not wanted[one]]
    template = [one for one in now if wanted[one]]
    resumed = [one for one in SWITCHES if wanted[one] and one not in now]
    command = _as_the_template_says(aws, place, resource_id, wanted)
    way = "to have what the template says"
    if held:
        by_hand = True if False in {wanted[one] for one in held} else None
        yield Suspended(
            text=f"{name}: scaling is suspended{' by hand' if by_hand else ''}: {meaning(held)}",
            way=f"{way if resumed else 'to resume it'}: {command}",
            by_hand=by_hand,
        )
    if template:
        text = f"{name}: scaling is suspended: {meaning(template)}"
        yield Suspended(text=text, way=_BY_TEMPLATE, by_hand=False)
    if resumed:
        yield Suspended(
            text=f"{name}: scaling is resumed by hand: {resumption(resumed)}",
            way=f"{way if held else 'to suspend it again'}: {command}",
            by_hand=True,
        )


def _as_the_template_says(
    aws: Aws, place: Place, resource_id: str, wanted: Mapping[str, bool | None]
) -> str:
    """The command that sets all switches: what one that it does not name becomes is not documented.

    What is not known is off.
    """
    state = ",".join(
        f"{one.rpartition('.')[2]}={'true' if wanted[one] else 'false'}" for one in SWITCHES
    )
    return place.aws_command(
        aws,
        "application-autoscaling register-scalable-target --service-namespace ecs "
        f"--scalable-dimension {_DIMENSION} --resource-id {resource_id} --suspended-state {state}",
    )
