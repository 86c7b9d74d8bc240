"""From a target to a plan: let the stack come to rest, make the change set, read what it would do.

Nothing here changes what runs. A change set, and the empty stack that carries a first one, are all
that AWS is left with, and they are taken away again where the plan is declined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.aws import Identity
from ecs_blocks.deploy.cloudformation import change_set as change_sets
from ecs_blocks.deploy.cloudformation.capabilities import capabilities
from ecs_blocks.deploy.cloudformation.cause import causes_of
from ecs_blocks.deploy.cloudformation.change_set import ChangeSet, StackMoved, Wanted
from ecs_blocks.deploy.cloudformation.change_set_answer import wait, why_failed
from ecs_blocks.deploy.cloudformation.changes import Change, ParameterChange
from ecs_blocks.deploy.cloudformation.stack import (
    NEW,
    Stack,
    base_of,
    read_stack,
)
from ecs_blocks.deploy.cloudformation.stack_settings import Standing, judged, standing
from ecs_blocks.deploy.cloudformation.statuses import Result, Way
from ecs_blocks.deploy.content import Content, Names, misfits
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.leftover import refuse_leftovers
from ecs_blocks.deploy.lookups import Resolved
from ecs_blocks.deploy.plan import Kind, Plan
from ecs_blocks.deploy.show.hiding import without
from ecs_blocks.deploy.taking_away import taken_away
from ecs_blocks.deploy.target import Target

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_OPERATION: Final = {"ROLLBACK_COMPLETE": "creation", "IMPORT_ROLLBACK_COMPLETE": "import"}
"""What was rolled back, by the status that it left; of others, an update."""
ROLE_FACT: Final = "CloudFormation acts as "
"""How what a plan says of its role begins."""
Say = Callable[[str], None]


def _silent(_text: str) -> None:
    """Nobody listens."""


class Prepared(Struct, frozen=True):
    """What a plan is made of: all that CloudFormation is given, and what was found out.

    ``body`` is the template as CreateChangeSet wants it; ``resolved`` what was looked up, and
    ``is_renewable`` whether to look it up again is right where the account has changed meanwhile.
    ``revision`` is the commit that all of it comes from; ``back_to`` as in ``Plan``.
    """

    target: Target
    content: Content
    body: Mapping[str, str]
    identity: Identity
    resolved: Resolved
    facts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_renewable: bool = False
    revision: Revision = Revision()
    back_to: str = ""


def way_of(target: Target, stack: Stack | None) -> Way:
    """What to do with the stack as it is.

    Raises:
        DeployError: a person has to decide.
    """
    if stack is None:
        return Way.CREATE
    row = stack.row
    if row.way is Way.STOP:
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"{stack.name} is {stack.status}{f' ({stack.reason})' if stack.reason else ''}",
            target.place.advice(row.advice),
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
    if stack is not None and stack.is_shell:
        _refuse_review(aws, stack)
    base = base_of(stack)
    names = Names.of(prepared.content, base)
    now = standing(aws, None if base == NEW else stack)
    found, is_new = _change_set(
        aws, prepared, names, "CREATE" if way is Way.CREATE else "UPDATE", say
    )
    shell = [found.stack_id] if stack is None else []
    if found.status != "FAILED":
        made = ([found.change_set_id] if is_new else []) + shell
        place, wanted = prepared.target.place, prepared.content.settings
        try:
            doubts = () if base == NEW else judged(aws, place, now, wanted, found.changes)
        except DeployError as error:
            raise _with(error, taken_away(aws, found.stack_id, made)) from error
        plan = _plan(prepared, stack, found, "CREATE" if base == NEW else "UPDATE", now)
        return structs.replace(
            plan,
            facts=(*_last_failure(aws, prepared, stack), *plan.facts),
            warnings=(*plan.warnings, *doubts),
            made=tuple(made),
        )
    refusal = None if found.is_empty else why_failed(aws, found)
    left = taken_away(aws, found.stack_id, [found.change_set_id, *shell])
    if refusal is not None:
        raise _with(refusal, left)
    plan = _plan(prepared, stack, found, "NOTHING", now)
    kind = "SETTINGS" if plan.settings and base != NEW else "NOTHING"
    return structs.replace(plan, kind=kind, warnings=(*plan.warnings, *left))


def _with(error: DeployError, left: Sequence[str]) -> DeployError:
    """*error*, and what it leaves in AWS."""
    return DeployError(error.code, "\n  ".join([error.message, *left]), error.hint)


def misfits_on(content: Content, target: Target, stack: Stack | None) -> list[str]:
    """What CloudFormation would refuse of *content* on the *stack* of *target* as it is."""
    declared = target.rendered.template.get("Parameters", {})
    is_there = stack is not None and stack.base != NEW and stack.row.way is Way.UPDATE
    return misfits(content, declared, stack.parameters if stack is not None and is_there else {})


def _refuse_misfits(prepared: Prepared, stack: Stack | None) -> None:
    name, wrong = prepared.target.stack_name, misfits_on(prepared.content, prepared.target, stack)
    if wrong:
        raise DeployError(
            Exit.INPUT, f"{name}: CloudFormation would refuse this:\n  " + "\n  ".join(wrong)
        )


def _change_set(
    aws: Aws, prepared: Prepared, names: Names, kind: str, say: Say
) -> tuple[ChangeSet, bool]:
    """The change set, once it has an answer, and whether it was made now."""
    wanted = Wanted(
        stack=prepared.target.stack_name,
        kind=kind,
        content=prepared.content,
        names=names,
        body=prepared.body,
        capabilities=capabilities(prepared.target.rendered.template),
        to_list=prepared.target.place.aws_command(
            aws, f"cloudformation list-change-sets --stack-name {prepared.target.stack_name}"
        ),
    )
    made = change_sets.create(aws, wanted)
    found = wait(aws, wanted.stack, made.change_set_id, say)
    if found.execution_status.startswith("EXECUTE_"):
        raise change_sets.moved(aws, f"{found.change_set_id} was executed by another process")
    if found.execution_status == "OBSOLETE":
        change_sets.delete(aws, found)
        raise change_sets.moved(aws, f"{found.change_set_id} is of another state of the stack")
    return found, made.is_new


def _plan(
    prepared: Prepared, stack: Stack | None, found: ChangeSet, kind: Kind, now: Standing
) -> Plan:
    target = prepared.target
    hidden = (without(one, prepared.content.secrets) for one in found.warnings)
    return Plan(
        app=target.app,
        environment=target.environment,
        account_id=target.account_id,
        region=target.place.region,
        stack_name=target.stack_name,
        stack_id=found.stack_id or (stack.stack_id if stack else ""),
        kind=kind,
        base=base_of(stack),
        change_set_id="" if kind == "NOTHING" else found.change_set_id,
        content=prepared.content,
        changes=found.changes,
        parameters=tuple(changed_parameters(prepared.content, stack)),
        facts=(*prepared.facts, *role_facts(prepared.content, stack), *found.notes, *now.notes),
        warnings=(*prepared.warnings, *hidden),
        made_by=prepared.identity.arn,
        settings=now.changes(prepared.content.settings),
        revision=prepared.revision,
        back_to=prepared.back_to,
    )


def changed_parameters(content: Content, stack: Stack | None) -> Iterator[ParameterChange]:
    """The parameters that get other values; of a NoEcho one nobody can tell, and it may be one."""
    before = stack.parameters if stack is not None and stack.base != NEW else {}
    for key, value in content.parameters.items():
        if value is None or key not in before:
            continue
        if content.hides(key):
            yield ParameterChange(key, None, None)
        elif before[key] != value:
            yield ParameterChange(key, before[key], value)


def role_facts(content: Content, stack: Stack | None) -> list[str]:
    """The role that CloudFormation takes: once given to a stack, it stays the stack's."""
    if content.role_arn:
        return [f"{ROLE_FACT}{content.role_arn}"]
    if stack is not None and stack.role_arn:
        return [f"{ROLE_FACT}{stack.role_arn}, which an earlier deploy gave the stack"]
    return []


