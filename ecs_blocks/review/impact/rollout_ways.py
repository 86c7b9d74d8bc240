"""How a service exchanges its tasks: the way, how many run at once, and whether any serve.

Sources: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration and
LinearConfiguration (defaults 5 % for 10 minutes, 10 % every 6 minutes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.phrases import count, figure, minutes
from ecs_blocks.review.impact.reading import number_at
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.service_facts import Tasks
    from ecs_blocks.review.impact.subject import Subject

_NONE: Final = "no downtime expected"
_CONFIGURATION: Final = "DeploymentConfiguration"


class Way(Struct, frozen=True, kw_only=True):
    """How the tasks are exchanged.

    ``peak`` is how many run at most, in words; ``interruption`` whether some serve all the time;
    ``pace`` how the traffic moves, where it does not follow the tasks; ``more`` is how many tasks
    need room beside those that run, None where that is not known.
    """

    name: str
    interruption: str
    peak: str = ""
    pace: str = ""
    more: int | None = None
    weight: Weight = Weight.CALM
    is_daemon: bool = False


def rolling_tasks(subject: Subject, service: Resource, before: Tasks, after: Tasks) -> Tasks:
    """How many tasks *service* exchanges: as many as run now, where the account told that.

    Other bounds count only after it has rolled: a scalable target takes the name of the service, so
    CloudFormation updates it later. A ``DesiredCount`` goes with the service itself.
    """
    given = number_at(service, "DesiredCount", None)
    if given is not None:
        return facts.Tasks(given, given)
    live = subject.pair.live
    now = live.services.get(service.id) if live is not None else None
    if now is not None:
        return facts.Tasks(now.wanted, now.wanted)
    return before if after.scaled else after


def way_of(service: Resource, tasks: Tasks) -> Way:
    """How *service*, which runs *tasks*, exchanges them."""
    strategy = facts.strategy_of(service)
    if strategy is None:
        return Way(name="exchanged in a way that is not known yet", interruption="perhaps downtime")
    if strategy in ("CODE_DEPLOY", "EXTERNAL"):
        owner = "CodeDeploy" if strategy == "CODE_DEPLOY" else "an external controller"
        return Way(name=f"{owner} exchanges the tasks", interruption="when it is told to")
    if facts.is_daemon(service):
        return _daemon(service)
    if strategy == "ROLLING":
        return _rolling(service, tasks)
    return _shifted(service, strategy, tasks)


def _shifted(service: Resource, strategy: str, tasks: Tasks) -> Way:
    bake = number_at(service, f"{_CONFIGURATION}.BakeTimeInMinutes", 0)
    if strategy == "CANARY":
        canary = f"{_CONFIGURATION}.CanaryConfiguration"
        share = number_at(service, f"{canary}.CanaryPercent", 5)
        wait = minutes(number_at(service, f"{canary}.CanaryBakeTimeInMinutes", 10))
        pace = f"{_percent(share)} of the traffic for {wait}, then all of it"
    elif strategy == "LINEAR":
        linear = f"{_CONFIGURATION}.LinearConfiguration"
        share = number_at(service, f"{linear}.StepPercent", 10)
        wait = minutes(number_at(service, f"{linear}.StepBakeTimeInMinutes", 6))
        pace = f"{_percent(share)} of the traffic every {wait}"
    else:
        pace = "all the traffic at once"
    stay = f"the old tasks stay {minutes(bake)} more, for a quick way back"
    if bake == 0:
        stay = "the old tasks go at once, and no quick way back is left"
    names = {"BLUE_GREEN": "blue/green", "CANARY": "canary", "LINEAR": "linear"}
    fixed = tasks.fixed
    return Way(
        name=names.get(strategy, strategy),
        interruption=_NONE,
        peak=_peak(tasks, 200),
        pace=f"{pace}; {stay}",
        more=fixed,
    )


def _rolling(service: Resource, tasks: Tasks) -> Way:
    low, high = facts.percentages(service)
    if low is None or high is None:
        text = "how many stay is not known yet"
        return Way(name="rolling", interruption=text, weight=Weight.NOTICE)
    if tasks.low is None:
        return _unsized(low, high)
    wanted = tasks.fixed if tasks.fixed is not None else max(tasks.low, 1)
    if tasks.fixed is None:
        wanted = max(wanted, 1)  # one that may stand still is taken to run
    peak = _peak(tasks, high)
    space = facts.room(wanted, low, high)
    if not wanted:
        return Way(name="rolling", interruption="nothing runs, so nothing is interrupted")
    if space.peak <= wanted and space.kept >= wanted:
        text = (
            f"it cannot roll: of {count(wanted, 'task')} none may stop (minimum {figure(low)} %), "
            f"and none more may start (maximum {figure(high)} %)"
        )
        return Way(name="rolling", interruption=text, peak=peak, weight=Weight.APPROVAL)
    more = max(space.peak - int(wanted), 0) if tasks.fixed is not None else None
    weight, text = Weight.CALM, _NONE
    if space.kept == 0:
        weight = Weight.APPROVAL
        text = (
            f"downtime: the old {'task stops' if wanted == 1 else 'tasks stop'} before the new "
            f"{'one starts' if wanted == 1 else 'ones start'} (minimum {figure(low)} %)"
            if space.peak <= wanted
            else f"downtime possible: old tasks may all stop before new ones are healthy "
            f"(minimum {figure(low)} %)"
        )
    elif space.kept < wanted:
        scaled = tasks.fixed is None
        share = f"{figure(low)} % of the" if scaled else f"{space.kept} of {figure(wanted)}"
        text = f"{_NONE}, but only {share} tasks may serve"
    return Way(name="rolling", interruption=text, peak=peak, more=more, weight=weight)


def _unsized(low: float, high: float) -> Way:
    """The number of tasks is not known: at least one is taken to run."""
    peak = f"{figure(high)} % of them"
    if low <= 0:
        text = f"downtime possible: old tasks may all stop first (minimum {figure(low)} %)"
        return Way(name="rolling", interruption=text, peak=peak, weight=Weight.APPROVAL)
    text = _NONE if low >= 100 else f"{_NONE}, but only {figure(low)} % of the tasks may serve"
    return Way(name="rolling", interruption=text, peak=peak)


def _daemon(service: Resource) -> Way:
    low, high = facts.percentages(service)
    if low is None or high is None:
        text = "how many stay is not known yet"
    elif high > 100:
        text = "the new task starts before the old one stops"
    else:
        text = "each instance is without it for a moment"
    return Way(
        name="daemon, one task on every instance",
        interruption=text,
        weight=Weight.NOTICE,
        is_daemon=True,
    )


def _peak(tasks: Tasks, high: float) -> str:
    """How many run at most while it rolls, in words; the same number where none more may start."""
    if tasks.low is None or tasks.high is None:
        return ""
    low, most = (facts.room(one, 0, high).peak for one in (tasks.low, tasks.high))
    return f"{low}" if low == most else f"{low} to {most}"


def _percent(share: float | None) -> str:
    return "a share that is not known yet" if share is None else f"{figure(share)} %"
