"""Watch an operation that is known only by its stack, and say how it ends, or how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.content import Names, token_on
from ecs_blocks.deploy.ending import Outcome, ending, unfinished, unverified
from ecs_blocks.deploy.events import last_operation, running_token
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.recovery import cancel
from ecs_blocks.deploy.statuses import Result, is_over
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.deploy.verification import task_definitions, verified
from ecs_blocks.deploy.watch import Operation, Patience, Watched, result_of, watch
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from typing import Any

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.stack import Stack
    from ecs_blocks.deploy.ui import Ui

_VERIFY_S = 900.0


def attach(aws: Aws, place: Place, stack: Stack, ui: Ui, patience: Patience) -> Outcome:
    """Watch what runs on *stack*; where it is at rest, say how its last operation ended.

    Raises:
        DeployError: nothing was ever executed on it, or AWS did not answer.
    """
    if stack.status == "REVIEW_IN_PROGRESS":
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
        attach=place.command("attach"),
    )

    def ends(stop: KeyboardInterrupt) -> bool:
        wish = ui.interrupted(stop)
        if wish is Wish.CANCEL:
            try:
                cancel(aws, stack)
                ui.say(f"{stack.name}: cancelled; going back to the version before")
            except DeployError as error:
                ui.say(str(error))
        return wish is Wish.DETACH

    seen = watch(aws, operation, ui, patience, ends)
    outcome = _concluded(aws, place, stack, seen, token)
    began = seen.events[0].at if seen.events else ""
    return structs.replace(outcome, stack_id=stack.stack_id, began=began)


def _concluded(aws: Aws, place: Place, stack: Stack, seen: Watched, token: str) -> Outcome:
    """How a watched operation ended; after a success its services are verified."""
    outcome = unfinished(place, seen, token)
    if outcome is not None:
        return outcome
    first = next((event.status for event in seen.events if event.is_of_stack), "")
    if first.startswith("DELETE") and result_of(seen) is Result.GONE:
        sentence = f"{stack.name} is deleted"
        return Outcome(code=Exit.DONE, sentence=sentence, token=token, elapsed_s=seen.elapsed_s)
    verdicts = []
    if result_of(seen) is Result.DONE:
        try:
            verdicts = verified(aws, stack.stack_id, template_of(aws, stack), _VERIFY_S)
        except (DeployError, KeyboardInterrupt) as error:
            return unverified(place, seen, token, error)
    return ending(place, seen, verdicts, token, new=first.startswith("CREATE"))


def token_of(aws: Aws, stack: Stack, plan: Plan) -> str:
    """The token of the operation that ended last on *stack*, if it was *plan* that it carried out.

    Raises:
        DeployError: AWS did not answer.
    """
    if not is_over(stack.status) or stack.base == plan.base:
        return ""
    token = token_on(Names.of(plan.content, plan.base).token, plan.stack_id, plan.base)
    return token if last_operation(aws, stack.stack_id)[0] == token else ""


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
