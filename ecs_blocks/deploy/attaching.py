"""Watch an operation that is known only by its stack, and say how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.deployment import Wish
from ecs_blocks.deploy.ending import Outcome, ending, unfinished
from ecs_blocks.deploy.events import running_token
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.recovery import cancel
from ecs_blocks.deploy.statuses import Result, is_over
from ecs_blocks.deploy.verification import task_definitions, verified
from ecs_blocks.deploy.watch import Operation, Patience, Watched, result_of, watch
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from typing import Any

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.deployment import Ui
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.stack import Stack

_VERIFY_S = 900.0


def attach(aws: Aws, place: Place, stack: Stack, ui: Ui, patience: Patience) -> Outcome:
    """Watch what runs on *stack*; nothing, where it is at rest.

    Raises:
        DeployError: AWS did not answer.
    """
    if is_over(stack.status):
        return Outcome(
            code=Exit.DONE,
            sentence=f"{stack.name} is {stack.status}; nothing runs",
            hint=f"more of it: {place.command('status')}",
        )
    token = running_token(aws, stack.stack_id)
    kind = stack.status.split("_", maxsplit=1)[0]
    definitions = task_definitions(template_of(aws, stack))
    operation = Operation(
        stack.name,
        stack.stack_id,
        kind,
        token or None,
        task_definitions=definitions,
        attach=place.command("attach"),
    )

    def ends(stop: KeyboardInterrupt) -> bool:
        wish = ui.interrupted(stop)
        if wish is Wish.CANCEL:
            cancel(aws, stack)
        return wish is Wish.DETACH

    seen = watch(aws, operation, ui, patience, ends)
    return concluded(aws, place, stack, seen, token)


def concluded(aws: Aws, place: Place, stack: Stack, seen: Watched, token: str) -> Outcome:
    """How a watched operation ended; after a success its services are verified."""
    outcome = unfinished(place, seen, token)
    if outcome is not None:
        return outcome
    verdicts = []
    if result_of(seen) is Result.DONE:
        verdicts = verified(aws, stack.stack_id, template_of(aws, stack), _VERIFY_S)
    new = stack.status.startswith("CREATE") or stack.status.startswith("ROLLBACK")
    return ending(place, seen, verdicts, token, new=new)


def template_of(aws: Aws, stack: Stack) -> dict[str, Any]:
    """The template that the stack has now, as data.

    Raises:
        DeployError: AWS did not answer.
    """
    if stack.status == "REVIEW_IN_PROGRESS":
        return {}
    body = asked(
        f"reading the template of {stack.name}",
        aws.client("cloudformation").get_template,
        StackName=stack.stack_id,
    )["TemplateBody"]
    found: dict[str, Any] = (
        dict(body)
        if not isinstance(body, str)
        else parsed(body.encode(), f"the template of {stack.name}")
    )
    return found
