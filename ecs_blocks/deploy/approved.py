"""A plan that was approved before: whether it still is what it says, and what to say if not.

Whoever can write to a plan's file can write anything into it. What CloudFormation does is in the
change set, and the change set's description has the digest of all that was planned; so nothing in
the file can make another thing of it. A plan without a change set is held against platform.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.before_deploy import facts
from ecs_blocks.deploy.change_set import StackMoved
from ecs_blocks.deploy.change_set_answer import wait
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.plan import masked
from ecs_blocks.deploy.planning import NEW, added
from ecs_blocks.deploy.stack import read_stack
from ecs_blocks.deploy.stack_settings import StackSettings, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.changes import Change
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared


def refuse_forged(aws: Aws, prepared: Prepared, plan: Plan, say: Callable[[str], None]) -> None:
    """What a plan file shows has to be what is done: somebody agreed to it.

    Its template and parameters are held against the change set once more, when that is executed.

    Raises:
        DeployError: it is not, the change set is gone, or platform.yaml asks for something else.
    """
    place, template = prepared.target.place, prepared.target.rendered.template
    real: list[Change] = []
    stack_id = plan.stack_id
    if plan.change_set_id:
        try:
            found = wait(aws, plan.stack_id, plan.change_set_id, say)
        except StackMoved as moved:
            raise outdated(place, plan) from moved
        real, stack_id = list(found.changes), found.stack_id
    elif plan.kind == "REPLACE":
        real = added(template)
    if not plan.change_set_id and plan.kind != "NOTHING":
        _refuse_other_settings(place, plan)
    if plan.content.settings != StackSettings():
        stack = read_stack(aws, plan.stack_id)
        now = standing(aws, None if plan.base == NEW else stack)
        if not set(now.changes(plan.content.settings)) <= set(plan.settings):
            raise outdated(place, plan)
    if (
        [*map(masked, plan.changes)] != [*map(masked, real)]
        or stack_id != plan.stack_id
        or not set(facts(template)) <= set(plan.facts)
        or (plan.kind == "NOTHING" and plan.change_set_id)
    ):
        message = f"{plan.stack_name}: the plan file was changed: it does not show what it does"
        raise DeployError(Exit.INPUT, message, "make the plan again")


def _refuse_other_settings(place: Place, plan: Plan) -> None:
    asked = StackSettings.of(place.settings), place.settings.service_role_arn or ""
    if asked != (plan.content.settings, plan.content.role_arn):
        raise DeployError(
            Exit.BLOCKED,
            f"{plan.stack_name}: the plan has other settings than deploy: in platform.yaml has for "
            f"{place.environment} now; nothing was done",
            f"make the plan again: {place.command('deploy', '--plan-only', 'FILE')}",
        )


def outdated(place: Place, plan: Plan) -> DeployError:
    """The refusal of a plan that was made for another state of the stack."""
    return DeployError(
        Exit.BLOCKED,
        f"{plan.stack_name} is not what this plan was made for: it was changed, or the plan was "
        "carried out or deleted already; nothing was done",
        f"make the plan again: {place.command('deploy', '--plan-only', 'FILE')}",
    )
