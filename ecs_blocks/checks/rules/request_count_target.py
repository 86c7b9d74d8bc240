"""Scaling by requests needs to know whose requests.

``ALBRequestCountPerTarget`` is counted per target group of one load balancer. ``ResourceLabel``
says which: the full name of the load balancer, a slash, the full name of the target group. Without
it, with ARNs in it, or with the two the other way round, the policy is refused; so it is on any
other metric.

Write ``Fn::Sub: ${LoadBalancer.LoadBalancerFullName}/${TargetGroup.TargetGroupFullName}``.

Source: Application Auto Scaling API Reference, PredefinedMetricSpecification.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LOAD_BALANCER, NETWORK, TARGET_GROUP
from ecs_blocks.checks.views.metrics_used import POLICY
from ecs_blocks.checks.views.texts import HOLE, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification"
_LABEL: Final = f"{_BASE}.ResourceLabel"
_METRIC: Final = "ALBRequestCountPerTarget"
_SHAPE: Final = re.compile(r"app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+")
_ATTRIBUTES: Final = {
    LOAD_BALANCER: "LoadBalancerFullName",
    TARGET_GROUP: "TargetGroupFullName",
}


def _judge(policy: Resource, template: Template) -> Iterator[Fault]:
    metric = policy.get(f"{_BASE}.PredefinedMetricType")
    label = policy.raw(_LABEL) if metric else None
    if metric == _METRIC and label is None:
        yield Fault(_LABEL, f"{_METRIC} does not say of which target group")
    elif metric == _METRIC:
        yield from _label(settled(label, template, _LABEL), template)
    elif label is not None:
        yield Fault(_LABEL, f"{metric} takes no ResourceLabel, only {_METRIC} does")


def _label(label: str, template: Template) -> Iterator[Fault]:
    named = True
    for hole in HOLE.findall(label):
        identifier, _, attribute = hole.partition(".")
        resource = template.resources.get(identifier)
        wanted = _ATTRIBUTES.get(resource.type) if resource else None
        if wanted and attribute != wanted:
            named = False
            yield Fault(_LABEL, f"${{{hole}}} is not a full name; use ${{{identifier}.{wanted}}}")
    written = HOLE.sub(lambda found: _sample(found[1], template), label)
    if named and not HOLE.search(written) and not _SHAPE.fullmatch(written):
        yield Fault(_LABEL, f"{label!r} is not app/<name>/<id>/targetgroup/<name>/<id>")


def _sample(hole: str, template: Template) -> str:
    """What *hole* stands for, with a name and an id made up; as it is where nobody knows."""
    resource = template.resources.get(hole.partition(".")[0])
    if resource is None or resource.type not in _ATTRIBUTES:
        return f"${{{hole}}}"
    if resource.type == TARGET_GROUP:
        return "targetgroup/name/0"
    return f"{'net' if resource.raw('Type') == NETWORK else 'app'}/name/0"


CHECK = Check(
    id="EB714",
    title="scaling by requests without a target group",
    types=(POLICY,),
    severity=Severity.ERROR,
    fix="set ResourceLabel to the full names of the load balancer and the target group",
    judge=_judge,
)
