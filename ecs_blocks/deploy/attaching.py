"""Watch an operation that is known only by its stack, and say how it ends, or how it ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.cloudformation.events import last_operation, running_token
from ecs_blocks.deploy.cloudformation.stack import template_of
from ecs_blocks.deploy.cloudformation.statuses import Result, is_over
from ecs_blocks.deploy.concluding import concluded
from ecs_blocks.deploy.content import Names, token_on
from ecs_blocks.deploy.ending import Outcome
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.giving_up import GivingUp
from ecs_blocks.deploy.pauses import Asker
from ecs_blocks.deploy.ui import Waits, begun_by
from ecs_blocks.deploy.verification import VERIFY_S, task_definitions
from ecs_blocks.deploy.watch import Operation, Patience, result_of, watch

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.ui import Ui


def attach(aws: Aws, place: Place, stack: Stack, ui: Ui, patience: Patience) -> Outcome:
    """Watch what runs on *stack*; where it is at rest, say how its last operation ended.

    Raises:
        DeployError: nothing was ever executed on it, or AWS did not answer.
    """
    if stack.is_shell:
        raise DeployError(
            Exit.INPUT,
            f"{stack.name} was planned and never made; nothing runs",
            f"deploy it: {place.command('deploy')}",
        )
    if is_over(stack.status):
        ui.say(f"{stack.name} is at rest; this is how its last operation ended")
        token, _ = last_operation(aws, stack.stack_id)
    else:
        token = running_token(aws, stack.stack_id)
    operation = Operation(
        stack.name,
        stack.stack_id,
        stack.status.split("_", maxsplit=1)[0],
        token or None,
        task_definitions=task_definitions(template_of(aws, stack)),
        answer=place.command("continue"),
    )

    giving_up = GivingUp(aws, place, ui, Waits(patience))
    ends = partial(giving_up.interrupted, whose=begun_by(stack.name, token))
    seen = watch(aws, operation, ui, patience, ends, paused=Asker(aws, ui))
    seen = structs.replace(seen, cancelled=giving_up.cancelled)
    first = next((event.status for event in seen.events if event.is_of_stack), "")
    if first.startswith("DELETE") and result_of(seen) is Result.GONE:
        return Outcome(
            code=Exit.DONE,
            sentence=f"{stack.name} is deleted",
            stack_id=stack.stack_id,
            token=token,
            elapsed_s=seen.elapsed_s,
        )
    new = first.startswith("CREATE")
    return concluded(aws, place, stack.stack_id, seen, token, new=new, timeout_s=VERIFY_S)


def token_of(aws: Aws, stack: Stack, plan: Plan) -> str:
    """The token of the operation that ended last on *stack*, if it was *plan* that it carried out.

    Raises:
        DeployError: AWS did not answer.
    """
    if not is_over(stack.status) or stack.base == plan.base:
        return ""
    token = token_on(Names.of(plan.content, plan.base).token, plan.stack_id, plan.base)
    return token if last_operation(aws, stack.stack_id)[0] == token else ""
