"""Watch an operation that takes something back: it ends well where the stack is at rest again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.cause import cause_of, sentence
from ecs_blocks.deploy.ending import Outcome, unfinished
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.statuses import Result
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.deploy.watch import Operation, Patience, Watched, result_of, watch

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.ui import Ui


def undone(
    aws: Aws, place: Place, operation: Operation, ui: Ui, patience: Patience | None = None
) -> Outcome:
    """Watch a deletion, a cancellation or a recovery to its end.

    Raises:
        DeployError: AWS did not answer.
    """

    def ends(stop: KeyboardInterrupt) -> bool:
        return ui.interrupted(stop) is not Wish.WATCH

    operation = structs.replace(operation, attach=place.command("attach"))
    seen = watch(aws, operation, ui, patience or Patience(), ends)
    token = operation.token or ""
    outcome = unfinished(place, seen, token)
    if outcome is None:
        outcome = _stuck(place, seen) if result_of(seen) is Result.STUCK else _rests(place, seen)
    return structs.replace(
        outcome, token=token, stack_id=operation.stack_id, elapsed_s=seen.elapsed_s
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
    served = "the version before serves"
    if seen.status == "ROLLBACK_COMPLETE":
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
