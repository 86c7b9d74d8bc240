"""Bring a stack that is stuck back to rest, and end an update that runs.

``recover`` goes the mildest way first: CloudFormation tries its rollback again with nothing left
out; a resource is skipped only when it is named, and then the stack says one thing and AWS another
until the next deploy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.events import newest
from ecs_blocks.deploy.cloudformation.stack import StackResource, living, read_resources
from ecs_blocks.deploy.content import NO_CONTENT, token_on
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.watch import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack

_ROLLS_BACK: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})


class Recovery(Struct, frozen=True):
    """What ``recover`` would do.

    ``call`` is the API's name; ``failed`` the resources that stand in the way, ``deleted`` those
    that go with a creation that is rolled back; ``skipped`` what is left out on request.
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


def recovery_of(aws: Aws, stack: Stack, skip: Sequence[str]) -> Recovery | None:
    """How to bring *stack* back to rest; None where it is at rest.

    Raises:
        DeployError: it is busy, or nothing that ecs_blocks knows helps, or *skip* names a resource
            that did not fail: CloudFormation would refuse it.
    """
    resources = read_resources(aws, stack.stack_id)
    failed = tuple(one for one in resources if one.status.endswith("_FAILED"))
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        able = [one.logical_id for one in failed if one.status == "UPDATE_FAILED"]
        wrong = sorted(set(skip) - set(able))
        if wrong:
            raise DeployError(
                Exit.INPUT,
                f"--skip {' '.join(wrong)}: only what is UPDATE_FAILED can be left out: "
                f"{', '.join(able) or 'nothing is'}",
            )
        return Recovery("ContinueUpdateRollback", failed, skipped=tuple(skip))
    if skip:
        raise DeployError(
            Exit.INPUT, f"--skip is for a stack that is UPDATE_ROLLBACK_FAILED, not {stack.status}"
        )
    if stack.status in _ROLLS_BACK:
        if stack.is_express:
            raise DeployError(
                Exit.NEEDS_A_PERSON,
                f"{stack.name} was updated in EXPRESS mode, which CloudFormation does not roll "
                "back",
                "deploy a version that works",
            )
        gone = tuple(living(resources)) if stack.status == "CREATE_FAILED" else ()
        return Recovery("RollbackStack", failed, deleted=gone)
    if stack.status.endswith("_IN_PROGRESS"):
        raise DeployError(
            Exit.BLOCKED, f"{stack.name} is {stack.status}: wait for it, or cancel it"
        )
    if stack.status.endswith("_FAILED"):
        raise DeployError(
            Exit.NEEDS_A_PERSON, f"{stack.name} is {stack.status}, which only a deletion ends"
        )
    return None


def start(aws: Aws, stack: Stack, recovery: Recovery) -> Operation:
    """Begin the recovery; what to watch.

    Raises:
        DeployError: CloudFormation refuses.
    """
    client = aws.client("cloudformation")
    before = newest(aws, stack.stack_id)
    token = token_on(NO_CONTENT, stack.stack_id, f"{stack.base} {before and before.event_id}")
    doing = f"recovering {stack.name}"
    if recovery.call == "RollbackStack":
        asked(doing, client.rollback_stack, StackName=stack.stack_id, ClientRequestToken=token)
    else:
        asked(
            doing,
            client.continue_update_rollback,
            StackName=stack.stack_id,
            ClientRequestToken=token,
            **({"ResourcesToSkip": list(recovery.skipped)} if recovery.skipped else {}),
        )
    return Operation(
        stack.name, stack.stack_id, "ROLLBACK", token, after=before.event_id if before else ""
    )


def refuse_cancel(stack: Stack) -> None:
    """Refuse where there is no update that could be ended.

    Raises:
        DeployError: what runs is no update, or nothing runs.
    """
    if stack.status == "CREATE_IN_PROGRESS":
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is being created, which CloudFormation cannot cancel",
            "delete the stack instead, or wait",
        )
    if stack.status != "UPDATE_IN_PROGRESS":
        raise DeployError(Exit.INPUT, f"{stack.name} is {stack.status}: there is no update to end")


def cancel(aws: Aws, stack: Stack) -> Operation:
    """End an update that runs: CloudFormation goes back to the version before; what to watch.

    Raises:
        DeployError: as ``refuse_cancel``, or CloudFormation refuses.
    """
    refuse_cancel(stack)
    before = newest(aws, stack.stack_id)
    asked(
        f"cancelling the update of {stack.name}",
        aws.client("cloudformation").cancel_update_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token_on(NO_CONTENT, stack.stack_id, stack.base),
    )
    return Operation(
        stack.name, stack.stack_id, "ROLLBACK", None, after=before.event_id if before else ""
    )
