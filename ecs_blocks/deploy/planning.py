"""From a target to a plan: let the stack come to rest, make the change set, read what it would do.

Nothing here changes what runs. A change set, and the empty stack that carries a first one, are all
that AWS is left with, and they are taken away again where the plan is declined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.deploy import change_set as change_sets
from ecs_blocks.deploy.aws import Identity
from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.change_set import ChangeSet, StackMoved, Wanted, capabilities
from ecs_blocks.deploy.change_set_answer import wait, why_failed
from ecs_blocks.deploy.changes import Change
from ecs_blocks.deploy.content import Content, Names, misfits
from ecs_blocks.deploy.lookups import Resolved
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.plan import Plan
from ecs_blocks.deploy.stack import Stack, living, read_resources, read_stack
from ecs_blocks.deploy.statuses import Way, row_of
from ecs_blocks.deploy.target import Target

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

NEW: Final = "new"
Say = Callable[[str], None]


def _silent(_text: str) -> None:
    """Nobody listens."""


class Prepared(Struct, frozen=True):
    """What a plan is made of: all that CloudFormation is given, and what was found out.

    ``body`` is the template as CreateChangeSet wants it; ``resolved`` what was looked up, and
    ``is_renewable`` whether to look it up again is right where the account has changed meanwhile.
    """

    target: Target
    content: Content
    body: Mapping[str, str]
    identity: Identity
    resolved: Resolved
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_renewable: bool = False


def way_of(target: Target, stack: Stack | None) -> Way:
    """What to do with the stack as it is.

    Raises:
        DeployError: a person has to decide.
    """
    if stack is None:
        return Way.CREATE
    row = row_of(stack.status)
    if row.way is Way.STOP:
        place = {"app": target.app, "environment": target.environment}
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is {stack.status}{f' ({stack.reason})' if stack.reason else ''}",
            row.advice.format(**place),
        )
    return row.way


def make_plan(aws: Aws, prepared: Prepared, stack: Stack | None, say: Say = _silent) -> Plan:
    """The plan for a stack that is at rest. *say* is told what takes long.

    Raises:
        StackMoved: the stack began to move meanwhile; look again.
        DeployError: the input does not fit, CloudFormation refuses, or somebody else's review is in
            the way.
    """
    way = way_of(prepared.target, stack)
    _refuse_misfits(prepared, stack)
    if way is Way.REPLACE and stack is not None:
        return _replacing(aws, prepared, stack)
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        _refuse_review(aws, stack)
    base = stack.base if stack else NEW
    names = Names.of(prepared.content, base)
    found = _change_set(aws, prepared, names, "CREATE" if way is Way.CREATE else "UPDATE", say)
    if found.status != "FAILED":
        return _plan(prepared, stack, found, "CREATE" if base == NEW else "UPDATE", base)
    error = None if found.is_empty else why_failed(aws, found)
    left = _given_up(aws, found, base)
    if error is not None:
        raise DeployError(error.code, "\n  ".join([error.message, *left]), error.hint)
    plan = _plan(prepared, stack, found, "NOTHING", base)
    return structs.replace(plan, warnings=(*plan.warnings, *left))


def _refuse_misfits(prepared: Prepared, stack: Stack | None) -> None:
    name, template = prepared.target.stack_name, prepared.target.rendered.template
    is_there = stack is not None and stack.base != NEW and row_of(stack.status).way is Way.UPDATE
    known = stack.parameters if stack is not None and is_there else {}
    wrong = misfits(prepared.content, template.get("Parameters", {}), known)
    if wrong:
        raise DeployError(
            Exit.INPUT, f"{name}: CloudFormation would refuse this:\n  " + "\n  ".join(wrong)
        )


def _change_set(aws: Aws, prepared: Prepared, names: Names, kind: str, say: Say) -> ChangeSet:
    wanted = Wanted(
        stack=prepared.target.stack_name,
        kind=kind,
        content=prepared.content,
        names=names,
        body=prepared.body,
        capabilities=capabilities(prepared.target.rendered.template),
    )
    found = wait(aws, wanted.stack, change_sets.create(aws, wanted), say)
    if found.execution_status.startswith("EXECUTE_"):
        raise change_sets.moved(aws, f"{found.change_set_id} was executed by another process")
    if found.execution_status == "OBSOLETE":
        change_sets.delete(aws, found)
        raise change_sets.moved(aws, f"{found.change_set_id} is of another state of the stack")
    return found


def _given_up(aws: Aws, found: ChangeSet, base: str) -> list[str]:
    """Take a failed change set away, and the empty stack of a first one; what could not be."""
    try:
        change_sets.delete(aws, found)
        if base == NEW:
            discard_review(aws, found.stack_id)
    except DeployError as error:
        return [f"and what it left behind is still there: {error.message}"]
    return []


def _plan(prepared: Prepared, stack: Stack | None, found: ChangeSet, kind: str, base: str) -> Plan:
    target = prepared.target
    return Plan(
        app=target.app,
        environment=target.environment,
        account_id=target.account_id,
        region=target.place.region,
        stack_name=target.stack_name,
        stack_id=found.stack_id or (stack.stack_id if stack else ""),
        kind=kind,
        base=base,
        change_set_id="" if kind == "NOTHING" else found.change_set_id,
        content=prepared.content,
        changes=found.changes,
        facts=(*prepared.facts, *_role(prepared.content, stack), *found.notes),
        warnings=(*prepared.warnings, *found.warnings),
        made_by=prepared.identity.arn,
    )


def _role(content: Content, stack: Stack | None) -> list[str]:
    """The role that CloudFormation takes: once given to a stack, it stays the stack's."""
    if content.role_arn:
        return [f"CloudFormation acts as {content.role_arn}"]
    if stack is not None and stack.role_arn:
        return [f"CloudFormation acts as {stack.role_arn}, which an earlier deploy gave the stack"]
    return []


