"""What a watched operation comes to: how it ended, and whether what is there after it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.cloudformation.hooks import mentions_hook, of_operation
from ecs_blocks.deploy.cloudformation.stack import name_in, read_stack, read_template
from ecs_blocks.deploy.cloudformation.stack_settings import settle
from ecs_blocks.deploy.cloudformation.statuses import Result
from ecs_blocks.deploy.ending import Outcome, ending, unfinished, unverified
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.verification import verified
from ecs_blocks.deploy.watch import Cancelled, Watched, result_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
    from ecs_blocks.deploy.ecs.verify import Verdict
    from ecs_blocks.deploy.place import Place


def concluded(
    aws: Aws,
    place: Place,
    stack_id: str,
    seen: Watched,
    token: str,
    *,
    new: bool,
    timeout_s: float,
    template: Mapping[str, Any] | None = None,
) -> Outcome:
    """The outcome of an operation on a stack that was made or changed by it.

    *template* is what was deployed, None where only the stack knows it; *new* whether the stack was
    made by the operation; services get *timeout_s* to be as they should.
    """
    outcome = unfinished(place, seen, token)
    if outcome is None:
        try:
            verdicts = _verified(aws, stack_id, seen, template, timeout_s)
            advice = _advice(aws, stack_id, seen)
        except (DeployError, KeyboardInterrupt) as error:
            outcome = unverified(place, seen, token, error)
        else:
            outcome = ending(place, seen, verdicts, token, new=new, advice=advice)
    if any(map(mentions_hook, outcome.causes)):
        causes = (*outcome.causes, *of_operation(aws, stack_id, seen.events))
        outcome = structs.replace(outcome, causes=causes)
    if seen.cancelled is not None and outcome.code is not Exit.DONE:
        outcome = _cancelled(outcome, seen.cancelled)
    began = seen.events[0].at if seen.events else ""
    return structs.replace(outcome, stack_id=stack_id, began=began)


def _cancelled(outcome: Outcome, cancelled: Cancelled) -> Outcome:
    """*outcome* of an update that this process ended: that comes first, then what had failed."""
    went_back = outcome.code is Exit.ROLLED_BACK
    has_cause = bool(outcome.causes or outcome.failures)
    hint = cancelled.hint if went_back and not has_cause and cancelled.hint else outcome.hint
    return structs.replace(outcome, causes=(cancelled.why, *outcome.causes), hint=hint)


def with_settings(aws: Aws, place: Place, outcome: Outcome, settings: StackSettings) -> Outcome:
    """*outcome* of a creation, once the new stack has its settings too."""
    try:
        settle(aws, outcome.stack_id, settings)
    except DeployError as error:
        return structs.replace(
            outcome,
            code=Exit.NEEDS_A_PERSON,
            sentence=f"{outcome.sentence}; but {error.message}",
            hint=f"the next deploy tries it again: {place.command('deploy')}",
        )
    return outcome


def _advice(aws: Aws, stack_id: str, seen: Watched) -> str:
    """What to do with a stack that is stuck, which only the stack itself says: see EXPRESS."""
    if result_of(seen) is not Result.STUCK:
        return ""
    try:
        stack = read_stack(aws, stack_id)
    except DeployError:
        return ""  # that it is stuck is worth more
    return stack.row.advice if stack is not None else ""


def _verified(
    aws: Aws,
    stack_id: str,
    seen: Watched,
    template: Mapping[str, Any] | None,
    timeout_s: float,
) -> list[Verdict]:
    """Of what serves now: the new version, or the one that is back; none where nothing is left."""
    result = result_of(seen)
    is_back = result is Result.ROLLED_BACK and seen.status != "ROLLBACK_COMPLETE"
    if result is not Result.DONE and not is_back:
        return []
    if template is None or is_back:
        template = read_template(aws, stack_id, name_in(stack_id))
    return verified(aws, stack_id, template, timeout_s)
