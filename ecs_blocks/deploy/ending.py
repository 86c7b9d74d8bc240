"""How a deploy ended, in a sentence, a cause, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.cause import Cause, cause_of, sentence
from ecs_blocks.deploy.cloudformation.statuses import Result, row_of
from ecs_blocks.deploy.ecs.verify import Verdict, failures_of, not_serving
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.plan import Plan
from ecs_blocks.deploy.progress import FailedTask, Service
from ecs_blocks.deploy.watch import End, Watched, result_of
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.cloudformation.events import Event
    from ecs_blocks.deploy.place import Place


OK: Final = "OK"
NOT_DONE: Final = "NOT DONE"
NOT_KNOWN: Final = "NOT KNOWN"
STILL_RUNNING: Final = "STILL RUNNING"
FAILED: Final = "FAILED"
_HEADLINES: Final = {
    Exit.DONE: OK,
    Exit.NEEDS_APPROVAL: NOT_DONE,
    Exit.BLOCKED: NOT_DONE,
    Exit.STILL_RUNNING: STILL_RUNNING,
    Exit.INTERRUPTED: STILL_RUNNING,
    Exit.TERMINATED: STILL_RUNNING,
}


class Outcome(Struct, frozen=True, kw_only=True):
    """The end of one stack's deploy.

    ``causes`` are lines about what failed, the first cause first; ``failures`` the tasks that
    stopped, with their log lines. ``token`` names the operation; empty where none was started.
    ``began`` is when, by CloudFormation's clock, in ISO 8601. ``word`` stands before the sentence
    where the code does not say it best.
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
    word: str = ""
    notes: tuple[str, ...] = ()
    """What else has to be known of it, however it ended."""
    stack_status: str = ""
    """How CloudFormation's operation ended; empty where nobody saw its end."""
    failed_tasks: int | None = None
    """How many tasks failed on the way; None where no service was exchanged, or not all seen."""

    @property
    def headline(self) -> str:
        """The first word of what is told: OK, FAILED, NOT DONE, STILL RUNNING or NOT KNOWN."""
        return self.word or _HEADLINES.get(self.code, FAILED)


def unfinished(place: Place, watched: Watched, token: str, *, look: str = "") -> Outcome | None:
    """The outcome where watching ended before the operation did; None where it is over.

    *look* is what to type to see how it goes, where nothing can be attached to.
    """
    name, status = place.stack_name, watched.status or "not begun"
    if watched.end is End.OVER:
        return None
    words = {
        End.TIMEOUT: (Exit.STILL_RUNNING, f"{name} is still {status} {watched.note}"),
        End.LOST: (Exit.STILL_RUNNING, f"{name}: {watched.note}; it was {status} when last seen"),
        End.DENIED: (Exit.CREDENTIALS, f"{name} was {status} when last seen; {watched.note}"),
        End.DETACHED: (Exit.INTERRUPTED, f"{name} is {status}; the operation goes on in AWS"),
        End.TERMINATED: (Exit.TERMINATED, f"{name} is {status}; the operation goes on in AWS"),
        End.TAKEN_OVER: (
            Exit.NEEDS_A_PERSON,
            f"{name}: another operation began before this one was over: {watched.note}",
        ),
    }
    code, text = words[watched.end]
    hint = "how it goes" if look else "to watch it again"
    waiting = [one for one in watched.services if one.pause]
    if watched.end is End.DENIED:
        hint = "it goes on in AWS; log in again, then"
    elif waiting:
        text += f"; {waiting[0].logical_id} waits for {waiting[0].waiting_for}"
    return Outcome(
        code=code,
        sentence=text,
        hint=f"{hint}: {look or place.command('attach')}",
        failures=_failures(watched.services),
        token=token,
        elapsed_s=watched.elapsed_s,
        word=STILL_RUNNING if watched.end is End.DENIED else "",
    )


def unverified(
    place: Place,
    watched: Watched,
    token: str,
    error: DeployError | KeyboardInterrupt,
    *,
    look: str = "",
) -> Outcome:
    """The outcome of an operation that was a success for CloudFormation, and ECS was not heard.

    *look* is as in ``unfinished``.
    """
    why, code = "nobody waited to see", Exit.INTERRUPTED
    if isinstance(error, DeployError):
        why, code = error.message, error.code
    elif isinstance(error, Terminated):
        code = Exit.TERMINATED
    return Outcome(
        code=code,
        sentence=f"{place.stack_name} is {watched.status}; whether its services run what was "
        f"deployed is not known: {why}",
        hint=f"to look again: {look or place.command('attach')}",
        token=token,
        elapsed_s=watched.elapsed_s,
        word=NOT_KNOWN,
        stack_status=watched.status,
    )