def _replacing(aws: Aws, prepared: Prepared, stack: Stack) -> Plan:
    """A plan without a change set: there can be none on a stack whose creation was rolled back.

    Raises:
        DeployError: as ``refuse_leftovers``.
    """
    refuse_leftovers(aws, prepared.target.place, stack, prepared.content.tags)
    new = tuple(added(prepared.target.rendered.template))
    empty = ChangeSet("", stack.stack_id, "", "", "", "", new)
    plan = _plan(prepared, stack, empty, "REPLACE", Standing())
    role = role_facts(prepared.content, None)  # the old stack's goes with it
    failed = _last_failure(aws, prepared, stack)
    return structs.replace(plan, facts=(*failed, *prepared.facts, *role))


def _last_failure(aws: Aws, prepared: Prepared, stack: Stack | None) -> tuple[str, ...]:
    """What a plan says of the operation before it, where that was rolled back: why it was."""
    if stack is None or stack.row.result is not Result.ROLLED_BACK:
        return ()
    told = f"the last {_OPERATION.get(stack.status, 'update')} was rolled back"
    try:
        causes = causes_of(aws, stack.stack_id)
    except DeployError as error:
        return (f"{told}; why is not known: {error.message}",)
    return (without(": ".join([told, *causes[:1]]), prepared.content.secrets),)


def added(template: Mapping[str, Any]) -> list[Change]:
    """The changes of a new stack, as far as they can be told without a change set."""
    resources = template.get("Resources", {})
    return [Change("Add", name, str(one.get("Type"))) for name, one in resources.items()]


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
