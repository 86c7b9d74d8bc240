"""How many vCPU a deploy takes on Fargate beside those that run, at its peak.

Fargate's quotas count vCPU, On-Demand and Spot apart (AWS General Reference, AWS Fargate endpoints
and quotas).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.checks.views.tasks import SERVICE, task_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.capacity import CAPACITY
from ecs_blocks.review.impact.kept import kept_strategy
from ecs_blocks.review.impact.reading import at, finite, number_at
from ecs_blocks.review.impact.rollout import reasons
from ecs_blocks.review.impact.rollout_ways import rolling_tasks, way_of
from ecs_blocks.review.model import Replacement
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject

ON_DEMAND: Final = "FARGATE"
SPOT: Final = "FARGATE_SPOT"

_UNITS: Final = 1024
_WHOLE: Final = 100
_DIVIDED: Final = "ECS divides its tasks between FARGATE and FARGATE_SPOT"
_ELSEWHERE: Final = "the cluster's default, or a value that is not known yet, says where it runs"
_NO_NUMBER: Final = "how many tasks run, or their size, is not known"


class More(Struct, frozen=True, kw_only=True):
    """What one service takes in addition.

    ``provider`` is FARGATE or FARGATE_SPOT; ``vcpu`` how many more at the peak. ``needed`` of them
    have to be there at one time, or the deploy does not come to its end; with fewer than ``step``,
    not one task can be exchanged. Where ``unknown`` says why nothing is known, the rest is empty.
    """

    logical_id: str
    provider: str = ""
    vcpu: float = 0
    needed: float = 0
    step: float = 0
    unknown: str = ""


def more_on_fargate(subject: Subject) -> Iterator[More]:
    """For each service that takes more on Fargate while this change is deployed."""
    for service in subject.after.of_type(SERVICE):
        task = task_of(service, subject.after)
        if task is None or not _may_be_on_fargate(service, task):
            continue
        before = subject.before.resources.get(service.id)
        found = _more(subject, before, service, task)
        if found.unknown or found.vcpu > 0:
            yield found


def _more(subject: Subject, before: Resource | None, service: Resource, task: Resource) -> More:
    if before is not None and before.type != SERVICE:
        before = None
    change = subject.by_id.get(service.id)
    replacement = change.replacement if change is not None else Replacement.NO
    is_replaced = replacement is not Replacement.NO
    rolls = before is not None and (is_replaced or any(True for _ in reasons(subject, service)))
    counts = facts.tasks_of(before, subject.before), facts.tasks_of(service, subject.after)
    if before is not None and not rolls and counts[0] == counts[1]:
        return More(logical_id=service.id)
    provider, cpu = _provider(service), number_at(task, "Cpu", None)
    if not provider:
        return More(logical_id=service.id, unknown=_why_not(service))
    old = _cpu(before, subject.before) if before and _provider(before) == provider else 0
    running = _running(subject, service, counts[0])
    wanted = _wanted(service, running if before else 1, counts[1])
    if cpu is None or old is None or running is None or wanted is None:
        return More(logical_id=service.id, unknown=_NO_NUMBER)
    now, peak = running * old, wanted * cpu
    needed = peak
    if before and is_replaced:
        peak += now
        needed = peak if replacement is Replacement.YES else needed
    elif before and rolls:
        number = rolling_tasks(subject, service, *counts)
        acting = before if kept_strategy(before, service) else service
        way = way_of(acting, number)
        if way.more is None or number.fixed is None:
            return More(logical_id=service.id, unknown=_NO_NUMBER)
        # the dearer ones of both versions, as many as may run at once
        beside = min(running, way.more) if cpu >= old else running
        fresh = min(number.fixed, number.fixed + way.more - beside)
        peak = max(peak, beside * old + fresh * cpu)
        needed = peak if facts.strategy_of(acting) in facts.SHIFTS else needed
    return More(
        logical_id=service.id,
        provider=provider,
        vcpu=max(peak - now, 0) / _UNITS,
        needed=max(needed - now, 0) / _UNITS,
        step=cpu / _UNITS if rolls and _keeps_all(service) else 0,
    )


def _keeps_all(service: Resource) -> bool:
    """Whether no old task stops before a new one is healthy."""
    low, _ = facts.percentages(service)
    return low is None or low >= _WHOLE


def _running(subject: Subject, service: Resource, before: facts.Tasks) -> float | None:
    """How many tasks run now: by the account, or by the template where it fixes that."""
    live = subject.pair.live
    now = live.services.get(service.id) if live is not None else None
    return now.wanted if now is not None else before.fixed


def _wanted(service: Resource, without: float | None, tasks: facts.Tasks) -> float | None:
    """How many run in the end: what is given, else *without*, within the bounds of the scaling."""
    number = number_at(service, "DesiredCount", without)
    if number is None or not tasks.scaled:
        return number
    if tasks.low is None or tasks.high is None:
        return None
    return min(max(number, tasks.low), tasks.high)


def _cpu(service: Resource, template: Template) -> float | None:
    return number_at(task_of(service, template), "Cpu", None)


def _may_be_on_fargate(service: Resource, task: Resource) -> bool:
    listed = at(task, "RequiresCompatibilities")
    compatible = True if is_intrinsic(listed) else "FARGATE" in as_items(listed)
    return compatible and at(service, "LaunchType") != "EC2" and not _for_instances(service)


def _for_instances(service: Resource) -> bool:
    names = [name for name, _ in _strategy(service)]
    return bool(names) and not {ON_DEMAND, SPOT} & set(names) and "" not in names


def _strategy(service: Resource) -> list[tuple[str, bool]]:
    """Each capacity provider, and whether it may get a task; its name is empty if not known."""
    found = at(service, CAPACITY)
    if is_intrinsic(found):
        return [("", True)]
    items = [one for one in as_items(found) if isinstance(one, dict)]
    return [
        (text(one.get("CapacityProvider")), len(items) == 1 or _gets_tasks(one)) for one in items
    ]


def _gets_tasks(item: dict[str, object]) -> bool:
    """A weight or base that is not known yet may be any."""
    given = [item.get(key, 0) for key in ("Weight", "Base")]
    return any(is_intrinsic(one) or finite(one) for one in given)


def _provider(service: Resource) -> str:
    """FARGATE or FARGATE_SPOT, where all its tasks run on one of them; else an empty text."""
    names = {name for name, gets in _strategy(service) if gets}
    if not names and at(service, "LaunchType") == ON_DEMAND:
        return ON_DEMAND
    return next((one for one in (ON_DEMAND, SPOT) if names == {one}), "")


def _why_not(service: Resource) -> str:
    names = {name for name, gets in _strategy(service) if gets}
    return _DIVIDED if names == {ON_DEMAND, SPOT} else _ELSEWHERE
