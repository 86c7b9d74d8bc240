"""What stands behind the sentence on a rollout: room, draining, health, and the ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.checks.views.tasks import task_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.draining import draining
from ecs_blocks.review.impact.kept import holder
from ecs_blocks.review.impact.pauses import pauses
from ecs_blocks.review.impact.phrases import count, figure, listed, spoken
from ecs_blocks.review.impact.reading import at, number_at, switched
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.rollout_ways import Way
    from ecs_blocks.review.impact.service_facts import Tasks
    from ecs_blocks.review.impact.subject import Subject


def details(subject: Subject, service: Resource, way: Way, tasks: Tasks) -> Iterator[str]:
    """The sentences, from what is needed first to what helps when it fails."""
    if way.pace:
        yield way.pace
    yield from pauses(holder(subject, service, facts.HOOKS), subject.pair)
    yield from _room(subject, service, way)
    yield from _without(subject, service, way)
    yield from _single(way, tasks)
    yield from _draining(subject, service)
    grace = number_at(service, "HealthCheckGracePeriodSeconds", 0)
    if grace:
        yield f"health checks of the load balancer are ignored for {figure(grace)} s after a start"
    yield from _breaker(holder(subject, service, facts.BREAKER), tasks)
    yield from _deployment_alarms(holder(subject, service, facts.ALARMS))


def _room(subject: Subject, service: Resource, way: Way) -> Iterator[str]:
    """What the cluster needs beside what runs, where instances hold the tasks."""
    task = task_of(service, subject.after)
    if task is None or _on_fargate(service, task):
        return
    if way.more:
        needs = _needs(task)
        yield f"the instances need room for {count(way.more, 'more task')}{needs} while it rolls"
    ports = sorted(_host_ports(task))
    if ports and not way.is_daemon:
        yield (
            f"host port {listed(ports)} is fixed: a new task only starts on an instance where no "
            "old one runs"
        )


def _single(way: Way, tasks: Tasks) -> Iterator[str]:
    if tasks.fixed == 1 and not way.is_daemon and "downtime:" not in way.interruption:
        yield "one task alone serves: if it fails, nothing does until the next one is healthy"


def _without(subject: Subject, service: Resource, way: Way) -> Iterator[str]:
    """About how long no task serves, where the old ones stop first; only from known numbers.

    How long the new ones take to start is nowhere said: the grace period of the health check is
    what their author thought.
    """
    if not way.interruption.startswith("downtime:"):
        return
    old = draining(subject, service)
    grace = number_at(service, "HealthCheckGracePeriodSeconds", None)
    drain = old.drain_s if old.is_balanced else 0.0
    if drain is None or old.stop_s is None or not grace:
        yield "without tasks for as long as the old ones take to stop and the new ones to start"
        return
    parts = [
        *([f"{figure(drain)} s for the requests that run"] if drain else []),
        f"{figure(old.stop_s)} s to stop",
        f"{figure(grace)} s to start (the grace period of its health check)",
    ]
    yield f"about {figure(drain + old.stop_s + grace)} s without tasks: {listed(parts)}"


def _draining(subject: Subject, service: Resource) -> Iterator[str]:
    old = draining(subject, service)
    if old.drain_s is not None and old.stop_s is not None:
        yield (
            f"an old task gets no new requests, is given {figure(old.drain_s)} s for those that "
            f"run, and then {figure(old.stop_s)} s to stop"
        )


def _breaker(service: Resource, tasks: Tasks) -> Iterator[str]:
    if facts.strategy_of(service) != "ROLLING":
        return
    on = facts.breaks(service)
    if on is False:
        yield "no circuit breaker: tasks that fail to start are tried again for hours"
    elif on:
        back = switched(service, f"{facts.BREAKER}.Rollback")
        failures = facts.breaker_threshold(service, tasks.fixed)
        after = f"after {count(failures, 'failed task')}" if failures else "when tasks keep failing"
        end = "goes back to the old tasks" if back else "stops, and does not go back by itself"
        yield f"{after} the circuit breaker {end}"


def _deployment_alarms(service: Resource) -> Iterator[str]:
    names = at(service, f"{facts.ALARMS}.AlarmNames")
    if switched(service, f"{facts.ALARMS}.Enable") and not is_intrinsic(names) and names:
        back = switched(service, f"{facts.ALARMS}.Rollback")
        end = "it goes back" if back else "it stops"
        yield f"{end} when an alarm rings meanwhile: {listed(map(spoken, as_items(names)))}"


def _on_fargate(service: Resource, task: Resource) -> bool:
    strategy = at(service, "CapacityProviderStrategy")
    named: list[Any] = [] if is_intrinsic(strategy) else as_items(strategy)
    providers = [one.get("CapacityProvider") for one in named if isinstance(one, dict)]
    if providers:
        return all(one in ("FARGATE", "FARGATE_SPOT") for one in providers)
    listed_ = at(task, "RequiresCompatibilities")
    return at(service, "LaunchType") == "FARGATE" or (
        not is_intrinsic(listed_) and as_items(listed_) == ["FARGATE"]
    )


def _needs(task: Resource) -> str:
    """The memory and CPU of one task, where all of it is known."""
    found = at(task, "ContainerDefinitions")
    containers = [] if is_intrinsic(found) else [one for one in as_items(found) if one]
    memory = [_either(one, "MemoryReservation", "Memory") for one in containers]
    if not memory or any(one is None for one in memory):
        return ""
    return f" ({figure(sum(one for one in memory if one is not None))} MiB each)"


def _either(container: Any, *keys: str) -> float | None:
    for key in keys:
        value = container.get(key) if isinstance(container, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
    return None


def _host_ports(task: Resource) -> set[str]:
    """The ports of the instance that a task takes for itself."""
    if at(task, "NetworkMode") == "awsvpc":
        return set()
    host = at(task, "NetworkMode") == "host"
    found: set[str] = set()
    containers = at(task, "ContainerDefinitions")
    for container in [] if is_intrinsic(containers) else as_items(containers):
        for port in as_items(container.get("PortMappings")) if isinstance(container, dict) else ():
            written = text(port.get("HostPort")) if isinstance(port, dict) else ""
            taken = text(port.get("ContainerPort")) if host and not written else written
            if taken not in ("", "0"):
                found.add(taken)
    return found
