"""An alias for a load balancer names the *load balancer's* hosted zone, not the domain's.

``AliasTarget.HostedZoneId`` says in which zone AWS keeps the name of the target. For a load
balancer that is a zone of Elastic Load Balancing, another in each Region. With the zone of the
domain the record is refused: "Tried to create an alias that targets …, but the alias target name
does not lie within the target zone".

Use the attribute of the load balancer that the DNS name comes from:
``!GetAtt LoadBalancer.CanonicalHostedZoneID`` (a Classic one has ``CanonicalHostedZoneNameID``).

Source: Amazon Route 53 API Reference, AliasTarget (HostedZoneId).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import LOAD_BALANCER
from ecs_blocks.checks.views.parts import Part, each, literal, parts, whole
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORD_GROUP: Final = "AWS::Route53::RecordSetGroup"
_HOSTED_ZONE: Final = "AWS::Route53::HostedZone"
_ZONE_OF: Final = {
    LOAD_BALANCER: "CanonicalHostedZoneID",
    "AWS::ElasticLoadBalancing::LoadBalancer": "CanonicalHostedZoneNameID",
}
_OTHER_SERVICES: Final = {
    "Z2FDTNDATAQYW2": "CloudFront",
    "Z2BJ6XQ5FK7U4H": "Global Accelerator",
}
_BALANCER_NAME: Final = re.compile(
    r"\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?\.?$", re.IGNORECASE
)


def _judge(resource: Resource, template: Template) -> Iterator[Fault]:
    own = resource.raw("HostedZoneId")
    if resource.type != _RECORD_GROUP:
        yield from _record(whole(resource), own, template)
        return
    yield from each(parts(resource, "RecordSets"), lambda one: _record(one, own, template))


def _record(record: Part, group_zone: Any, template: Template) -> Iterator[Fault]:
    target = record.raw("AliasTarget")
    if not isinstance(target, dict):
        return
    alias = Part(record.at("AliasTarget"), target)
    balancer = _balancer(alias.raw("DNSName"), template)
    if balancer is None and not _BALANCER_NAME.search(literal(alias.raw("DNSName"))):
        return
    zone = alias.raw("HostedZoneId")
    place = alias.at("HostedZoneId")
    own = record.raw("HostedZoneId") or group_zone
    needed = "the load balancer's own zone" if balancer is None else _needed(balancer)
    right = balancer is not None and zone in _right(balancer)
    wrong = None if right else _wrong(zone, own, template)
    if wrong is not None:
        yield Fault(place, f"HostedZoneId {wrong}; needed: {needed}")
    elif not right:
        raise Unknown(place)


def _balancer(name: Any, template: Template) -> Resource | None:
    """The load balancer of this template that an alias takes its DNS name from."""
    found = (template.resources.get(one) for one in referred_names(name))
    return next((one for one in found if one is not None and one.type in _ZONE_OF), None)


def _needed(balancer: Resource) -> str:
    return f"!GetAtt {balancer.id}.{_ZONE_OF[balancer.type]}"


def _wrong(zone: Any, own: Any, template: Template) -> str | None:
    """What is surely wrong with *zone*, or None."""
    if not zone:
        return "is not set"
    if zone == own:
        return "is the zone of the record itself"
    if isinstance(zone, str) and zone in _OTHER_SERVICES:
        return f"is the zone of {_OTHER_SERVICES[zone]}"
    found = template.target(zone)
    if found is None:
        return None
    return f"is the domain's zone {found.id}" if found.type == _HOSTED_ZONE else f"is of {found.id}"


def _right(balancer: Resource) -> tuple[dict[str, Any], ...]:
    """The ways to write the zone of *balancer*."""
    attribute = _ZONE_OF[balancer.type]
    return (
        {"Fn::GetAtt": [balancer.id, attribute]},
        {"Fn::GetAtt": f"{balancer.id}.{attribute}"},
        {"Fn::Sub": f"${{{balancer.id}.{attribute}}}"},
    )


CHECK = Check(
    id="EB590",
    title="alias names the wrong hosted zone",
    types=("AWS::Route53::RecordSet", _RECORD_GROUP),
    severity=Severity.ERROR,
    fix="set AliasTarget.HostedZoneId to !GetAtt LoadBalancer.CanonicalHostedZoneID",
    judge=_judge,
)
