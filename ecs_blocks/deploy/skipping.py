"""What a rollback that is stuck may leave out: as little as possible, by the names that AWS takes.

Source: API reference, ContinueUpdateRollback, ResourcesToSkip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.cause import is_cancelled
from ecs_blocks.deploy.cloudformation.events import STACK
from ecs_blocks.deploy.cloudformation.stack import (
    StackResource,
    name_in,
    read_resources,
    read_stack,
)
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place


class Skippable(Struct, frozen=True):
    """A resource that could not be rolled back.

    ``name`` is what ContinueUpdateRollback takes: a logical id, for a resource of a nested stack
    ``hoge-prod-Nested-1A2B.Topic``, with the nested stack's name. ``path`` is the same by logical
    ids alone: ``Nested.Topic``.
    """

    name: str
    path: str
    resource: StackResource


def skippable(aws: Aws, stack_id: str) -> list[Skippable]:
    """What can be left out of the rollback of a stack that is UPDATE_ROLLBACK_FAILED.

    Of a nested stack, what failed in it; the nested stack itself only where that is deleted, or was
    to be. What was only cancelled need not be left out.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    return list(_skippable(aws, stack_id, "", ""))


def _skippable(aws: Aws, stack_id: str, inside: str, path: str) -> Iterator[Skippable]:
    for one in read_resources(aws, stack_id):
        if one.status != "UPDATE_FAILED":
            continue
        if one.type == STACK and not one.physical_id.startswith("arn:"):
            continue
        if one.type == STACK and not _is_deleted(aws, one.physical_id):
            nested = f"{name_in(one.physical_id)}."
            yield from _skippable(aws, one.physical_id, nested, f"{path}{one.logical_id}.")
        elif not is_cancelled(one.reason):
            yield Skippable(f"{inside}{one.logical_id}", f"{path}{one.logical_id}", one)


def _is_deleted(aws: Aws, stack_id: str) -> bool:
    stack = read_stack(aws, stack_id)
    return stack is None or stack.status.startswith("DELETE_")


def chosen(able: Sequence[Skippable], skip: Sequence[str]) -> tuple[Skippable, ...]:
    """What *skip* means, each a name or a path.

    Raises:
        DeployError: it names what cannot be left out: CloudFormation would refuse it.
    """
    known = {spelling: one for one in able for spelling in (one.path, one.name)}
    wrong = sorted(set(skip) - known.keys())
    if wrong:
        raise DeployError(
            Exit.INPUT,
            f"--skip {' '.join(wrong)}: only what could not be rolled back can be left out: "
            f"{', '.join(one.name for one in able) or 'nothing is'}",
        )
    return tuple({known[one].path: known[one] for one in skip}.values())


def without_them(place: Place, able: Sequence[Skippable]) -> str:
    """What to type to leave out of the rollback all that failed in it; empty where nothing did."""
    options = [word for one in able for word in ("--skip", one.name)]
    return place.command("recover", *options) if able else ""
