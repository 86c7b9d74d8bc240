"""How long the old tasks of a service have to end: by their own revision, not by the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed
from ecs_blocks.review.impact.reading import at, number_at
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject


_REQUESTS: Final = ("HTTP", "HTTPS", None)
"""The protocols of target groups that take requests; the others take connections."""


class Draining(Struct, frozen=True, kw_only=True):
    """What an old task is given: for the requests it has, and then to stop; None: not known.

    Without a load balancer there is nothing to drain, and ``drain_s`` is None too.
    """

    is_balanced: bool
    drain_s: float | None
    stop_s: float | None


def draining(subject: Subject, service: Resource) -> Draining:
    """What the old tasks of *service* are given; of a service that is new, what its tasks will be.

    A target group that stays takes a new delay before the tasks are exchanged. One that is replaced
    or has another logical id goes with its old tasks, and its old delay.
    """
    before = subject.before.resources.get(service.id)
    if before is None or before.type != SERVICE:
        before, template, own = service, subject.after, subject.after
    else:
        groups = [group for _, group in facts.target_groups(before, subject.before)]
        stays = all(
            group is not None
            and group.id in subject.after.resources
            and not subject.is_replaced(group.id)
            for group in groups
        )
        template, own = subject.after if stays else subject.before, subject.before
    return Draining(
        is_balanced=bool(facts.balanced(before)),
        drain_s=facts.drain_seconds(before, template),
        stop_s=facts.stop_seconds(before, own),
    )


def drain_times(subject: Subject) -> Iterator[Finding]:
    """A finding for each target group that gives an old task more time, or less, for its requests.

    One that is replaced is told as that.
    """
    for _, old, new in subject.modified(TARGET_GROUP):
        times = [number_at(one, facts.DEREGISTRATION, facts.DEREGISTRATION_S) for one in (old, new)]
        if subject.is_replaced(new.id) or None in times or times[0] == times[1]:
            continue
        before, after = (time for time in times if time is not None)
        noun = "requests" if at(new, "Protocol") in _REQUESTS else "connections"
        if after < before:
            sense = f"{noun} longer than that are cut when an old task goes"
        else:
            sense = f"an old task waits so long for its {noun}, and so does a deployment"
        yield Finding(
            kind="configuration",
            weight=Weight.NOTICE,
            text=f"{new.id}: deregistration delay {changed(before, after, 's')}: {sense}",
            covers=((new.id, facts.DEREGISTRATION),),
        )
