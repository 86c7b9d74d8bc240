"""How a deploy ended, in a sentence, a cause, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.cause import Cause, cause_of, sentence
from ecs_blocks.deploy.ecs.verify import Verdict
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.plan import Plan
from ecs_blocks.deploy.progress import FailedTask, Service
from ecs_blocks.deploy.statuses import Result, row_of
from ecs_blocks.deploy.watch import End, Watched, result_of
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.events import Event
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

    @property
    def headline(self) -> str:
        """The first word of what is told: OK, FAILED, NOT DONE, STILL RUNNING or NOT KNOWN."""
        return self.word or _HEADLINES.get(self.code, FAILED)


def unfinished(place: Place, watched: Watched, token: str) -> Outcome | None:
    """The outcome where watching ended before the operation did; None where it is over."""
    name, status = place.stack_name, watched.status or "not begun"
    attach = place.command("attach")
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
    hint = "to watch it again"
    waiting = [one for one in watched.services if one.pause]
    if watched.end is End.DENIED:
        hint = "it goes on in AWS; log in again, then"
    elif waiting:
        text += f"; {waiting[0].logical_id} waits for {waiting[0].waiting_for}"
    return Outcome(
        code=code,
        sentence=text,
        hint=f"{hint}: {attach}",
        failures=_failures(watched.services),
        token=token,
        elapsed_s=watched.elapsed_s,
        word=STILL_RUNNING if watched.end is End.DENIED else "",
    )


def unverified(
    place: Place, watched: Watched, token: str, error: DeployError | KeyboardInterrupt
) -> Outcome:
    """The outcome of an operation that was a success for CloudFormation, and ECS was not heard."""
    why, code = "nobody waited to see", Exit.INTERRUPTED
    if isinstance(error, DeployError):
        why, code = error.message, error.code
    elif isinstance(error, Terminated):
        code = Exit.TERMINATED
    return Outcome(
        code=code,
        sentence=f"{place.stack_name} is {watched.status}; whether its services run what was "
        f"deployed is not known: {why}",
        hint=f"to look again: {place.command('attach')}",
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
) -> Outcome:
    """The outcome of an operation that is over.

    *verdicts* are of its services, where the stack is at rest.
    """
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
    elif result is Result.GONE and not new:
        code = Exit.NEEDS_A_PERSON
        text = f"{name} was deleted by somebody ({watched.status}); nothing serves"
    elif result in (Result.ROLLED_BACK, Result.GONE):
        code = Exit.ROLLED_BACK
        done = "deleted again" if result is Result.GONE else "rolled back"
        is_first = new or watched.status == "ROLLBACK_COMPLETE"
        served = "nothing serves: it was the first deploy" if is_first else back(verdicts)
        text = f"{name} was {done} ({watched.status}); {served}"
        hint = "mend the cause and deploy again"
        if any(verdict.is_decided for verdict in failing):
            code = Exit.NEEDS_A_PERSON
    else:
        code = Exit.NEEDS_A_PERSON
        text = f"{name} is stuck at {watched.status}"
        hint = place.advice(row_of(watched.status).advice)
    return Outcome(
        code=code,
        sentence=text,
        hint=hint,
        causes=_lines(cause, watched.events) if code != Exit.DONE else (),
        failures=() if code == Exit.DONE else _all_failures(watched.services, failing),
        left_behind=tuple(map(sentence, cause.left_behind)) if code == Exit.DONE else (),
        verdicts=tuple(verdicts),
        token=token,
        elapsed_s=watched.elapsed_s,
        stack_status=watched.status,
    )


def unchanged(plan: Plan, verdicts: Sequence[Verdict]) -> Outcome:
    """Nothing changes. What runs was verified all the same: ECS may have gone back before."""
    failing = [verdict for verdict in verdicts if not verdict.serves]
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
        failures=tuple(failure for one in failing for failure in one.failures),
        verdicts=tuple(verdicts),
        stack_id=plan.stack_id,
        plan=plan,
    )


def back(verdicts: Sequence[Verdict]) -> str:
    """What is true once a stack went back: that it serves only where that was seen."""
    failing = [verdict.sentence for verdict in verdicts if not verdict.serves]
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
