"""What a creation left that was rolled back: an empty stack, which is deleted and made again.

CloudFormation updates no such stack. Before it is deleted three things are seen to: that it holds
nothing, that it may be deleted, and that it is ours. A stack of another owner may be empty for the
same reason, and a name alone proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.events import last_operation
from ecs_blocks.deploy.cloudformation.stack import Stack, living, read_resources
from ecs_blocks.deploy.content import NO_CONTENT, content_of, token_on
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.obstacles import unprotecting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place


def refuse_leftovers(aws: Aws, place: Place, stack: Stack, tags: Mapping[str, str]) -> None:
    """See to it that what a failed creation left may be deleted without another question.

    *tags* are those that the environment gives its stacks.

    Raises:
        DeployError: something of the failed creation still exists, the stack is protected, or
            nothing says that it is ours.
    """
    left = living(read_resources(aws, stack.stack_id))
    if left:
        names = ", ".join(f"{one.logical_id} ({one.physical_id})" for one in left)
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name}: an earlier creation failed, and these of its resources still exist: "
            f"{names}",
            "delete what is not needed, then the stack, and deploy again: "
            f"{place.command('delete')}",
        )
    if stack.protected:
        raise DeployError(
            Exit.REJECTED,
            f"{stack.name}: an earlier creation failed, and what it left has to be deleted before "
            "it is made again; but its termination protection is on",
            f"switch that off on purpose, then deploy again: {unprotecting(aws, place, stack)}",
        )
    if not _is_ours(aws, stack, tags):
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name}: an earlier creation failed, and would have to be deleted before it is "
            "made again; but nothing says that ecs-blocks made it: it has other tags, and its "
            "creation carries no token of ours",
            "find out whose it is; if nobody needs it, delete it, then deploy again: "
            f"{place.command('delete')}",
        )


def _is_ours(aws: Aws, stack: Stack, tags: Mapping[str, str]) -> bool:
    """Whether its creation carries a token of ours, or it has all the *tags* of the environment.

    CloudFormation keeps events for 90 days; tags stay, and are what a stack has that was made from
    our template by other means. No tags prove nothing.
    """
    if tags and tags.items() <= stack.tags.items():
        return True
    token, _ = last_operation(aws, stack.stack_id)
    return content_of(token) is not None


def delete_leftover(aws: Aws, stack: Stack) -> str:
    """Begin the deletion of what a creation left that was rolled back; the operation's token.

    Raises:
        DeployError: CloudFormation refuses.
    """
    token = token_on(NO_CONTENT, stack.stack_id, stack.base)
    asked(
        f"deleting {stack.name}",
        aws.client("cloudformation").delete_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token,
    )
    return token
