"""Take away what was made in AWS for a plan that is not carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation import change_set as change_sets
from ecs_blocks.deploy.cloudformation.stack import gone, name_in, read_stack
from ecs_blocks.deploy.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws


def taken_away(aws: Aws, stack_id: str, made: Sequence[str]) -> list[str]:
    """Take away what was *made* for a plan of a stack, by its ARNs; what is still there, and why.

    A change set that is being executed stays, and an empty stack on which another one waits.
    """
    left = []
    for arn in sorted(made, key=lambda one: one == stack_id):  # an empty stack after what is on it
        try:
            if arn == stack_id:
                _discard_review(aws, stack_id)
            else:
                _discard(aws, stack_id, arn)
        except DeployError as error:
            what = "empty stack" if arn == stack_id else "change set"
            left.append(f"the {what} {name_in(arn)} is still there: {error.message}")
    return left


def _discard(aws: Aws, stack_id: str, change_set_id: str) -> None:
    found = change_sets.find(aws, stack_id, change_set_id)
    if found is not None and not found.execution_status.startswith("EXECUTE_"):
        change_sets.delete(aws, found)


def _discard_review(aws: Aws, stack_id: str) -> None:
    stack = read_stack(aws, stack_id)
    if stack is not None and stack.is_shell and not change_sets.listed(aws, stack_id):
        asked(
            f"deleting the empty stack {stack.name}",
            aws.client("cloudformation").delete_stack,
            StackName=stack_id,
        )
        gone(aws, stack_id)
