"""Execute a change set, once, whatever becomes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import code_of, explained, is_ambiguous, is_passing
from ecs_blocks.deploy.cloudformation.change_set import find, moved
from ecs_blocks.deploy.cloudformation.events import last_operation
from ecs_blocks.deploy.cloudformation.stack import name_in
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_ATTEMPTS: Final = 6
_LATE_READS: Final = 4
_LATE_S: Final = 2.0


def execute(aws: Aws, stack_id: str, change_set_id: str, token: str) -> None:
    """Start the operation, or find that it has been started with this *token*.

    Where an answer is lost, the change set and the events are asked before anything is repeated;
    and what is repeated carries the same token, so that AWS refuses a second execution itself.

    Raises:
        StackMoved: the change set cannot be executed any more: the stack has changed under it.
        DeployError: CloudFormation refuses.
    """
    client = aws.client("cloudformation")
    for attempt in range(_ATTEMPTS):
        try:
            client.execute_change_set(
                StackName=stack_id, ChangeSetName=change_set_id, ClientRequestToken=token
            )
        except (BotoCoreError, ClientError) as error:
            code = code_of(error)
            if code in ("TokenAlreadyExistsException", "TokenAlreadyExists"):
                return
            gone = code in ("ChangeSetNotFound", "ChangeSetNotFoundException")
            unfit = code in ("InvalidChangeSetStatus", "InvalidChangeSetStatusException")
            if gone or unfit or is_ambiguous(error):
                if _has_begun(aws, stack_id, change_set_id, token):
                    return
                if gone or unfit:
                    raise moved(aws, str(error)) from error
            if not is_passing(error) or attempt == _ATTEMPTS - 1:
                doing = f"executing the change set of {name_in(stack_id)}"
                raise explained(error, doing) from error
            aws.clock.sleep(min(2**attempt, 20))
        else:
            return


def _has_begun(aws: Aws, stack_id: str, change_set_id: str, token: str) -> bool:
    """Whether our operation runs or has run; False too where AWS cannot be asked.

    What is repeated then is refused by AWS itself, as the token has been used. Whoever executed the
    change set in the console did it with a token of their own.
    """
    try:
        for _ in range(_LATE_READS):
            seen, moves = last_operation(aws, stack_id)
            if seen == token:
                return True
            if moves and seen:
                return False
            found = find(aws, stack_id, change_set_id)
            if found is None or not found.execution_status.startswith("EXECUTE_"):
                return False
            aws.clock.sleep(_LATE_S)  # it was executed; its events are late
    except DeployError as error:
        if error.code != Exit.STILL_RUNNING:
            raise
        return False
    return True
