"""How a service is deployed from now on: another strategy, other steps, another bake time.

A strategy comes with what it needs: a second target group, in the rule and in the service. That is
told with it, for it means nothing by itself.

Source: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration (5 % for 10 minutes)
and LinearConfiguration (10 % every 6 minutes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kept import kept_strategy
from ecs_blocks.review.impact.phrases import changed, listed, verb
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.rollout import reasons
from ecs_blocks.review.impact.rollout_ways import way_of
from ecs_blocks.review.impact.routes import ACTIONS
from ecs_blocks.review.impact.weights import shifted_routes, written_weights
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_CONFIGURATION: Final = "DeploymentConfiguration"
_CANARY: Final = f"{_CONFIGURATION}.CanaryConfiguration"
_LINEAR: Final = f"{_CONFIGURATION}.LinearConfiguration"
_BAKE: Final = f"{_CONFIGURATION}.BakeTimeInMinutes"
_EARLY: Final = f"{_CONFIGURATION}.EarlySuccessCriteria"
_OF_ECS: Final = {"ROLLING", *facts.SHIFTS}
"""Not those of CodeDeploy or of anybody else, which ECS knows nothing of."""
_PACE: Final = {
    f"{_CANARY}.CanaryPercent": ("the first share of the traffic", 5, "%"),
    f"{_CANARY}.CanaryBakeTimeInMinutes": ("how long that share is alone", 10, "min"),
    f"{_LINEAR}.StepPercent": ("the traffic that moves in each step", 10, "%"),
    f"{_LINEAR}.StepBakeTimeInMinutes": ("how long a step lasts", 6, "min"),
    _BAKE: ("how long the old tasks stay, for a quick way back", 0, "min"),
}
"""What each setting is in words, its default and its unit."""


def strategies(subject: Subject) -> Iterator[Finding]:
    """A finding for each service that is deployed by another strategy, or at another pace."""
    for service in subject.after.of_type(SERVICE):
        before = subject.before.resources.get(service.id)
        if before is None or before.type != SERVICE or subject.is_replaced(service.id):
            continue
        old, new = facts.strategy_of(before), facts.strategy_of(service)
        if not {old, new} <= _OF_ECS or kept_strategy(before, service):
            continue
        if old != new:
            yield _another(subject, before, service)
        elif new in facts.SHIFTS:
            yield from _pace(before, service)


def _another(subject: Subject, before: Resource, service: Resource) -> Finding:
    tasks = facts.tasks_of(service, subject.after)
    old, new = (way_of(one, tasks) for one in (before, service))
    shifts = facts.strategy_of(before) in facts.SHIFTS, facts.strategy_of(service) in facts.SHIFTS
    routes = _routes(subject, service) if shifts[0] is not shifts[1] else []
    # Of a service that rolls in this deploy, ``rollout`` tells the pace.
    rolls = bool(list(reasons(subject, service)))
    words = [] if rolls else [new.pace or "new tasks take the place of old ones"]
    if shifts[0] and not shifts[1]:
        words.append("no old tasks stay, for a quick way back")
    if routes:
        gets = verb(routes, "gets", "get") if shifts[1] else verb(routes, "has", "have")
        moves = "ECS moves the requests between the two"
        groups = f"a second target group, and {moves}" if shifts[1] else "one target group again"
        words.append(f"{listed(routes)} {gets} {groups}")
    rest = f": {'; '.join(words)}" if words else ""
    return Finding(
        kind="configuration",
        weight=Weight.NOTICE,
        text=f"{service.id}: from now on deployed by {new.name} instead of {old.name}{rest}",
        about=(service.id, *routes),
        covers=(
            *((service.id, one) for one in (facts.STRATEGY, _CANARY, _LINEAR, _BAKE, _EARLY)),
            *((one, ACTIONS[subject.after.resources[one].type]) for one in routes),
        ),
    )


def _routes(subject: Subject, service: Resource) -> list[str]:
    """What gets a second target group, or gives it up, and sends requests on as before else."""
    found = []
    for template in (subject.before, subject.after):
        for name, shifted in shifted_routes(template).items():
            old, new = (one.resources.get(name) for one in (subject.before, subject.after))
            if shifted.service == service.id and old and new and _is_wider(old, new):
                found.append(name)
    return list(dict.fromkeys(found))


def _is_wider(old: Resource, new: Resource) -> bool:
    """Whether only the target groups differ, and those of one side are among the other's."""
    groups = [[group for group, _ in written_weights(one) or ()] for one in (old, new)]
    if old.type != new.type or [] in groups:
        return False
    rest = [
        [one for one in as_items(at(route, ACTIONS[route.type])) if not _forwards(one)]
        for route in (old, new)
    ]
    few, many = sorted(groups, key=len)
    return len(few) < len(many) and all(one in many for one in few) and not differs(*rest)


def _forwards(action: Any) -> bool:
    return isinstance(action, dict) and action.get("Type") == "forward"


def _pace(before: Resource, service: Resource) -> Iterator[Finding]:
    words, paths = [], []
    for path, (noun, default, unit) in _PACE.items():
        old, new = at(before, path), at(service, path)
        if differs(old, new):
            given = [default if one is None else one for one in (old, new)]
            words.append(f"{noun} {changed(given[0], given[1], unit)}")
            paths.append(path)
    if words:
        yield Finding(
            kind="configuration",
            weight=Weight.NOTICE,
            text=f"{service.id}: {'; '.join(words)}",
            covers=tuple((service.id, one) for one in paths),
        )
