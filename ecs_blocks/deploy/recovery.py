"""Bring a stack that is stuck back to rest, and end an update that runs.

``recover`` goes the mildest way first: CloudFormation tries its rollback again with nothing left
out; a resource is skipped only when it is named, and then the stack says one thing and AWS another
until the next deploy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import begun
from ecs_blocks.deploy.cloudformation.events import newest, undoing_token
from ecs_blocks.deploy.cloudformation.stack import StackResource, living, read_resources
from ecs_blocks.deploy.cloudformation.statuses import Way, is_over
from ecs_blocks.deploy.content import NO_CONTENT, content_of, token_on
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.skipping import chosen, skippable
from ecs_blocks.deploy.watch import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place

_ROLLS_BACK: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
_GOES_BACK: Final = "ROLLBACK_"
"""What the status of a stack holds that goes back, and still moves."""


class Recovery(Struct, frozen=True):
    """What ``recover`` would do.

    ``call`` is the API's name; ``failed`` the resources that stand in the way, ``deleted`` those
    that go with a creation that is rolled back; ``skipped`` what is left out on request, by the
    names that AWS takes.
    """

    call: str
    failed: tuple[StackResource, ...]
    deleted: tuple[StackResource, ...] = ()
    skipped: tuple[str, ...] = ()

    def lines(self, stack: Stack) -> list[str]:
        """What will happen, for the one who has to agree."""
        said = [f"{stack.name} is {stack.status}"]
        said += [f"  {one.logical_id} ({one.type}): {one.reason or '?'}" for one in self.failed]
        if self.deleted:
            said.append("The creation is rolled back, and these are deleted:")
            said += [f"  {one.logical_id} ({one.physical_id})" for one in self.deleted]
        elif self.call == "RollbackStack":
            said.append("The stack goes back to the version before.")
        else:
            said.append("CloudFormation tries its rollback again.")
        if self.skipped:
            said.append(
                "Left out, and from then on other than the stack says: " + ", ".join(self.skipped)
            )
        return said


def going_back(aws: Aws, stack: Stack) -> Operation | None:
    """What to watch where *stack* goes back already, whoever began that; None where it does not.

    A creation that is rolled back from CREATE_FAILED ends as a deletion: one of ours counts too.

    Raises:
        DeployError: AWS did not answer.
    """
    if is_over(stack.status):
        return None
    goes_back = _GOES_BACK in stack.status
    if not goes_back and stack.status != "DELETE_IN_PROGRESS":
        return None
    token = undoing_token(aws, stack.stack_id)
    if not goes_back and content_of(token) is None:
        return None
    return Operation(stack.name, stack.stack_id, "ROLLBACK", token or None)


def recovery_of(aws: Aws, place: Place, stack: Stack, skip: Sequence[str]) -> Recovery | None:
    """How to bring *stack* back to rest; None where it is at rest.

    Raises:
        DeployError: it is busy, or nothing that ecs_blocks knows helps, or *skip* names a resource
            that did not fail: CloudFormation would refuse it.
    """
    resources = read_resources(aws, stack.stack_id)
    failed = tuple(one for one in resources if one.status.endswith("_FAILED"))
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        skipped = chosen(skippable(aws, stack.stack_id), skip) if skip else ()
        return Recovery("ContinueUpdateRollback", failed, skipped=skipped)
    if skip:
        raise DeployError(
            Exit.INPUT, f"--skip is for a stack that is UPDATE_ROLLBACK_FAILED, not {stack.status}"
        )
    row = stack.row
    if stack.status in _ROLLS_BACK and not stack.is_express:
        gone = tuple(living(resources)) if stack.status == "CREATE_FAILED" else ()
        return Recovery("RollbackStack", failed, deleted=gone)
    if row.way is Way.WAIT:
        raise DeployError(
            Exit.BLOCKED,
            f"{stack.name} is {stack.status}: what runs has to end first",
            f"watch it with `{place.command('attach')}`; an update can be ended with "
            f"`{place.command('cancel')}`",
        )
    if row.way is Way.STOP:
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is {stack.status}, which no rollback ends",
            place.advice(row.advice),
        )
    return None


def start(aws: Aws, place: Place, stack: Stack, recovery: Recovery) -> Operation:
    """Begin the recovery; what to watch.

    Raises:
        DeployError: CloudFormation refuses.
    """
    client = aws.client("cloudformation")
    before = newest(aws, stack.stack_id)
    token = token_on(NO_CONTENT, stack.stack_id, f"{stack.base} {before and before.event_id}")
    doing, look = f"recovering {stack.name}", _look(place)
    if recovery.call == "RollbackStack":
        call = client.rollback_stack
        begun(doing, look, call, StackName=stack.stack_id, ClientRequestToken=token)
    else:
        begun(
            doing,
            look,
            client.continue_update_rollback,
            StackName=stack.stack_id,
            ClientRequestToken=token,
            **({"ResourcesToSkip": list(recovery.skipped)} if recovery.skipped else {}),
        )
    return Operation(
        stack.name, stack.stack_id, "ROLLBACK", token, after=before.event_id if before else ""
    )


def _look(place: Place) -> str:
    return f"see how it is now: {place.command('status')}"


def refuse_cancel(place: Place, stack: Stack) -> None:
    """Refuse where there is no update that could be ended.

    Raises:
        DeployError: what runs is no update, or nothing runs.
    """
    if stack.status == "CREATE_IN_PROGRESS":
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is being created, which CloudFormation cannot cancel",
            f"delete it with `{place.command('delete')}`, or see its end with "
            f"`{place.command('attach')}`",
        )
    is_at_rest = is_over(stack.status) or _GOES_BACK in stack.status
    if stack.status != "UPDATE_IN_PROGRESS":
        raise DeployError(
            Exit.INPUT,
            f"{stack.name} is {stack.status}: there is no update to end",
            "" if is_at_rest else f"to watch it: {place.command('attach')}",
        )


def cancel(aws: Aws, place: Place, stack: Stack) -> Operation:
    """End an update that runs: CloudFormation goes back to the version before; what to watch.

    Raises:
        DeployError: as ``refuse_cancel``, or CloudFormation refuses.
    """
    refuse_cancel(place, stack)
    before = newest(aws, stack.stack_id)
    begun(
        f"cancelling the update of {stack.name}",
        _look(place),
        aws.client("cloudformation").cancel_update_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token_on(NO_CONTENT, stack.stack_id, stack.base),
    )
    return Operation(
        stack.name, stack.stack_id, "ROLLBACK", None, after=before.event_id if before else ""
    )
