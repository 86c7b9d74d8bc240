"""Watch an operation that takes something back: it ends well where the stack is at rest again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.cloudformation.cause import cause_of, sentence
from ecs_blocks.deploy.cloudformation.events import Event, running_token
from ecs_blocks.deploy.cloudformation.stack import (
    Stack,
    read_resources,
    read_stack,
    read_template,
)
from ecs_blocks.deploy.cloudformation.statuses import Removal, Result
from ecs_blocks.deploy.deletion import failed_in
from ecs_blocks.deploy.ecs.verify import failures_of, not_serving
from ecs_blocks.deploy.ending import Outcome, back, unfinished, unverified
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.skipping import skippable, without_them
from ecs_blocks.deploy.ui import Wish, begun_by
from ecs_blocks.deploy.verification import VERIFY_S, verified
from ecs_blocks.deploy.watch import Operation, Patience, Watched, result_of, watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.verify import Verdict
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.ui import Ui


_PAUSE_S: Final = 3.0
"""Until a status is as new as the events that say that an operation is over."""
_ROUNDS: Final = 10
"""So often a status may say that something runs, against the events."""


def rested(
    aws: Aws, place: Place, stack: Stack, ui: Ui, patience: Patience | None = None
) -> Outcome | None:
    """Wait while *stack* cannot be deleted, but will be; the outcome where nobody saw the end.

    Raises:
        DeployError: AWS did not answer, or it does not come to rest.
    """
    ui.say(f"{stack.name} is {stack.status}; waiting until that is over")
    now = stack
    for _ in range(_ROUNDS):
        outcome = _seen_out(aws, place, now, ui, patience or Patience())
        if outcome is not None:
            return outcome
        aws.clock.sleep(_PAUSE_S)
        found = read_stack(aws, stack.stack_id)
        if found is None or found.row.removal is not Removal.WAIT:
            return None
        now = found
    raise DeployError(
        Exit.BLOCKED,
        f"{now.name} is {now.status}, although by its events nothing runs",
        f"look again in a minute: {place.command('status')}",
    )


def _seen_out(aws: Aws, place: Place, stack: Stack, ui: Ui, patience: Patience) -> Outcome | None:
    """The outcome where what runs was not seen to its end."""
    token = running_token(aws, stack.stack_id)

    def ends(stop: KeyboardInterrupt) -> bool:
        whose = begun_by(stack.name, token)
        return ui.interrupted(stop, whose=whose, can_cancel=False) is not Wish.WATCH

    kind = stack.status.split("_", maxsplit=1)[0]
    operation = Operation(stack.name, stack.stack_id, kind, token or None)
    return unfinished(place, watch(aws, operation, ui, patience, ends), token)


def undone(
    aws: Aws,
    place: Place,
    operation: Operation,
    ui: Ui,
    patience: Patience | None = None,
    *,
    skipped: Sequence[str] = (),
) -> Outcome:
    """Watch a deletion, a cancellation or a recovery to its end; what is back is verified.

    What was *skipped* (logical ids; ``Nested.Topic``) is not: it is other than the stack says.

    Raises:
        DeployError: AWS did not answer.
    """

    def ends(stop: KeyboardInterrupt) -> bool:
        return ui.interrupted(stop) is not Wish.WATCH

    operation = structs.replace(operation, answer=place.command("continue"))
    seen = watch(aws, operation, ui, patience or Patience(), ends)
    token = operation.token or ""
    outcome = unfinished(place, seen, token)
    if outcome is None:
        outcome = _ended(aws, place, operation, seen, skipped)
    return structs.replace(
        outcome, token=token, stack_id=operation.stack_id, elapsed_s=seen.elapsed_s
    )


def _ended(
    aws: Aws, place: Place, operation: Operation, seen: Watched, skipped: Sequence[str]
) -> Outcome:
    if result_of(seen) is Result.STUCK:
        return _stuck(aws, place, operation.stack_id, seen)
    if result_of(seen) is not Result.ROLLED_BACK or seen.status == "ROLLBACK_COMPLETE":
        return _rests(place, seen)
    stack_id = operation.stack_id
    try:
        template = read_template(aws, stack_id, place.stack_name)
        verdicts = verified(aws, stack_id, template, VERIFY_S, skipped)
    except (DeployError, KeyboardInterrupt) as error:
        return unverified(place, seen, operation.token or "", error)
    return _back(place, seen, verdicts, skipped)


def _back(
    place: Place, seen: Watched, verdicts: Sequence[Verdict], skipped: Sequence[str]
) -> Outcome:
    """The outcome where the version before is back: it serves only where that was seen."""
    failing = not_serving(verdicts)
    text = f"{place.stack_name} is at rest ({seen.status}); {back(verdicts)}"
    if skipped:
        text += f"; other than the stack says, as they were left out: {', '.join(skipped)}"
    code, hint = Exit.DONE, ""
    if failing:
        code, hint = Exit.STILL_RUNNING, f"to look again: {place.command('status')}"
    if any(verdict.is_decided for verdict in failing):
        code, hint = Exit.NEEDS_A_PERSON, "mend what failed and deploy again"
    return Outcome(
        code=code,
        sentence=text,
        hint=hint,
        failures=failures_of(failing),
        verdicts=tuple(verdicts),
        stack_status=seen.status,
    )


def _rests(place: Place, seen: Watched) -> Outcome:
    name, result = place.stack_name, result_of(seen)
    if result is Result.GONE:
        left = tuple(map(_left, filter(_is_left, seen.events)))
        return Outcome(code=Exit.DONE, sentence=f"{name} is deleted", left_behind=left)
    if result is Result.DONE:
        return Outcome(
            code=Exit.NEEDS_A_PERSON,
            sentence=f"{name} did not go back: the update was complete before ({seen.status})",
            hint=f"to go back all the same: {place.command('rollback')}",
        )
    served = "nothing serves, and the next deploy makes it anew"
    return Outcome(code=Exit.DONE, sentence=f"{name} is at rest ({seen.status}); {served}")


def not_recovered(outcome: Outcome) -> Outcome:
    """*outcome* of a deletion, for who wanted the stack back: a stack that is gone is not."""
    if outcome.code is not Exit.DONE:
        return outcome
    return structs.replace(
        outcome, code=Exit.BLOCKED, sentence=f"{outcome.sentence}, and was not recovered"
    )


def _is_left(event: Event) -> bool:
    return event.status == "DELETE_SKIPPED"


def _left(event: Event) -> str:
    return f"{'.'.join((*event.path, event.logical_id))} ({event.type}) {event.physical_id}"


def _stuck(aws: Aws, place: Place, stack_id: str, seen: Watched) -> Outcome:
    cause = cause_of(seen.events)
    first = [cause.first] if cause.first else []
    verb = "recover" if seen.status == "UPDATE_ROLLBACK_FAILED" else "delete"
    try:
        without = _without(aws, place, stack_id, seen.status)
    except DeployError:
        without = ""  # that it is stuck is worth more than the names
    return Outcome(
        code=Exit.NEEDS_A_PERSON,
        sentence=f"{place.stack_name} is stuck at {seen.status}",
        hint=f"mend what failed and repeat: {place.command(verb)}{without}",
        causes=tuple(dict.fromkeys(map(sentence, [*first, *cause.also, *cause.left_behind]))),
    )


def _without(aws: Aws, place: Place, stack_id: str, status: str) -> str:
    """How to go on without what failed, by its names; empty where that cannot be."""
    if status == "UPDATE_ROLLBACK_FAILED":
        command = without_them(place, skippable(aws, stack_id))
        return f"\n  or leave it out: {command}" if command else ""
    if status != "DELETE_FAILED":
        return ""
    names = failed_in(read_resources(aws, stack_id))
    options = [word for name in names for word in ("--retain", name)]
    if not options:
        return ""
    return f"\n  or leave it in AWS: {place.command('delete', *options)}"
