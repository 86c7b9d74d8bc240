"""Bring a stack that is stuck back to rest, and end an update that runs.

``recover`` goes the mildest way first: CloudFormation tries its rollback again with nothing left
out; a resource is skipped only when it is named, and then the stack says one thing and AWS another
until the next deploy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import begun
from ecs_blocks.deploy.cloudformation.events import (
    newest,
    status_before_deletion,
    undoing_token,
)
from ecs_blocks.deploy.cloudformation.stack import (
    StackResource,
    living,
    read_resources,
    template_of,
)
from ecs_blocks.deploy.cloudformation.statuses import Way, is_over
from ecs_blocks.deploy.content import NO_CONTENT, content_of, token_on
from ecs_blocks.deploy.deletion import kept_by, nested_lines
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.skipping import Skippable, chosen, skippable
from ecs_blocks.deploy.watch import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place

_ROLLS_BACK: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
_GOES_BACK: Final = "ROLLBACK_"
"""What the status of a stack holds that goes back, and still moves."""


class Recovery(Struct, frozen=True):
    """What ``recover`` would do.

    ``call`` is the API's name; ``failed`` the resources that stand in the way. With a creation that
    is rolled back ``deleted`` goes, and ``kept`` stays in the account. ``skipped`` is what is left
    out on request.
    """

    call: str
    failed: tuple[StackResource, ...]
    deleted: tuple[StackResource, ...] = ()
    kept: tuple[StackResource, ...] = ()
    skipped: tuple[Skippable, ...] = ()

    def lines(self, stack: Stack) -> list[str]:
        """What will happen, for the one who has to agree."""
        said = [f"{stack.name} is {stack.status}"]
        said += [f"  {one.logical_id} ({one.type}): {one.reason or '?'}" for one in self.failed]
        if stack.status == "CREATE_FAILED":
            said += self._undone_creation()
        elif self.call == "RollbackStack":
            said.append("The stack goes back to the version before.")
        else:
            said.append("CloudFormation tries its rollback again.")
        if self.skipped:
            names = ", ".join(one.path for one in self.skipped)
            said.append(f"Left out, and from then on other than the stack says: {names}")
        return said

    def _undone_creation(self) -> Iterator[str]:
        if self.deleted:
            yield "The creation is rolled back, and these are deleted:"
            yield from (f"  {one.logical_id} ({one.physical_id})" for one in self.deleted)
            yield from nested_lines(self.deleted)
        else:
            yield "The creation is rolled back, and nothing is deleted."
        if self.kept:
            yield "These stay in the account, and no stack knows them any more:"
            yield from (f"  {one.logical_id} ({one.physical_id})" for one in self.kept)


def going_back(aws: Aws, stack: Stack) -> Operation | None:
    """What to watch where *stack* goes back already, whoever began that; None where it does not.

    Raises:
        DeployError: AWS did not answer.
    """
    if is_over(stack.status) or _GOES_BACK not in stack.status:
        return None
    token = undoing_token(aws, stack.stack_id)
    return Operation(stack.name, stack.stack_id, "ROLLBACK", token or None)


class Deleting(Struct, frozen=True):
    """A deletion that this program has begun.

    ``is_recovery`` says that it takes back a creation that failed: that ends as a deletion.
    """

    operation: Operation
    is_recovery: bool


def being_deleted(aws: Aws, stack: Stack) -> Deleting | None:
    """The deletion by which *stack* goes, where it is one of ours; None for anything else.

    Raises:
        DeployError: AWS did not answer.
    """
    if stack.status != "DELETE_IN_PROGRESS":
        return None
    token = undoing_token(aws, stack.stack_id)
    if content_of(token) is None:
        return None
    operation = Operation(stack.name, stack.stack_id, "DELETE", token)
    return Deleting(operation, status_before_deletion(aws, stack.stack_id) == "CREATE_FAILED")


def refuse_skip(place: Place, stack: Stack, skip: Sequence[str]) -> None:
    """Refuse to leave anything out of a rollback that runs: it is told when one begins.

    Raises:
        DeployError: *skip* names something.
    """
    if skip:
        raise DeployError(
            Exit.BLOCKED,
            f"{stack.name} goes back already ({stack.status}); --skip is for when that has failed",
            f"to watch it: {place.command('attach')}",
        )


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
        return _rolled_back(aws, stack, resources, failed)
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


def _rolled_back(
    aws: Aws, stack: Stack, resources: list[StackResource], failed: tuple[StackResource, ...]
) -> Recovery:
    """RollbackStack of an update, or of a creation, which deletes what the template does not keep.

    Source: API reference, RollbackStack, RetainExceptOnCreate, which is not given.
    """
    if stack.status != "CREATE_FAILED":
        return Recovery("RollbackStack", failed)
    alive, kept = living(resources), kept_by(template_of(aws, stack), {"Retain"})
    return Recovery(
        "RollbackStack",
        failed,
        deleted=tuple(one for one in alive if one.logical_id not in kept),
        kept=tuple(one for one in alive if one.logical_id in kept),
    )


def start(aws: Aws, place: Place, stack: Stack, recovery: Recovery) -> Operation:
    """Begin the recovery; what to watch.

    Raises:
        DeployError: CloudFormation refuses.
    """
    client = aws.client("cloudformation")
    before = newest(aws, stack.stack_id)
    token = token_on(NO_CONTENT, stack.stack_id, f"{stack.base} {before and before.event_id}")
    doing, look = f"recovering {stack.name}", _look(place)
    names = [one.name for one in recovery.skipped]
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
            **({"ResourcesToSkip": names} if names else {}),
        )
    return Operation(
        stack.name, stack.stack_id, "ROLLBACK", token, after=before.event_id if before else ""
    )


def _look(place: Place) -> str:
    return f"see how it is now: {place.command('status')}"


def refuse_cancel(place: Place, stack: Stack) -> None:
    """Refuse where there is no update that could be ended: CancelUpdateStack ends nothing else.

    Raises:
        DeployError: what runs is no update, or nothing runs.
    """
    if stack.status == "UPDATE_IN_PROGRESS":
        return
    if stack.status == "CREATE_IN_PROGRESS":
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is being created, which CloudFormation cannot cancel",
            f"delete it with `{place.command('delete')}`, or see its end with "
            f"`{place.command('attach')}`",
        )
    raise DeployError(
        Exit.INPUT,
        f"{stack.name} is {stack.status}: there is no update to end",
        "" if is_over(stack.status) else f"to watch it: {place.command('attach')}",
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
