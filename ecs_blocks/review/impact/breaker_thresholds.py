"""After how many failed tasks the circuit breaker ends a deployment: sooner, or later than before.

Source: Amazon ECS API Reference, DeploymentCircuitBreaker (``resetOnHealthyTask``, true by default)
and ThresholdConfiguration (50 percent, of 3 to 200 tasks, by default).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.parts import text
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.guards import by_default
from ecs_blocks.review.impact.phrases import count, figure
from ecs_blocks.review.impact.reading import at, differs, finite
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_THRESHOLD: Final = f"{facts.BREAKER}.ThresholdConfiguration"
_SHARE: Final = 50.0
_ANY_NUMBER: Final = frozenset({1.0, 10.0, 100.0, 1000.0})
"""Of tasks, where their number is not known: a share of few is another one of many."""
_COUNT: Final = "COUNT"
_BOUNDED: Final = "BOUNDED_PERCENT"


def breaker_thresholds(subject: Subject) -> Iterator[Finding]:
    """A finding for each service whose circuit breaker counts in another way than before.

    A breaker that comes or goes is told as that, without what it counts.
    """
    for _, old, new in subject.modified(SERVICE):
        configured = at(old, _THRESHOLD), at(new, _THRESHOLD)
        if not differs(*configured) or not all(map(facts.breaks, (old, new))):
            continue
        if at(new, facts.BREAKER) is None:
            continue  # ``kept`` tells of it
        if _counted(old) == _counted(new) and _counted(old)[1] is not None:
            yield by_default(new, _THRESHOLD)
            continue
        tasks = facts.tasks_of(new, subject.after)
        known = {one for one in (tasks.low, tasks.high) if one is not None}
        numbers = known if len(known) == len({tasks.low, tasks.high}) else _ANY_NUMBER
        limits = [[facts.breaker_threshold(one, n) for n in numbers] for one in (old, new)]
        weight, sense = _told(limits)
        before, after = (_failures(one) for one in (old, new))
        if {_counted(one)[0] for one in (old, new)} == {_COUNT}:
            before = before.removesuffix(" failed tasks")
        yield Finding(
            kind="exposure",
            weight=weight,
            text=(
                f"{new.id}: the circuit breaker ends a deployment after {after} instead of "
                f"{before}{sense}"
            ),
            covers=((new.id, _THRESHOLD),),
        )


def _told(limits: list[list[float | None]]) -> tuple[Weight, str]:
    """Whether it ends later, for some number of tasks; nothing is said where that is not known."""
    pairs = [
        (before, after)
        for before, after in zip(*limits, strict=True)
        if before is not None and after is not None
    ]
    if len(pairs) < len(limits[0]):
        return Weight.NOTICE, ""
    if any(after > before for before, after in pairs):
        return Weight.APPROVAL, ": a deployment that fails goes on for longer"
    if all(after == before for before, after in pairs):
        return Weight.CALM, ", the same"
    return Weight.CALM, ": a deployment that fails ends sooner"


def _counted(service: Resource) -> tuple[str, float | None]:
    """How the failures are counted, and the number."""
    configured = at(service, _THRESHOLD)
    if configured is None:
        return _BOUNDED, _SHARE
    if not isinstance(configured, dict) or is_intrinsic(configured):
        return "", None
    return text(configured.get("Type")), finite(configured.get("Value"))


def _failures(service: Resource) -> str:
    kind, number = _counted(service)
    if number is None:
        return "a number of failed tasks that is not known yet"
    if kind == _COUNT:
        return count(number, "failed task")
    bounds = " (3 to 200 of them)" if kind == _BOUNDED else ""
    return f"{figure(number)} % of its tasks{bounds}"