def _replacing(aws: Aws, prepared: Prepared, stack: Stack) -> Plan:
    """A plan without a change set: there can be none on a stack whose creation was rolled back.

    Raises:
        DeployError: something of the failed creation still exists.
    """
    left = living(read_resources(aws, stack.stack_id))
    if left:
        names = ", ".join(f"{one.logical_id} ({one.physical_id})" for one in left)
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name}: an earlier creation failed, and these of its resources still exist: "
            f"{names}",
            "delete what is not needed, then the stack, and deploy again: "
            f"{prepared.target.place.command('delete')}",
        )
    resources = prepared.target.rendered.template.get("Resources", {})
    added = tuple(Change("Add", name, str(one.get("Type"))) for name, one in resources.items())
    empty = ChangeSet("", stack.stack_id, "", "", "", "", added)
    plan = _plan(prepared, stack, empty, "REPLACE", stack.base)
    role = _role(prepared.content, None)  # the old stack's goes with it
    return structs.replace(plan, facts=(*prepared.facts, *role))


def carried_on(aws: Aws, prepared: Prepared, plan: Plan, say: Say = _silent) -> Plan:
    """The plan of a REPLACE, once the old stack is gone: now with a change set.

    Raises:
        StackMoved: somebody made a stack of this name meanwhile.
    """
    if read_stack(aws, plan.stack_name) is not None:
        raise StackMoved(plan.stack_name)
    return make_plan(aws, prepared, None, say)


def _refuse_review(aws: Aws, stack: Stack) -> None:
    """Somebody else's change set on a stack that is not made yet is not ours to throw away.

    Raises:
        DeployError: there is one.
    """
    for one in change_sets.listed(aws, stack.stack_id):
        if change_sets.is_foreign(one):
            what = f" ({one['Description']})" if one.get("Description") else ""
            raise DeployError(
                Exit.BLOCKED,
                f"{stack.name}: somebody's review is open: change set {one['ChangeSetName']} of "
                f"{one.get('CreationTime', 'an unknown time')}{what}",
                "let them execute or delete it, then run the same command again",
            )


def discard(aws: Aws, plan: Plan) -> None:
    """Take away what a declined plan left in AWS: its change set, and the empty stack of a new one.

    Raises:
        DeployError: CloudFormation refuses.
    """
    if plan.change_set_id:
        found = change_sets.find(aws, plan.stack_id, plan.change_set_id)
        if found is not None and not found.execution_status.startswith("EXECUTE_"):
            change_sets.delete(aws, found)
    if plan.base == NEW:
        discard_review(aws, plan.stack_id)


def discard_review(aws: Aws, stack_id: str) -> None:
    """Delete a stack that was never made, if no other change set waits on it.

    Raises:
        DeployError: CloudFormation refuses.
    """
    stack = read_stack(aws, stack_id)
    if stack is None or stack.status != "REVIEW_IN_PROGRESS":
        return
    if not change_sets.listed(aws, stack_id):
        asked(
            f"deleting the empty stack {stack.name}",
            aws.client("cloudformation").delete_stack,
            StackName=stack_id,
        )
