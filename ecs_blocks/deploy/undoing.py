"""Watch an operation that takes something back: it ends well where the stack is at rest again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.cause import cause_of, sentence
from ecs_blocks.deploy.deployment import Wish
from ecs_blocks.deploy.ending import Outcome, unfinished
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.statuses import Result
from ecs_blocks.deploy.watch import Operation, Patience, result_of, watch

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.deployment import Ui
    from ecs_blocks.deploy.place import Place


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
    if outcome is not None:
        return outcome
    name = operation.stack_name
    if result_of(seen) is not Result.STUCK:
        gone = result_of(seen) is Result.GONE
        text = f"{name} is deleted" if gone else f"{name} is {seen.status}, and at rest"
        return Outcome(code=Exit.DONE, sentence=text, token=token, elapsed_s=seen.elapsed_s)
    cause = cause_of(seen.events)
    first = [cause.first] if cause.first else []
    verb = "delete" if seen.status == "DELETE_FAILED" else "recover"
    option = "--retain RESOURCE" if verb == "delete" else "--skip RESOURCE"
    return Outcome(
        code=Exit.NEEDS_A_PERSON,
        sentence=f"{name} is {seen.status}",
        hint=f"mend what failed and repeat: {place.command(verb)}; or leave it out: {option}",
        causes=tuple(dict.fromkeys(map(sentence, [*first, *cause.also, *cause.left_behind]))),
        token=token,
        elapsed_s=seen.elapsed_s,
    )
