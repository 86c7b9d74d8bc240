"""What apps look up of each other's stacks, held against what these give: no AWS is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.environment.loaded import Place
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.errors import Problem
    from ecs_blocks.templates.render import RenderedApp


class Asked(Struct, frozen=True):
    """One ``!StackOutput``: where it is written, and what it asks of which stack."""

    place: Place
    stack: str
    output: str


class StackOutputs(Struct, frozen=True):
    """The outputs of one stack, and the app that it is."""

    app: str
    names: tuple[str, ...]


def asked_by(rendered: RenderedApp) -> tuple[Asked, ...]:
    """What the environments of *rendered* look up of other stacks."""
    return tuple(
        Asked(environment.places[key], arguments["StackName"], arguments["OutputName"])
        for environment in rendered.environments
        for key, lookup in environment.lookups.items()
        if lookup.kind == "StackOutput" and key in environment.places
        for arguments in [dict(lookup.arguments)]
    )


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
    for one in asked:
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
    return list(found)
