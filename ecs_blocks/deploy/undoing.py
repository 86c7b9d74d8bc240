"""Watch an operation that takes something back: it ends well where the stack is at rest again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.cloudformation.cause import cause_of, sentence
from ecs_blocks.deploy.cloudformation.stack import read_template
from ecs_blocks.deploy.cloudformation.statuses import Result
from ecs_blocks.deploy.ecs.verify import failures_of, not_serving
from ecs_blocks.deploy.ending import Outcome, back, unfinished, unverified
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.deploy.verification import VERIFY_S, verified
from ecs_blocks.deploy.watch import Operation, Patience, Watched, result_of, watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.verify import Verdict
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.ui import Ui


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

    What was *skipped* (logical ids) is not: it is other than the stack says.

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
        return _stuck(place, seen)
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
        return Outcome(code=Exit.DONE, sentence=f"{name} is deleted")
    if result is Result.DONE:
        return Outcome(
            code=Exit.NEEDS_A_PERSON,
            sentence=f"{name} did not go back: the update was complete before ({seen.status})",
            hint=f"to go back all the same: {place.command('rollback')}",
        )
    served = "nothing serves, and the next deploy makes it anew"
    return Outcome(code=Exit.DONE, sentence=f"{name} is at rest ({seen.status}); {served}")


def _stuck(place: Place, seen: Watched) -> Outcome:
    cause = cause_of(seen.events)
    first = [cause.first] if cause.first else []
    hints = {
        "DELETE_FAILED": f"{place.command('delete')}; or leave it in AWS: --retain RESOURCE",
        "UPDATE_ROLLBACK_FAILED": f"{place.command('recover')}; or leave it out: --skip RESOURCE",
    }
    hint = hints.get(seen.status, place.command("delete"))
    return Outcome(
        code=Exit.NEEDS_A_PERSON,
        sentence=f"{place.stack_name} is stuck at {seen.status}",
        hint=f"mend what failed and repeat: {hint}",
        causes=tuple(dict.fromkeys(map(sentence, [*first, *cause.also, *cause.left_behind]))),
    )
