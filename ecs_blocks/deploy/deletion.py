"""Delete a stack: first everything that speaks against it, and what will stay behind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import begun, explained, is_denied, text_of
from ecs_blocks.deploy.cloudformation import change_set as change_sets
from ecs_blocks.deploy.cloudformation.events import STACK, newest, undoing_token
from ecs_blocks.deploy.cloudformation.stack import (
    Stack,
    StackResource,
    living,
    read_resources,
    read_stack,
    template_of,
)
from ecs_blocks.deploy.cloudformation.statuses import Removal, is_over
from ecs_blocks.deploy.content import NO_CONTENT, token_on
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.marks_left import marks_left
from ecs_blocks.deploy.obstacles import importers, protected_balancers, unprotecting
from ecs_blocks.deploy.watch import Operation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place

_FAILED: Final = "DELETE_FAILED"
KEPT: Final = frozenset({"Retain", "RetainExceptOnCreate"})
"""The deletion policies of what stays when its stack is deleted."""


class OpenSet(Struct, frozen=True):
    """A change set that goes with its stack, and what to say of it."""

    change_set_id: str
    text: str


class Leave(Struct, frozen=True):
    """What a deletion may leave in the account, after one has failed.

    ``retain`` are logical ids; with ``all_that_fails`` CloudFormation goes on over whatever fails.
    """

    retain: tuple[str, ...] = ()
    all_that_fails: bool = False


_NOTHING: Final = Leave()


class Deletion(Struct, frozen=True):
    """What a deletion would do. ``obstacles`` are what it would fail on, each with what to do.

    ``kept`` stays in the account, by its deletion policy or on request; ``deleted`` goes, and so do
    the ``open_sets``. ``unknown`` is what could not be found out, for want of a permission,
    ``marks`` the lines on tags that stay in ECR, and ``advice`` what to think of in the stack's
    status.
    """

    deleted: tuple[StackResource, ...]
    kept: tuple[StackResource, ...]
    obstacles: tuple[str, ...]
    unknown: tuple[str, ...]
    open_sets: tuple[OpenSet, ...] = ()
    leave: Leave = _NOTHING
    advice: str = ""
    marks: tuple[str, ...] = ()

    def lines(self, stack: Stack) -> list[str]:
        """What will happen, for the one who has to agree."""
        count = len(self.deleted)
        what = "1 resource" if count == 1 else f"{count} resources"
        end = f", with {what}:" if count else "; it holds nothing that would be deleted"
        said = [f"{stack.name} ({stack.status}) is deleted{end}"]
        said += [f"  {one.logical_id} ({one.type}) {one.physical_id}" for one in self.deleted]
        said += nested_lines(self.deleted)
        if self.leave.all_that_fails:
            said.append("Whatever of it fails to be deleted stays, and no stack knows it any more.")
        if self.kept:
            said.append("These stay in the account, and no stack knows them any more:")
            said += [f"  {one.logical_id} ({one.type}) {one.physical_id}" for one in self.kept]
        if self.open_sets:
            said.append("These change sets go with it, and can no longer be executed:")
            said += [f"  {one.text}" for one in self.open_sets]
        said += self.marks
        said += [f"note: {self.advice}"] if self.advice else []
        return said + [f"not known: {one}" for one in self.unknown]


def refuse_deletion(aws: Aws, place: Place, stack: Stack) -> None:
    """Refuse where CloudFormation would, for the stack's status: a person decides what to do first.

    Raises:
        DeployError: an update runs, or the status is not known.
    """
    row = stack.row
    if row.removal is not Removal.STOP:
        return
    moves = not is_over(stack.status)
    token = undoing_token(aws, stack.stack_id) if moves else ""
    raise DeployError(
        Exit.BLOCKED if moves else Exit.NEEDS_A_PERSON,
        f"{stack.name} is {stack.status}{f' (token {token})' if token else ''}; nothing was done",
        place.advice(row.before_removal),
    )


def deletion_of(aws: Aws, place: Place, stack: Stack, leave: Leave = _NOTHING) -> Deletion:
    """Find out what deleting *stack* means.

    Raises:
        DeployError: AWS did not answer, or *leave* cannot be: CloudFormation leaves only what it
            failed to delete.
    """
    resources = read_resources(aws, stack.stack_id)
    alive = living(resources)
    _refuse_leave(stack, resources, leave)
    obstacles, unknown = [], []
    if stack.protected:
        way = unprotecting(aws, place, stack)
        obstacles.append(f"termination protection is on; switch it off on purpose: {way}")
    template = template_of(aws, stack)
    looks = (
        partial(importers, aws, stack),
        partial(protected_balancers, aws, place, template, alive),
    )
    for look in looks:
        try:
            obstacles += look()
        except (BotoCoreError, ClientError) as error:
            if not is_denied(error):
                raise explained(error, f"looking what {stack.name} holds") from error
            unknown.append(text_of(error))
    try:
        open_sets = tuple(map(_open_set, change_sets.listed(aws, stack.stack_id)))
    except DeployError as error:
        if not (isinstance(error.__cause__, ClientError) and is_denied(error.__cause__)):
            raise
        open_sets = ()
        unknown.append(text_of(error.__cause__))
    kept = kept_by(template) | set(leave.retain)
    return Deletion(
        tuple(one for one in alive if one.logical_id not in kept),
        tuple(one for one in alive if one.logical_id in kept),
        tuple(obstacles),
        tuple(unknown),
        open_sets,
        leave,
        place.advice(stack.row.before_removal),
        marks_left(aws, place, stack, template),
    )


def failed_in(resources: Iterable[StackResource]) -> list[str]:
    """The logical ids of what could not be deleted."""
    return [one.logical_id for one in resources if one.status == _FAILED]


def _refuse_leave(stack: Stack, resources: Iterable[StackResource], leave: Leave) -> None:
    failed = failed_in(resources)
    wrong = sorted(set(leave.retain) - set(failed))
    if wrong:
        raise DeployError(
            Exit.INPUT,
            f"--retain {' '.join(wrong)}: CloudFormation leaves only what it failed to delete: "
            f"{', '.join(failed) or 'nothing yet'}",
        )
    if leave.all_that_fails and stack.status != _FAILED:
        raise DeployError(
            Exit.INPUT,
            f"--force: CloudFormation takes it only after a deletion has failed; {stack.name} is "
            f"{stack.status}",
            "delete it without first",
        )
    if leave.all_that_fails and leave.retain:
        raise DeployError(
            Exit.INPUT, "--force leaves all that fails, --retain what it names; give one of them"
        )


def _open_set(summary: Mapping[str, Any]) -> OpenSet:
    name, at = summary["ChangeSetName"], summary.get("CreationTime")
    since = f" of {at:%Y-%m-%d %H:%M} UTC" if at else ""
    whose = "a plan of ecs-blocks"
    if change_sets.is_foreign(summary):
        told = f": {summary['Description']}" if summary.get("Description") else ""
        whose = f"somebody else's{told}"
    return OpenSet(str(summary["ChangeSetId"]), f"{name}{since}, {whose}")


def nested_lines(resources: Iterable[StackResource]) -> list[str]:
    """What is said of each nested stack among what goes: only its own template knows what stays."""
    names = [one.logical_id for one in resources if one.type == STACK]
    return [f"  of the nested stack {one}, what its own template retains stays" for one in names]


def kept_by(template: Mapping[str, Any], policies: Collection[str] = KEPT) -> set[str]:
    """The logical ids of what the template keeps, by its deletion *policies*, when it goes."""
    found = {
        name: str(one.get("DeletionPolicy", ""))
        for name, one in template.get("Resources", {}).items()
        if isinstance(one, dict)
    }
    return {name for name, policy in found.items() if policy in policies}


def running(aws: Aws, stack: Stack) -> Operation:
    """The deletion that runs on *stack*, whoever began it; what to watch.

    Raises:
        DeployError: AWS did not answer.
    """
    token = undoing_token(aws, stack.stack_id)
    return Operation(stack.name, stack.stack_id, "DELETE", token or None)


def start(aws: Aws, place: Place, stack: Stack, deletion: Deletion) -> Operation:
    """Begin the deletion of *stack*, where it is still what was agreed to; what to watch.

    Of a stack that was never made, the change sets are deleted before it, and seen to be gone. All
    that comes after the call is watched, whatever its token: of two deletions CloudFormation runs
    the first, and answers the second as if it had begun too.

    Raises:
        DeployError: it was changed meanwhile, or CloudFormation refuses.
    """
    now = read_stack(aws, stack.stack_id)
    if now is None or (now.status, now.updated) != (stack.status, stack.updated):
        raise _changed(stack)
    if stack.is_shell:
        _discard(aws, stack, deletion.open_sets)
        _refuse_made(aws, stack)
    before = newest(aws, stack.stack_id)
    last = before.event_id if before else ""
    leave: dict[str, Any] = {}
    if deletion.leave.retain:
        leave["RetainResources"] = list(deletion.leave.retain)
    if deletion.leave.all_that_fails:
        leave["DeletionMode"] = "FORCE_DELETE_STACK"
    begun(
        f"deleting {stack.name}",
        f"see how it is now: {place.command('status')}",
        aws.client("cloudformation").delete_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token_on(NO_CONTENT, stack.stack_id, f"{stack.base} {last}"),
        **leave,
    )
    return Operation(stack.name, stack.stack_id, "DELETE", after=last)


def _changed(stack: Stack) -> DeployError:
    """What was agreed to is another deletion."""
    return DeployError(
        Exit.BLOCKED,
        f"{stack.name} changed while you were asked; it was not deleted",
        "run the same command again to see it",
    )


def _refuse_made(aws: Aws, stack: Stack) -> None:
    """Refuse where *stack*, which had only change sets, is being made from one of them."""
    now = read_stack(aws, stack.stack_id)
    if now is not None and not now.is_shell and now.row.removal is not Removal.WATCH:
        raise _changed(stack)


def _discard(aws: Aws, stack: Stack, open_sets: Sequence[OpenSet]) -> None:
    for one in open_sets:
        found = change_sets.find(aws, stack.stack_id, one.change_set_id)
        if found is not None and not found.execution_status.startswith("EXECUTE_"):
            change_sets.delete(aws, found)
