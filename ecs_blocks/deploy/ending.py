"""How a deploy ended, in a sentence, a cause, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.cause import Cause, cause_of, sentence
from ecs_blocks.deploy.ecs.verify import Verdict
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.plan import Plan
from ecs_blocks.deploy.progress import FailedTask, Service
from ecs_blocks.deploy.statuses import Result
from ecs_blocks.deploy.watch import End, Watched, result_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.place import Place


class Outcome(Struct, frozen=True, kw_only=True):
    """The end of one stack's deploy.

    ``causes`` are lines about what failed, the first cause first; ``failures`` the tasks that
    stopped, with their log lines. ``token`` names the operation; empty where none was started.
    ``began`` is when, by CloudFormation's clock, in ISO 8601.
    """

    code: Exit
    sentence: str
    hint: str = ""
    causes: tuple[str, ...] = ()
    failures: tuple[FailedTask, ...] = ()
    left_behind: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    token: str = ""
    stack_id: str = ""
    elapsed_s: float = 0.0
    began: str = ""
    plan: Plan | None = None


def unfinished(place: Place, watched: Watched, token: str) -> Outcome | None:
    """The outcome where watching ended before the operation did; None where it is over."""
    name, status = place.stack_name, watched.status or "not begun"
    attach = place.command("attach")
    if watched.end is End.OVER:
        return None
    words = {
        End.TIMEOUT: (Exit.STILL_RUNNING, f"{name} is still {status} {watched.note}"),
        End.LOST: (Exit.STILL_RUNNING, f"{name}: {watched.note}; it was {status} when last seen"),
        End.DETACHED: (Exit.INTERRUPTED, f"{name} is {status}; the operation goes on in AWS"),
        End.TERMINATED: (Exit.TERMINATED, f"{name} is {status}; the operation goes on in AWS"),
        End.TAKEN_OVER: (
            Exit.NEEDS_A_PERSON,
            f"{name}: another operation began before this one was over: {watched.note}",
        ),
    }
    code, text = words[watched.end]
    return Outcome(
        code=code,
        sentence=text,
        hint=f"to watch it again: {attach}",
        failures=_failures(watched.services),
        token=token,
        elapsed_s=watched.elapsed_s,
    )


def ending(
    place: Place,
    watched: Watched,
    verdicts: Sequence[Verdict],
    token: str,
    *,
    new: bool,
) -> Outcome:
    """The outcome of an operation that is over. *verdicts* are of its services, after a success."""
    result = result_of(watched)
    cause = cause_of(watched.events)
    failing = [verdict for verdict in verdicts if not verdict.serves]
    name = place.stack_name
    code, hint = Exit.DONE, ""
    if result is Result.DONE and not failing:
        text = f"{name} is {watched.status}, and its services run what was deployed"
        if not verdicts:
            text = f"{name} is {watched.status}"
    elif result is Result.DONE:
        code = Exit.ROLLED_BACK
        text = f"CloudFormation says {watched.status}, but " + "; ".join(
            verdict.sentence for verdict in failing
        )
        hint = "mend what failed and deploy again; nothing else has to be undone"
        if not any(verdict.is_decided for verdict in failing):
            code, hint = Exit.STILL_RUNNING, f"to look again: {place.command('status')}"
    elif result in (Result.ROLLED_BACK, Result.GONE):
        code = Exit.ROLLED_BACK
        served = "nothing serves: it was the first deploy" if new else "the version before serves"
        text = f"{name} was rolled back ({watched.status}); {served}"
        hint = "mend the cause and deploy again"
    else:
        code = Exit.NEEDS_A_PERSON
        text = f"{name} is stuck at {watched.status}"
        hint = f"see why: {place.command('status')}; go on: {place.command('recover')}"
    return Outcome(
        code=code,
        sentence=text,
        hint=hint,
        causes=_lines(cause) if code != Exit.DONE else (),
        failures=() if code == Exit.DONE else _all_failures(watched.services, failing),
        left_behind=tuple(map(sentence, cause.left_behind)) if code == Exit.DONE else (),
        verdicts=tuple(verdicts),
        token=token,
        elapsed_s=watched.elapsed_s,
    )


def _lines(cause: Cause) -> tuple[str, ...]:
    first = [cause.first] if cause.first is not None else []
    return tuple(map(sentence, [*first, *cause.also]))


def _all_failures(
    services: Sequence[Service], failing: Sequence[Verdict]
) -> tuple[FailedTask, ...]:
    seen = {failure.task_id: failure for failure in _failures(services)}
    for verdict in failing:
        for failure in verdict.failures:
            seen.setdefault(failure.task_id, failure)
    return tuple(seen.values())


def _failures(services: Sequence[Service]) -> tuple[FailedTask, ...]:
    return tuple(failure for service in services for failure in service.failures)