def ending(
    place: Place,
    watched: Watched,
    verdicts: Sequence[Verdict],
    token: str,
    *,
    new: bool,
    advice: str = "",
) -> Outcome:
    """The outcome of an operation that is over.

    *verdicts* are of its services, where the stack is at rest; *advice* is what to do with a stack
    that is stuck, without one what its status alone says.
    """
    result, failing = result_of(watched), not_serving(verdicts)
    if result is Result.DONE:
        code, text, hint = _complete(place, watched, verdicts)
    elif result is Result.ROLLED_BACK or (result is Result.GONE and new):
        code, text, hint = _went_back(place, watched, verdicts, new=new)
    elif result is Result.GONE:
        code, hint = Exit.NEEDS_A_PERSON, ""
        text = f"{place.stack_name} was deleted by somebody ({watched.status}); nothing serves"
    else:
        code, hint = Exit.NEEDS_A_PERSON, place.advice(advice or row_of(watched.status).advice)
        text = f"{place.stack_name} is stuck at {watched.status}"
    cause, is_done = cause_of(watched.events), code is Exit.DONE
    return Outcome(
        code=code,
        sentence=text,
        hint=hint,
        causes=() if is_done else _lines(cause, watched.events),
        failures=() if is_done else every_failure(watched.services, failing),
        left_behind=tuple(map(sentence, cause.left_behind)) if is_done else (),
        verdicts=tuple(verdicts),
        token=token,
        elapsed_s=watched.elapsed_s,
        stack_status=watched.status,
        failed_tasks=_failed_tasks(watched.services),
    )


def _complete(place: Place, watched: Watched, verdicts: Sequence[Verdict]) -> tuple[Exit, str, str]:
    """The code, sentence and hint where CloudFormation is content: what counts are the services."""
    name, failing = place.stack_name, not_serving(verdicts)
    if not failing:
        served = ", and its services run what was deployed" if verdicts else ""
        return Exit.DONE, f"{name} is {watched.status}{served}", ""
    told = "; ".join(verdict.sentence for verdict in failing)
    text = f"CloudFormation says {watched.status}, but {told}"
    if any(verdict.is_decided for verdict in failing):
        hint = "mend what failed and deploy again; nothing else has to be undone"
        return Exit.ROLLED_BACK, text, hint
    return Exit.STILL_RUNNING, text, f"to look again: {place.command('status')}"


def _went_back(
    place: Place, watched: Watched, verdicts: Sequence[Verdict], *, new: bool
) -> tuple[Exit, str, str]:
    """The code, sentence and hint where the stack is as it was before, or gone as it was new."""
    done = "deleted again" if result_of(watched) is Result.GONE else "rolled back"
    is_first = new or watched.status == "ROLLBACK_COMPLETE"
    served = "nothing serves: it was the first deploy" if is_first else back(verdicts)
    text = f"{place.stack_name} was {done} ({watched.status}); {served}"
    is_worse = any(verdict.is_decided for verdict in not_serving(verdicts))
    code = Exit.NEEDS_A_PERSON if is_worse else Exit.ROLLED_BACK
    return code, text, "mend the cause and deploy again"


def unchanged(plan: Plan, verdicts: Sequence[Verdict]) -> Outcome:
    """Nothing changes. What runs was verified all the same: ECS may have gone back before."""
    failing = not_serving(verdicts)
    code, hint, text = Exit.DONE, "", f"{plan.stack_name}: nothing to change"
    if plan.settings:
        text = f"{plan.stack_name}: {'; '.join(plan.settings)}; nothing else to change"
    if failing:
        decided = any(verdict.is_decided for verdict in failing)
        code = Exit.ROLLED_BACK if decided else Exit.STILL_RUNNING
        hint = "what CloudFormation believes and what ECS runs differ: deploy a new image"
        text += f", but {'; '.join(verdict.sentence for verdict in failing)}"
    return Outcome(
        code=code,
        sentence=text,
        hint=hint,
        failures=failures_of(failing),
        verdicts=tuple(verdicts),
        stack_id=plan.stack_id,
        plan=plan,
    )


def back(verdicts: Sequence[Verdict]) -> str:
    """What is true once a stack went back: that it serves only where that was seen."""
    failing = [one.sentence for one in not_serving(verdicts)]
    if failing:
        return f"the version before is back, but {'; '.join(failing)}"
    return "the version before serves" if verdicts else "the version before is back"


def _lines(cause: Cause, events: Sequence[Event]) -> tuple[str, ...]:
    first = [cause.first] if cause.first is not None else []
    told = dict.fromkeys(map(sentence, [*first, *cause.also]))
    return (*told, *(f"{line}, in the rollback" for line in _stuck_on(events) if line not in told))


def _stuck_on(events: Sequence[Event]) -> Iterator[str]:
    """What failed while everything was being taken back, where that did not come to its end."""
    stack = [event.status for event in events if event.is_of_stack]
    if not stack or not stack[-1].endswith("ROLLBACK_FAILED"):
        return
    goes_back = False
    for event in events:
        goes_back |= event.is_of_stack and event.status.endswith("ROLLBACK_IN_PROGRESS")
        if goes_back and event.status.endswith("_FAILED") and not event.is_of_stack:
            yield sentence(event)


def _failed_tasks(services: Sequence[Service]) -> int | None:
    counted = [one.failed_tasks for one in services if one.failed_tasks is not None]
    return sum(counted) if counted and len(counted) == len(services) else None


def every_failure(
    services: Sequence[Service], failing: Sequence[Verdict]
) -> tuple[FailedTask, ...]:
    """Each task that failed while *services* were watched, or was found by a verdict, once."""
    seen = {failure.task_id: failure for failure in _failures(services)}
    for failure in failures_of(failing):
        seen.setdefault(failure.task_id, failure)
    return tuple(seen.values())


def _failures(services: Sequence[Service]) -> tuple[FailedTask, ...]:
    return tuple(failure for service in services for failure in service.failures)
