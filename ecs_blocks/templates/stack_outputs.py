"""What apps look up of each other's stacks, held against what these give: no AWS is asked."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.environment.loaded import Place
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ecs_blocks.errors import Problem
    from ecs_blocks.templates.render import RenderedApp, RenderedEnvironment


class Asked(Struct, frozen=True):
    """One ``!StackOutput``: where it is written, and what it asks of which stack.

    ``by`` is the stack that asks. Without ``is_tagged`` it is text that reads like one, as
    ``cluster.NamespaceArn``, and ``stack`` is the app's name.
    """

    place: Place
    stack: str
    output: str
    by: str
    is_tagged: bool = True


_UNTAGGED: Final = re.compile(r"([a-z][a-z0-9-]*)\.([A-Z][A-Za-z0-9]*)")


class StackOutputs(Struct, frozen=True):
    """The outputs of one stack, and the app that it is."""

    app: str
    names: tuple[str, ...]


def asked_by(rendered: RenderedApp) -> tuple[Asked, ...]:
    """What the environments of *rendered* look up of other stacks, or seem to mean to."""
    return tuple(
        one for environment in rendered.environments for one in _asked_by_environment(environment)
    )


def _asked_by_environment(environment: RenderedEnvironment) -> Iterator[Asked]:
    by, places = environment.stack_name, environment.places
    for key, lookup in environment.lookups.items():
        if lookup.kind == "StackOutput" and key in places:
            arguments = lookup.named
            yield Asked(places[key], arguments["StackName"], arguments["OutputName"], by)
    for key, value in environment.parameters.items():
        if key in places and (found := _UNTAGGED.fullmatch(value)):
            yield Asked(places[key], found[1], found[2], by, is_tagged=False)


def given_by(rendered: RenderedApp) -> dict[str, StackOutputs]:
    """The outputs of *rendered*, by the name of the stack."""
    return {
        environment.stack_name: StackOutputs(
            rendered.app, tuple(environment.template.get("Outputs", {}))
        )
        for environment in rendered.environments
    }


def unanswered(
    asked: Iterable[Asked], given: Mapping[str, StackOutputs], *, every_app: bool
) -> list[Problem]:
    """Lookups that no deploy can answer. With *every_app*, also those of no app's stack."""
    found: dict[Problem, None] = {}
    tagged = []
    outputs = {(stack.app, name) for stack in given.values() for name in stack.names}
    for one in asked:
        if one.is_tagged:
            tagged.append(one)
        elif (one.stack, one.output) in outputs:
            written = f"{one.stack}.{one.output}"
            message = f"{written} is plain text here; to look it up, write !StackOutput {written}"
            found[one.place.problem(message)] = None
    for one in tagged:
        stack = given.get(one.stack)
        if stack is None:
            if every_app:
                message = f"!StackOutput: no app here is the stack {one.stack}; it has to have "
                found[one.place.problem(f"{message}this environment too")] = None
        elif one.output not in stack.names:
            way = nearest(one.output, stack.names)
            way = way or f"; it gives: {', '.join(stack.names) or 'none'}"
            message = f"!StackOutput: {stack.app} has no output {one.output}{way}"
            found[one.place.problem(message)] = None
    return [*found, *_circle(tagged)]


def _circle(asked: Sequence[Asked]) -> Iterator[Problem]:
    """Stacks that wait for each other: none of them could be deployed first."""
    graph: dict[str, set[str]] = {}
    for one in asked:
        graph.setdefault(one.by, set()).add(one.stack)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        stacks = error.args[1][::-1]
        told = " needs ".join(stacks)
        for by, needed in pairwise(stacks):
            one = next(one for one in asked if (one.by, one.stack) == (by, needed))
            yield one.place.problem(
                f"!StackOutput: {told}: none of them can be deployed first; let one of the "
                "lookups go, by a value that is there before both (!Ssm, or a stack of its own)"
            )
