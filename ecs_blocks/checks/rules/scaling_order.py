"""What scales must exist before its scaling, and a name written out does not say so.

With ``Ref`` or ``Fn::GetAtt`` CloudFormation makes the service first. ``service/prod/hoge`` as
plain text tells it nothing: it may register the scalable target first, which fails with "ECS
service doesn't exist". In the same way a scaling policy with a ``ResourceId`` instead of a
``ScalingTargetId`` may come before its scalable target: "No scalable target registered".

Write ``Fn::Sub: service/${Cluster}/${Service.Name}`` and ``ScalingTargetId: !Ref ScalableTarget``,
or add what comes first to ``DependsOn``.

Source: AWS CloudFormation Template Reference, DependsOn attribute; Application Auto Scaling API
Reference, RegisterScalableTarget, PutScalingPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import POLICY
from ecs_blocks.checks.views.references import made_before
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET, SERVICE
from ecs_blocks.checks.views.texts import HOLE, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(user: Resource, template: Template) -> Iterator[Fault]:
    written = text_of(user.raw("ResourceId"))
    if not written:
        return
    earlier = made_before(template, user.id)
    for needed in _needed(user, written, template):
        if needed.id not in earlier:
            yield Fault("ResourceId", f"{written!r} may be looked for before {needed.id} is made")


def _needed(user: Resource, written: str, template: Template) -> Iterator[Resource]:
    if user.type == SCALABLE_TARGET:
        for service in template.of_type(SERVICE):
            if _names(written, service, template):
                yield service
        return
    for target in template.of_type(SCALABLE_TARGET):
        if text_of(target.raw("ResourceId")) == written and _same_dimension(user, target):
            yield target


def _same_dimension(policy: Resource, target: Resource) -> bool:
    return all(
        text_of(policy.raw(key)) == text_of(target.raw(key))
        for key in ("ScalableDimension", "ServiceNamespace")
    )


def _names(written: str, service: Resource, template: Template) -> bool:
    """Whether *written* is the service by the name that it is given."""
    found = written.split("/")
    name = text_of(service.raw("ServiceName"))
    if len(found) != 3 or found[0] != "service" or not name or found[2] != name:
        return False
    mine = _cluster(found[1], template)
    theirs = _cluster(text_of(service.raw("Cluster")) or "", template)
    return mine == theirs or "${" in f"{mine}{theirs}"


def _cluster(text: str, template: Template) -> str:
    """The name of a cluster that is written as a name, an ARN or a reference."""
    reference = HOLE.fullmatch(text)
    cluster = template.resources.get(reference[1].partition(".")[0]) if reference else None
    own = text_of(cluster.raw("ClusterName")) if cluster is not None else None
    return own or text.rpartition("/")[2] or "default"


CHECK = Check(
    id="EB715",
    title="scaling may be made before what it scales",
    types=(SCALABLE_TARGET, POLICY),
    severity=Severity.ERROR,
    fix="refer to the service by ${Service.Name}, to the target by ScalingTargetId; or DependsOn",
    judge=_judge,
)
