"""What one side's template says of how an ECS service runs and how its tasks are exchanged.

Sources: Amazon ECS API Reference, DeploymentConfiguration (rounding, defaults of the percentages)
and CanaryConfiguration, LinearConfiguration (defaults); Elastic Load Balancing, target group
attributes (deregistration delay: 300 s); Amazon ECS Developer Guide, task definition parameters
(StopTimeout: 30 s) and "Deployment circuit breaker" (half of the tasks, at least 3, at most 200).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET, SERVICE, task_of
from ecs_blocks.review.impact.reading import at, finite, number_at, switched
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

SHIFTS: Final = ("BLUE_GREEN", "CANARY", "LINEAR")
"""The strategies that start the new version beside the old one and move the traffic."""

DEREGISTRATION: Final = "TargetGroupAttributes[deregistration_delay.timeout_seconds]"
"""The path of the deregistration delay of a target group."""
DEREGISTRATION_S: Final = 300
"""Its default."""
_STOP_SECONDS: Final = 30
_CONFIGURATION: Final = "DeploymentConfiguration"
PERCENTAGES: Final = (f"{_CONFIGURATION}.MinimumHealthyPercent", f"{_CONFIGURATION}.MaximumPercent")
"""The paths of what ``percentages`` gives."""
STRATEGY: Final = f"{_CONFIGURATION}.Strategy"
BREAKER: Final = f"{_CONFIGURATION}.DeploymentCircuitBreaker"
ALARMS: Final = f"{_CONFIGURATION}.Alarms"
HOOKS: Final = f"{_CONFIGURATION}.LifecycleHooks"


class Tasks(Struct, frozen=True):
    """How many tasks a service runs: from ``low`` to ``high``; None where that is not known.

    ``scaled``: Application Auto Scaling moves the number between the two.
    """

    low: float | None
    high: float | None
    scaled: bool = False

    @property
    def fixed(self) -> int | None:
        """The number where there is only one."""
        return int(self.low) if self.low is not None and self.low == self.high else None


class Room(Struct, frozen=True):
    """How many tasks stay and how many may run while a service rolls."""

    kept: int
    peak: int


def tasks_of(service: Resource | None, template: Template) -> Tasks:
    """How many tasks *service* runs, by its scalable target or its own ``DesiredCount``."""
    if service is None:
        return Tasks(0, 0)
    target = target_of(service, template)
    if target is not None:
        low, high = (number_at(target, key, None) for key in ("MinCapacity", "MaxCapacity"))
        return Tasks(low, high, scaled=True)
    wanted = number_at(service, "DesiredCount", None)
    return Tasks(wanted, wanted)


def target_of(service: Resource, template: Template) -> Resource | None:
    """The scalable target of *service*, where it is in this template."""
    for target in template.of_type(SCALABLE_TARGET):
        if service.id in referred_names(at(target, "ResourceId")):
            return target
    return None


def service_of(target: Resource, template: Template) -> Resource | None:
    """The service that a scalable *target* scales, where it is in this template."""
    names = referred_names(at(target, "ResourceId"))
    return next((one for one in template.of_type(SERVICE) if one.id in names), None)


def strategy_of(service: Resource) -> str | None:
    """``ROLLING``, ``BLUE_GREEN``, …, ``CODE_DEPLOY``, ``EXTERNAL``; None where not known."""
    controller = at(service, "DeploymentController.Type") or "ECS"
    if controller != "ECS":
        return None if is_intrinsic(controller) else text(controller)
    found = at(service, STRATEGY) or "ROLLING"
    return None if is_intrinsic(found) else text(found)


def is_daemon(service: Resource) -> bool:
    """Whether one task runs on every instance."""
    return bool(at(service, "SchedulingStrategy") == "DAEMON")


def percentages(service: Resource) -> tuple[float | None, float | None]:
    """The minimum and the maximum of tasks while it rolls, in percent of the wanted number."""
    daemon = is_daemon(service)
    low = number_at(service, f"{_CONFIGURATION}.MinimumHealthyPercent", 0 if daemon else 100)
    high = number_at(service, f"{_CONFIGURATION}.MaximumPercent", 100 if daemon else 200)
    return low, high


def room(tasks: float, low: float, high: float) -> Room:
    """What *low* and *high* percent of *tasks* are: ECS rounds the first up, the second down."""
    return Room(kept=math.ceil(tasks * low / 100), peak=math.floor(tasks * high / 100))


def aliases(service: Resource) -> list[str]:
    """The names by which Service Connect leads to *service*: ``web:80``, as far as known."""
    found: list[str] = []
    for one in _connected(service):
        named = one.get("ClientAliases")
        found.extend(
            f"{text(alias.get('DnsName')) or discovery_name(one)}:{text(alias.get('Port'))}"
            for alias in ([] if is_intrinsic(named) else as_items(named))
            if isinstance(alias, dict) and not is_intrinsic(alias)
        )
    return found


def discovery_names(service: Resource) -> set[str]:
    """What no other service in the namespace may be called: ``ns/web``, as far as known."""
    namespace = text(at(service, "ServiceConnectConfiguration.Namespace"))
    return {f"{namespace}/{discovery_name(one)}" for one in _connected(service)}


def discovery_name(connected: dict[str, Any]) -> str:
    """The name of a port in the namespace: by default that of the port."""
    return text(connected.get("DiscoveryName")) or text(connected.get("PortName"))


def _connected(service: Resource) -> list[dict[str, Any]]:
    listed = at(service, "ServiceConnectConfiguration.Services")
    on = service.type == SERVICE and switched(service, "ServiceConnectConfiguration.Enabled")
    given = [] if not on or is_intrinsic(listed) else as_items(listed)
    return [one for one in given if isinstance(one, dict) and not is_intrinsic(one)]


def breaker_threshold(service: Resource, tasks: float | None) -> float | None:
    """How many tasks may fail before the circuit breaker ends a deployment; None: not known."""
    configured = at(service, f"{BREAKER}.ThresholdConfiguration")
    kind, value = "BOUNDED_PERCENT", 50.0
    if isinstance(configured, dict) and not is_intrinsic(configured):
        kind, given = text(configured.get("Type")), finite(configured.get("Value"))
        if given is None:
            return None
        value = given
    if kind == "COUNT":
        return value
    if tasks is None:
        return None
    share = math.ceil(tasks * value / 100)
    return share if kind == "UNBOUNDED_PERCENT" else min(max(share, 3), 200)


def breaks(service: Resource) -> bool | None:
    """Whether the circuit breaker is on; None where that is not known."""
    return switched(service, f"{BREAKER}.Enable")


def balanced(service: Resource) -> list[Any]:
    """The ``LoadBalancers`` of *service*; empty where there are none or they are not known."""
    found = at(service, "LoadBalancers")
    return [] if is_intrinsic(found) else as_items(found)


def target_groups(service: Resource, template: Template) -> Iterator[tuple[str, Resource | None]]:
    """Each target group that *service* registers with: the key, and the resource if it is here."""
    for one in balanced(service):
        advanced = one.get("AdvancedConfiguration") if isinstance(one, dict) else None
        places = ((one, "TargetGroupArn"), (advanced, "AlternateTargetGroupArn"))
        for holder, key in places:
            if isinstance(holder, dict) and key in holder:
                yield key, template.target(holder[key])


def drain_seconds(service: Resource, template: Template) -> float | None:
    """The longest deregistration delay of its target groups; None: no balancer, or not known."""
    found = [
        number_at(group, DEREGISTRATION, DEREGISTRATION_S)
        for _, group in target_groups(service, template)
        if group is not None
    ]
    known = [one for one in found if one is not None]
    return max(known) if known and len(known) == len(found) else None


def stop_seconds(service: Resource, template: Template) -> float | None:
    """How long its slowest container may take to stop; None where that is not known."""
    task = task_of(service, template)
    containers = at(task, "ContainerDefinitions")
    if task is None or not isinstance(containers, list):
        return None
    found = [
        finite(one.get("StopTimeout", _STOP_SECONDS))
        for one in containers
        if isinstance(one, dict) and not is_intrinsic(one)
    ]
    known = [one for one in found if one is not None]
    return max(known) if known and len(known) == len(containers) else None
