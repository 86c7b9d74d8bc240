"""Zone rebalancing needs room for a task more, and a service that is spread over zones.

ECS starts a task in the emptier zone before it stops one in the fuller, so ``MaximumPercent`` must
be above 100. Daemons, services behind a Classic Load Balancer, and placement strategies that do not
begin with spreading over zones cannot have it. ``AvailabilityZoneRebalancing: ENABLED`` is refused
then.

Source: Amazon ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, number, parts, text, whole
from ecs_blocks.checks.views.tasks import SERVICE, is_daemon

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAXIMUM: Final = "DeploymentConfiguration.MaximumPercent"
_SETTING: Final = "AvailabilityZoneRebalancing"
_ZONE: Final = "attribute:ecs.availability-zone"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    if service.get(_SETTING) != "ENABLED":
        return
    if is_daemon(service):
        yield Fault(_SETTING, "a daemon runs on every instance and cannot be rebalanced")
        return
    if any(one.raw("LoadBalancerName") for one in parts(service, "LoadBalancers")):
        yield Fault(_SETTING, "a service behind a Classic Load Balancer cannot be rebalanced")
    placed = next(parts(service, "PlacementStrategies"), None)
    if placed is not None and not _spreads_over_zones(placed):
        yield Fault(placed.path, "the first placement strategy does not spread over zones")
    maximum = number(whole(service).get(_MAXIMUM, 200))
    if maximum is not None and maximum <= 100:
        yield Fault(_MAXIMUM, f"MaximumPercent {maximum:g} leaves no room to move a task")


def _spreads_over_zones(strategy: Part) -> bool:
    kind, field = text(strategy.get("Type")), text(strategy.get("Field"))
    return kind.lower() == "spread" and field == _ZONE


CHECK = Check(
    id="EB413",
    title="zones cannot be rebalanced",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="raise MaximumPercent above 100, or set AvailabilityZoneRebalancing to DISABLED",
    judge=_judge,
)
