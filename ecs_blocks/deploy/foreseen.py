"""What is known of a deploy that cannot be planned yet: it waits for a stack that is not made.

In an empty environment, only the stacks that need nobody have a plan. Of the others the resources
are known, and which of their values come later, from where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.lookups import has_run
from ecs_blocks.deploy.planning import added

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.target import Target


class Foreseen(Struct, frozen=True, kw_only=True):
    """A stack that is planned once those that it waits for are deployed.

    ``later`` are the parameters whose values are not known yet, with where they come from.
    ``changes`` is what is made of a new stack; of one that is there, nothing can be told.
    """

    stack_name: str
    is_new: bool
    waits_for: tuple[str, ...]
    later: Mapping[str, str]
    changes: tuple[Change, ...] = ()


def foreseen(
    aws: Aws, targets: Mapping[str, Target], graph: Mapping[str, Collection[str]]
) -> Iterator[Foreseen]:
    """Those of *targets* that look something up in another one which is not there yet.

    *graph* is as ``dependencies`` gives it. Where CloudFormation does not answer there are none: to
    know it beforehand is not needed for a deploy.
    """
    wait = {name for name, needed in graph.items() if needed}
    try:
        made = {name for name in sorted(wait.union(*graph.values())) if _is_made(aws, name)}
    except DeployError:
        return
    for name, needed in graph.items():
        missing = tuple(sorted(one for one in needed if one not in made))
        if missing:
            yield _of(targets[name], missing, is_new=name not in made)


def _is_made(aws: Aws, name: str) -> bool:
    stack = read_stack(aws, name)
    return stack is not None and has_run(stack)


def _of(target: Target, missing: tuple[str, ...], *, is_new: bool) -> Foreseen:
    later = {}
    for key, lookup in target.rendered.lookups.items():
        given = lookup.named
        if lookup.kind == "StackOutput" and given["StackName"] in missing:
            later[key] = f"known after {given['StackName']}, its output {given['OutputName']}"
    return Foreseen(
        stack_name=target.stack_name,
        is_new=is_new,
        waits_for=missing,
        later=later,
        changes=tuple(added(target.resolved({}))) if is_new else (),
    )
