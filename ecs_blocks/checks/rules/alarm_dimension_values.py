"""Dimensions name things by name; a Ref often gives an ARN, and the alarm watches nothing.

``Ref`` of a load balancer, a target group, a service, a topic is its ARN, of a queue its URL. The
metrics are published under ``app/web/50dc6c495c0c9188``, ``targetgroup/web/73e2d6bc24d8a067``, the
service's name, the topic's name. CloudWatch takes the ARN as a name that nobody has.

Use the attribute: ``LoadBalancerFullName``, ``TargetGroupFullName``, ``Name`` of a service,
``TopicName``, ``QueueName``.

Source: AWS CloudFormation Template Reference, return values of these types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.metric_names import METRICS
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import USERS, dimensions_of, metrics_used
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.texts import settled, sole_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

_V2: Final = "AWS::ElasticLoadBalancingV2::"
# Dimension: the type that it names, and how to refer to it.
_NAMED: Final = {
    "AutoScalingGroupName": ("AWS::AutoScaling::AutoScalingGroup", "Ref"),
    "CapacityProviderName": ("AWS::ECS::CapacityProvider", "Ref"),
    "ClusterName": ("AWS::ECS::Cluster", "Ref"),
    "LoadBalancer": (f"{_V2}LoadBalancer", "LoadBalancerFullName"),
    "LogGroupName": ("AWS::Logs::LogGroup", "Ref"),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "RuleName": ("AWS::Events::Rule", "Ref"),
    "ServiceName": ("AWS::ECS::Service", "Name"),
    "TargetGroup": (f"{_V2}TargetGroup", "TargetGroupFullName"),
    "TopicName": ("AWS::SNS::Topic", "TopicName"),
}


def _judge(user: Resource, template: Template) -> Iterator[Fault]:
    def dimension(one: tuple[str, Part, Any]) -> Iterator[Fault]:
        name, part, value = one
        problem = _problem(name, value, template, part.at("Value"))
        if problem:
            yield Fault(part.at("Value"), problem)

    def metric(one: Part) -> Iterator[Fault]:
        # In other namespaces a dimension of the same name means something else.
        if text(one.get("Namespace")) in METRICS:
            yield from each(dimensions_of(one), dimension)

    yield from each(metrics_used(user), metric)


def _problem(name: str, value: Any, template: Template, path: str) -> str | None:
    if name not in _NAMED:
        return None
    type_, form = _NAMED[name]
    short = type_.rpartition("::")[2]
    written = settled(value, template, path)
    reference = sole_reference(value)
    resource = template.resources.get(reference[0]) if reference else None
    if reference is None or resource is None:
        return f"{name} wants a name, not the ARN {written}" if written.startswith("arn:") else None
    wanted = resource.id if form == "Ref" else f"{resource.id}.{form}"
    if resource.type != type_:
        return f"{name} names a {short}; {resource.id} is a {resource.type}"
    given = "the Ref" if reference[1] == "Ref" else reference[1]
    # The name of a rule is an attribute too, since rules have one.
    if reference[1] in (form, "RuleName"):
        return None
    return f"{name} is given {given} of {resource.id}, which is not its name; use ${{{wanted}}}"


CHECK = Check(
    id="EB705",
    title="dimension is given an ARN instead of a name",
    types=USERS,
    severity=Severity.ERROR,
    fix="refer to the attribute that gives the name, LoadBalancerFullName for example",
    judge=_judge,
)
