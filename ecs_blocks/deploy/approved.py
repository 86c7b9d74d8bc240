"""A plan that was approved before: whether it still is what it says, and what to say if not.

Whoever can write to a plan's file can write anything into it. What CloudFormation does is in the
change set, and the change set's description has the digest of all that was planned; so nothing in
the file can make another thing of it. A plan without a change set is held against platform.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.before_deploy import STEP_FACT, facts
from ecs_blocks.deploy.cloudformation.change_set import StackMoved, find
from ecs_blocks.deploy.cloudformation.change_set_answer import wait
from ecs_blocks.deploy.cloudformation.stack import NEW, base_of, read_stack
from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings, standing
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.plan import masked, masked_parameter
from ecs_blocks.deploy.planning import (
    ROLE_FACT,
    added,
    changed_parameters,
    role_facts,
    way_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.changes import Change
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.target import Target

_PAUSE_S: Final = 1.0


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
        if not _is_there(aws, plan):
            raise outdated(place, plan)
        try:
            found = wait(aws, plan.stack_id, plan.change_set_id, say)
        except StackMoved as moved:
            raise outdated(place, plan) from moved
        real, stack_id = list(found.changes), found.stack_id
    elif plan.kind == "REPLACE":
        real = added(template)
    stack = read_stack(aws, place.stack_name)
    is_another = stack.stack_id != stack_id if stack else bool(plan.change_set_id)
    if is_another:
        raise outdated(place, plan)
    if not plan.change_set_id and plan.kind != "NOTHING":
        _refuse_other_settings(place, plan)
    if plan.content.settings != StackSettings():
        now = standing(aws, None if plan.base == NEW else stack)
        if not set(now.changes(plan.content.settings)) <= set(plan.settings):
            raise outdated(place, plan)
    if (
        [*map(masked, plan.changes)] != [*map(masked, real)]
        or stack_id != plan.stack_id
        or not _is_of_its_kind(plan)
        or not _tells_what_it_does(plan, template, stack)
    ):
        message = f"{plan.stack_name}: the plan file was changed: it does not show what it does"
        raise DeployError(Exit.INPUT, message, "make the plan again")


def _is_there(aws: Aws, plan: Plan) -> bool:
    """Whether there still is the change set, which was there when the plan was kept.

    One answer that there is none may be the delay of AWS's own copies; two are believed, where
    ``wait`` would ask on for one that was made a moment ago.
    """
    if find(aws, plan.stack_id, plan.change_set_id) is not None:
        return True
    aws.clock.sleep(_PAUSE_S)
    return find(aws, plan.stack_id, plan.change_set_id) is not None


def _is_of_its_kind(plan: Plan) -> bool:
    """Whether it is carried out as its change set was made; what is deleted is looked at then."""
    if plan.change_set_id:
        return plan.kind == ("CREATE" if plan.base == NEW else "UPDATE")
    return plan.kind in ("REPLACE", "SETTINGS", "NOTHING")


def _tells_what_it_does(plan: Plan, template: Mapping[str, Any], stack: Stack | None) -> bool:
    """Whether its steps, its role, its parameters and that it has settings are told as they are."""
    content = plan.content
    real = {*facts(template), *role_facts(content, None if plan.kind == "REPLACE" else stack)}
    told = {one for one in plan.facts if one.startswith((STEP_FACT, ROLE_FACT))}
    if told != real or (plan.settings and content.settings == StackSettings()):
        return False
    if stack is not None and stack.base != plan.base:  # it runs, or has ended: it is not done again
        return True
    shown = [one for one in plan.parameters if not content.hides(one.key)]
    changed = [one for one in changed_parameters(content, stack) if not content.hides(one.key)]
    return [*map(masked_parameter, shown)] == [*map(masked_parameter, changed)]


def _refuse_other_settings(place: Place, plan: Plan) -> None:
    asked = StackSettings.of(place.settings), place.settings.service_role_arn or ""
    if asked != (plan.content.settings, plan.content.role_arn):
        raise DeployError(
            Exit.BLOCKED,
            f"{plan.stack_name}: the plan has other settings than deploy: in platform.yaml has for "
            f"{place.environment} now; nothing was done",
            f"make the plan again: {place.command('deploy', '--plan-only', 'FILE')}",
        )


def refuse_outdated(target: Target, plan: Plan, stack: Stack | None) -> None:
    """Before anybody is asked: whether *stack*, at rest, still is what *plan* was made for.

    What runs on it may be this plan itself, begun by a process that is gone.

    Raises:
        DeployError: it is not, or a person has to decide what becomes of the stack.
    """
    is_at_rest = way_of(target, stack) is not Way.WAIT
    if is_at_rest and base_of(stack) != plan.base:
        raise outdated(target.place, plan)


def outdated(place: Place, plan: Plan) -> DeployError:
    """The refusal of a plan that was made for another state of the stack."""
    return DeployError(
        Exit.BLOCKED,
        f"{plan.stack_name} is not what this plan was made for: it was changed, or the plan was "
        "carried out or deleted already; nothing was done",
        f"make the plan again: {place.command('deploy', '--plan-only', 'FILE')}",
    )
