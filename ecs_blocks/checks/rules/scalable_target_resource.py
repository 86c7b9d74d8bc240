"""Application Auto Scaling finds a service by ``service/<cluster>/<service>``, both by name.

``Ref`` of an ``AWS::ECS::Service`` is an ARN, with slashes of its own; ``Ref`` of a cluster is its
name. With anything but the three parts the scalable target is refused.

Write ``Fn::Sub: service/${Cluster}/${Service.Name}``.

Source: Application Auto Scaling API Reference, RegisterScalableTarget.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.texts import HOLE, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPE: Final = re.compile(r"service/[^/:]+/[^/:]+")
_ARN_ATTRIBUTES: Final = {
    "AWS::ECS::Service": ("", "ServiceArn"),
    "AWS::ECS::Cluster": ("Arn",),
}


def _judge(target: Resource, template: Template) -> Iterator[Fault]:
    if target.raw("ResourceId") is None or target.get("ServiceNamespace") != "ecs":
        return
    written = settled(target.raw("ResourceId"), template, "ResourceId")
    open_end = False
    for hole in HOLE.findall(written):
        identifier, _, attribute = hole.partition(".")
        resource = template.resources.get(identifier)
        if resource is None:
            open_end = True
        elif attribute in _ARN_ATTRIBUTES.get(resource.type, ()):
            yield Fault("ResourceId", f"${{{hole}}} is an ARN; a name is wanted")
            return
    if _SHAPE.fullmatch(HOLE.sub("name", written)):
        return
    if open_end:
        raise Unknown("ResourceId")  # what comes from outside may hold more than one part
    yield Fault("ResourceId", f"{written!r} is not service/<cluster>/<service>")


CHECK = Check(
    id="EB711",
    title="scaling of something that is no service",
    types=(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
    ),
    severity=Severity.ERROR,
    fix="write ResourceId as service/${Cluster}/${Service.Name}",
    judge=_judge,
)
