"""How much more is paid for, in units: vCPU hours, GB hours, load balancer hours.

Prices cannot be known offline and change by Region, so none are told. A month is 730 hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SERVICE, task_of
from ecs_blocks.fargate import GIB
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import count, figure
from ecs_blocks.review.impact.reading import at, number_at
from ecs_blocks.review.impact.service_facts import tasks_of
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template
    from ecs_blocks.review.impact.subject import Subject

HOURS_A_MONTH: Final = 730
_UNITS: Final = 1024
_PAID_BY_THE_HOUR: Final = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
    "AWS::EC2::NatGateway": "NAT gateway",
}


class Hours(Struct, frozen=True):
    """What the tasks of one service take in a month, at their least and most number."""

    cpu: tuple[float, float] = (0, 0)
    memory: tuple[float, float] = (0, 0)


def more_to_pay(subject: Subject) -> Iterator[Finding]:
    """A finding for each service on Fargate that takes more or less, and for what runs by hour."""
    if subject.is_new:
        return
    for service in subject.after.of_type(SERVICE):
        old, new = hours(subject.before, service.id), hours(subject.after, service.id)
        if old is None or new is None or old == new:
            continue
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=f"{service.id}: on Fargate, {_difference(old, new)}",
            about=(service.id,),
        )
    for type_, noun in _PAID_BY_THE_HOUR.items():
        more = len(subject.after.of_type(type_)) - len(subject.before.of_type(type_))
        if more:
            changed = [one.logical_id for one in subject.of_type(type_)]
            words = "more" if more > 0 else "fewer"
            yield Finding(
                kind="scaling",
                weight=Weight.NOTICE,
                text=(
                    f"{count(abs(more), f'{words} {noun}')}: {'+' if more > 0 else '-'}"
                    f"{figure(abs(more) * HOURS_A_MONTH)} hours a month"
                ),
                about=tuple(changed),
            )


def hours(template: Template, logical_id: str) -> Hours | None:
    """What a service takes in a month: nothing where it is not on Fargate; None: not known."""
    service = template.resources.get(logical_id)
    if service is None:
        return Hours()
    task = task_of(service, template)
    needed = at(task, "RequiresCompatibilities")
    if task is None or is_intrinsic(needed):
        return None
    if as_items(needed) != ["FARGATE"]:
        # One that may run on both is not known to be on either.
        return None if "FARGATE" in as_items(needed) else Hours()
    tasks = tasks_of(service, template)
    cpu, memory = (number_at(task, key, None) for key in ("Cpu", "Memory"))
    if cpu is None or memory is None or tasks.low is None or tasks.high is None:
        return None
    spans = tasks.low * HOURS_A_MONTH, tasks.high * HOURS_A_MONTH
    return Hours(
        cpu=(spans[0] * cpu / _UNITS, spans[1] * cpu / _UNITS),
        memory=(spans[0] * memory / GIB, spans[1] * memory / GIB),
    )


def _difference(old: Hours, new: Hours) -> str:
    """How many more: one number, or those at the fewest and at the most tasks."""
    least, most = (
        _more(new.cpu[place] - old.cpu[place], new.memory[place] - old.memory[place])
        for place in (0, 1)
    )
    if least == most:
        return f"{least} a month"
    return f"{least} a month at its fewest tasks; {most} at its most"


def _more(cpu: float, memory: float) -> str:
    hours = ((cpu, "vCPU hours"), (memory, "GB hours"))
    words = [f"{number:+,.0f} {unit}" for number, unit in hours if round(number)]
    return " and ".join(words) or "as many hours"
