"""What the services run now, held against what the template says: told by a live stack only.

How CloudFormation treats a number of tasks: what a template gives as ``DesiredCount`` is set with
each update of the service; the bounds of a scalable target move a number that is outside of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import count, figure
from ecs_blocks.review.impact.reading import at, finite
from ecs_blocks.review.impact.service_facts import tasks_of
from ecs_blocks.review.impact.subject import real
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.live import RunningService


def running(subject: Subject) -> Iterator[Finding]:
    """Findings about the tasks that run now; none without a live stack."""
    for service, now in _services(subject):
        yield from _number(subject, service, now)
        yield from _task_definition(subject, service, now)
        if now.is_deploying:
            end = ": this deploy takes its place" if _touched(subject, service.id) else ""
            yield _noticed(service, f"a deployment of it goes on now{end}")
        elif now.running < now.wanted:
            text = f"{now.running} of {count(now.wanted, 'task')} run now"
            yield _noticed(service, f"{text}: it is not in order before the deploy")


def running_facts(subject: Subject) -> Iterator[str]:
    """How many tasks of each service run now, and of which task definition."""
    for service, now in _services(subject):
        yield f"{service.id}: {_run(now.running)} now, of {now.task_definition}"


def _services(subject: Subject) -> Iterator[tuple[Resource, RunningService]]:
    live = subject.pair.live
    if live is None:
        return
    for service in subject.after.of_type(SERVICE):
        if (now := live.services.get(service.id)) is not None:
            yield service, now


def _touched(subject: Subject, logical_id: str) -> bool:
    """Whether the deploy updates this resource: more than its tags, its order or its policies."""
    change = subject.by_id.get(logical_id)
    return change is not None and bool(real(change))


def _number(subject: Subject, service: Resource, now: RunningService) -> Iterator[Finding]:
    tasks = tasks_of(service, subject.after)
    given = finite(at(service, "DesiredCount"))
    if given is not None and given != now.wanted and _touched(subject, service.id):
        text = (
            f"{_run(now.wanted)} now, and the template says DesiredCount {figure(given)}: this "
            f"deploy sets it {'back ' if given < now.wanted else ''}to {figure(given)}"
        )
    elif tasks == tasks_of(subject.before.resources.get(service.id), subject.before):
        return  # bounds that are set anew move the number, others do not
    elif tasks.scaled and tasks.high is not None and now.wanted > tasks.high:
        text = (
            f"{_run(now.wanted)} now, and at most {figure(tasks.high)} may from now on: it scales "
            f"in to {figure(tasks.high)}"
        )
    elif tasks.scaled and tasks.low is not None and now.wanted < tasks.low:
        text = (
            f"{_run(now.wanted)} now, and at least {figure(tasks.low)} have to from now on: it "
            f"scales out to {figure(tasks.low)}"
        )
    else:
        return
    yield Finding(
        kind="scaling",
        weight=Weight.NOTICE,
        text=f"{service.id}: {text}",
        about=(service.id,),
    )


def _task_definition(subject: Subject, service: Resource, now: RunningService) -> Iterator[Finding]:
    if not now.own or now.task_definition == now.own:
        return
    what = (
        "this deploy replaces it"
        if _touched(subject, service.id)
        else "this deploy leaves it as it is"
    )
    text = f"runs {now.task_definition}, which the stack did not give it (that is {now.own})"
    yield _noticed(service, f"{text}: {what}")


def _noticed(service: Resource, text: str) -> Finding:
    return Finding(
        kind="running",
        weight=Weight.NOTICE,
        text=f"{service.id}: {text}",
        about=(service.id,),
    )


def _run(tasks: int) -> str:
    return f"{count(tasks, 'task')} {'runs' if tasks == 1 else 'run'}"
