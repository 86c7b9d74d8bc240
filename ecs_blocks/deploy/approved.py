"""A plan that was approved before: whether it still is what it says, and what to say if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.change_set import StackMoved
from ecs_blocks.deploy.change_set_answer import wait
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.planning import NEW
from ecs_blocks.deploy.stack import read_stack
from ecs_blocks.deploy.stack_settings import StackSettings, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan


def refuse_forged(aws: Aws, place: Place, plan: Plan, say: Callable[[str], None]) -> None:
    """What a plan file shows has to be what its change set does: somebody agreed to it.

    Raises:
        DeployError: it is not, or the change set is gone.
    """
    shown = [(one.action, one.logical_id, one.replacement) for one in plan.changes]
    real = shown
    if plan.change_set_id:
        try:
            found = wait(aws, plan.stack_id, plan.change_set_id, say)
        except StackMoved as moved:
            raise outdated(place, plan) from moved
        real = [(one.action, one.logical_id, one.replacement) for one in found.changes]
    if plan.content.settings != StackSettings():
        stack = read_stack(aws, plan.stack_id)
        now = standing(aws, None if plan.base == NEW else stack)
        if not set(now.changes(plan.content.settings)) <= set(plan.settings):
            raise outdated(place, plan)
    if shown != real or (plan.kind == "NOTHING" and plan.change_set_id):
        message = f"{plan.stack_name}: the plan file was changed: it does not show what it does"
        raise DeployError(Exit.INPUT, message, "make the plan again")


def outdated(place: Place, plan: Plan) -> DeployError:
    """The refusal of a plan that was made for another state of the stack."""
    return DeployError(
        Exit.BLOCKED,
        f"{plan.stack_name} is not what this plan was made for: it was changed, or the plan was "
        "carried out or deleted already; nothing was done",
        f"make the plan again: {place.command('deploy', '--plan-only', 'FILE')}",
    )
