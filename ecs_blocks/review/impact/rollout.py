"""What happens to the tasks of each ECS service: one sentence, and what stands behind it.

Which properties start a deployment: Amazon ECS API Reference, UpdateService ("This parameter
triggers a new service deployment").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.tasks import SERVICE, TASK_DEFINITION, task_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.capacity import CAPACITY, capacity_of
from ecs_blocks.review.impact.configuration import sentence
from ecs_blocks.review.impact.draining import draining
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kept import kept_strategy
from ecs_blocks.review.impact.phrases import PERHAPS, count, figure, listed
from ecs_blocks.review.impact.phrases import changed as changed_value
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.rollout_details import details
from ecs_blocks.review.impact.rollout_ways import Way, rolling_tasks, way_of
from ecs_blocks.review.impact.subject import real, within
from ecs_blocks.review.impact.task_changes import Topic, topics
from ecs_blocks.review.impact.traffic import has_gap
from ecs_blocks.review.model import WEIGHTS, Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.service_facts import Tasks
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import PropertyChange, ResourceChange

STARTS_A_DEPLOYMENT: Final = {
    "TaskDefinition": "",
    "NetworkConfiguration": "the network changes",
    "LoadBalancers": "the target groups change",
    "PlatformVersion": "the platform version changes",
    "ServiceConnectConfiguration": "Service Connect changes",
    "ServiceRegistries": "the service registry changes",
    "VolumeConfigurations": "the volumes change",
    "VpcLatticeConfigurations": "VPC Lattice changes",
    "ForceNewDeployment": "a new deployment is forced",
}
_SPOT: Final = "FARGATE_SPOT"
_ON_SPOT: Final = " (AWS may stop what is on Spot, two minutes after it says so)"
_FORCED: Final = "ForceNewDeployment"
_FEW: Final = 3


def rollouts(subject: Subject) -> Iterator[Finding]:
    """A finding for every service whose tasks are exchanged, started or stopped."""
    for service in subject.after.of_type(SERVICE):
        before = subject.before.resources.get(service.id)
        change = subject.by_id.get(service.id)
        if before is None or before.type != SERVICE:
            yield _starts(subject, service)
        elif change is not None and change.replacement is Replacement.YES:
            continue  # ``replacement`` tells of it
        else:
            yield from _rolls(subject, before, service)
    yield from _unused_tasks(subject)


def _starts(subject: Subject, service: Resource) -> Finding:
    tasks = facts.tasks_of(service, subject.after)
    starts = "starts" if tasks.fixed == 1 else "start"
    number = "no tasks yet" if tasks.fixed == 0 else f"{_how_many(tasks)} {starts}"
    if facts.is_daemon(service):
        number = "one task starts on every instance"
    found = task_of(service, subject.after)
    return Finding(
        kind="addition",
        weight=Weight.NOTICE,
        text=f"{service.id}: a new service, {number}",
        about=(service.id, *((found.id,) if found else ())),
        covers=_tasks(service, found),
    )


def _rolls(subject: Subject, before: Resource, service: Resource) -> Iterator[Finding]:
    starting = list(reasons(subject, service))
    old, new = (task_of(*one) for one in ((before, subject.before), (service, subject.after)))
    changed = topics(subject, old, new) if old is not None and new is not None else []
    # Another resource's new attribute may be all that makes a new revision.
    maybe = _is_maybe(subject, service, new)
    counts = (facts.tasks_of(before, subject.before), facts.tasks_of(service, subject.after))
    stops = counts[1].fixed == 0 and counts[0].fixed != 0
    if stops:
        yield _stops(subject, service, counts[0])
    if not starting and not stops:
        yield from _later(before, service, counts[1])
    if not starting or stops:
        return
    # What the template leaves out ECS keeps: it goes on as it was deployed before.
    number = rolling_tasks(subject, service, *counts)
    way = way_of(before if kept_strategy(before, service) else service, number)
    # A deployment is forced for the sake of another capacity: that is the reason.
    moves = list(_moves(before, service))
    forced = STARTS_A_DEPLOYMENT[_FORCED]
    because = [one for one in starting if one and not (moves and one == forced)]
    words = [*moves, *_phrases(subject, new, changed), *because]
    if not words:
        words = list(_followed(subject, service, new))
    serving = "requests may get 503" if has_gap(subject, service) else way.interruption
    text = ", ".join((way.name, *_counts(way, number, *counts), serving))
    if maybe:
        text = f"{PERHAPS}{text}"
    text = f"{service.id}: {'; '.join((text, *words, *_draining(subject, service)))}"
    yield Finding(
        kind="downtime" if way.weight is Weight.APPROVAL else "rollout",
        weight=min(way.weight, _weight_of(changed, starting), key=WEIGHTS.index),
        text=text,
        details=(
            *(one.sentence for one in changed if one.sentence not in text),
            *_percentages(before, service),
            *_settings(subject, service),
            *details(subject, service, way, number),
        ),
        covers=(
            *_tasks(service, new),
            *_tasks(service, old),
            *(((service.id, CAPACITY),) if moves else ()),
            *((service.id, one) for one in facts.PERCENTAGES),
        ),
    )


def _later(before: Resource, service: Resource, tasks: Tasks) -> Iterator[Finding]:
    """Other percentages, which start no deployment: they hold from the next one on."""
    words = list(_percentages(before, service))
    if not words or facts.strategy_of(service) != "ROLLING":
        return
    way = way_of(service, tasks)
    peak = f"peak {way.peak}, " if way.peak else ""
    worse = way.weight if way.weight is not way_of(before, tasks).weight else Weight.NOTICE
    yield Finding(
        kind="downtime" if worse is Weight.APPROVAL else "rollout",
        weight=worse if worse is Weight.APPROVAL else Weight.NOTICE,
        text=f"{service.id}: from the next deployment on: {peak}{way.interruption}",
        details=tuple(words),
        covers=tuple((service.id, one) for one in facts.PERCENTAGES),
    )


def _moves(before: Resource, service: Resource) -> Iterator[str]:
    """To what the tasks move; what leaves its strategy out moves nowhere (``kept``)."""
    old, new = capacity_of(before), capacity_of(service)
    left_out = at(before, CAPACITY) and CAPACITY not in service.properties
    if old != new and not left_out:
        yield f"capacity {old} → {new}{_ON_SPOT if _SPOT in new and _SPOT not in old else ''}"


def _percentages(before: Resource, service: Resource) -> Iterator[str]:
    for path in facts.PERCENTAGES:
        old, new = at(before, path), at(service, path)
        if differs(old, new):
            yield f"{path.rpartition('.')[2]} {changed_value(old, new)}"


def _tasks(service: Resource, task: Resource | None) -> tuple[tuple[str, str], ...]:
    """What a sentence about the tasks of *service* tells of."""
    own = tuple((service.id, one) for one in STARTS_A_DEPLOYMENT)
    return (*own, *(((task.id, ""),) if task else ()))


def _stops(subject: Subject, service: Resource, before: Tasks) -> Finding:
    target = facts.target_of(service, subject.after)
    limits = ("MinCapacity", "MaxCapacity") if target is not None else ()
    return Finding(
        kind="downtime",
        weight=Weight.APPROVAL,
        text=f"{service.id}: all its tasks are stopped ({_how_many(before)} → 0)",
        about=(service.id,),
        covers=(
            *_tasks(service, None),
            (service.id, "DesiredCount"),
            *((target.id, one) for one in limits if target is not None),
        ),
    )


def _unused_tasks(subject: Subject) -> Iterator[Finding]:
    """Task definitions of jobs, of replaced services, or run by hand: nothing rolls by them."""
    used = {
        found.id
        for service in subject.after.of_type(SERVICE)
        if (found := task_of(service, subject.after)) is not None
        and _replacement(subject.by_id.get(service.id)) is not Replacement.YES
    }
    for change, before, after in subject.modified(TASK_DEFINITION):
        if after.id in used or change.replacement is Replacement.NO:
            continue
        changed = topics(subject, before, after)
        words = _phrases(subject, after, changed)
        head = f"{after.id}: a new revision of the task definition"
        text = "; ".join((head, *words, "what starts from now on runs it"))
        yield Finding(
            kind="rollout",
            weight=_weight_of(changed, []),
            text=text,
            details=tuple(one.sentence for one in changed if one.sentence not in text),
            covers=((after.id, ""),),
        )


def reasons(subject: Subject, service: Resource) -> Iterator[str]:
    """Why a deployment starts, in words; empty for the task definition, which tells of itself."""
    change = subject.by_id.get(service.id)
    paths = [one.path for one in real(change)] if change is not None else []
    task = task_of(service, subject.after)
    for name, words in STARTS_A_DEPLOYMENT.items():
        renewed = name == "TaskDefinition" and task is not None and subject.is_replaced(task.id)
        if renewed or any(within(path, name) for path in paths):
            yield words


def _settings(subject: Subject, service: Resource) -> Iterator[str]:
    """What changes in the service itself and starts the deployment, property by property."""
    for one in _starting(subject, service):
        if not within(one.path, "TaskDefinition") and not within(one.path, _FORCED):
            yield _of_second_group(one) or sentence(one)


def _starting(subject: Subject, service: Resource) -> list[PropertyChange]:
    """What changes in the service itself and starts a deployment."""
    change = subject.by_id.get(service.id)
    found = real(change) if change is not None else ()
    return [one for one in found if any(within(one.path, name) for name in STARTS_A_DEPLOYMENT)]


def _of_second_group(change: PropertyChange) -> str:
    """What shifting the traffic needs of a service, where it comes or goes as a whole."""
    if not change.path.endswith(".AdvancedConfiguration") or change.hidden:
        return ""
    if change.before is None:
        return "it gets a second target group, and ECS moves the requests between the two"
    return "it gives up its second target group" if change.after is None else ""


def _followed(subject: Subject, service: Resource, task: Resource | None) -> Iterator[str]:
    """What the tasks take from a resource that is replaced, where nothing else changes."""
    changes = [subject.by_id.get(one.id) for one in (service, task) if one is not None]
    names = dict.fromkeys(
        cause.name
        for change in changes
        if change is not None
        for one in real(change)
        for cause in one.causes
        if cause.kind == "resource" and (task is None or cause.name != task.id)
    )
    if names:
        yield f"the tasks take the new {listed(names)}"


def _is_maybe(subject: Subject, service: Resource, task: Resource | None) -> bool:
    """Whether only the deploy itself tells if the tasks are exchanged."""
    renewed = _replacement(subject.by_id.get(task.id) if task is not None else None)
    starting = _starting(subject, service)
    if renewed is Replacement.YES or not all(map(subject.may_stay, starting)):
        return False
    return bool(starting) or renewed is Replacement.MAYBE


def _replacement(change: ResourceChange | None) -> Replacement:
    return change.replacement if change is not None else Replacement.NO


def _weight_of(changed: list[Topic], starting: list[str]) -> Weight:
    calm = all(one.routine for one in changed) and not any(starting)
    return Weight.CALM if calm else Weight.NOTICE


def _counts(way: Way, number: Tasks, before: Tasks, after: Tasks) -> Iterator[str]:
    """How many tasks are exchanged, *number*, and the most that run meanwhile."""
    if way.is_daemon:
        return
    fixed = number.fixed
    if number.low is None or number.high is None:
        yield "as many tasks as run now"
    elif fixed is None:
        yield f"as many tasks as run now ({figure(number.low)} to {figure(number.high)})"
    elif before.fixed is None or (after.scaled and before.fixed != fixed) or after.fixed != fixed:
        yield count(fixed, "task")
    else:
        yield f"{before.fixed}→{count(fixed, 'task')}"
    if way.peak:
        yield f"peak {way.peak}"


def _how_many(tasks: Tasks) -> str:
    if tasks.fixed is not None:
        return count(tasks.fixed, "task")
    if tasks.low is None or tasks.high is None:
        return "as many tasks as run now" if not tasks.scaled else "an unknown number of tasks"
    return f"{figure(tasks.low)} to {figure(tasks.high)} tasks"


def _phrases(subject: Subject, task: Resource | None, changed: list[Topic]) -> list[str]:
    """What changes, in a few words: as the parameter is called, where one parameter makes it."""
    found: list[str] = []
    for one in changed:
        names = [] if one.routine or task is None else subject.parameters_behind(task.id, one.path)
        sized = one.short[-1:].isdigit() or " → " in one.short
        found.append(f"{names[0]} changes" if len(names) == 1 and not sized else one.short)
    found = list(dict.fromkeys(found))
    if len(found) > _FEW:
        found = [*found[:_FEW], f"{len(found) - _FEW} more changes"]
    return [listed(found)] if found and all(" changes" in one for one in found) else found


def _draining(subject: Subject, service: Resource) -> Iterator[str]:
    old = draining(subject, service)
    if old.drain_s is not None:
        yield f"old tasks drain {figure(old.drain_s)} s"
    elif old.stop_s is not None and not old.is_balanced:
        yield f"old tasks have {figure(old.stop_s)} s to stop"
