"""The stack as it is and as it will be, as the two sides of a review.

The value of a NoEcho parameter is on neither: CloudFormation does not tell the one that is there,
so nobody could say whether it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ecs_blocks.deploy.cloudformation.stack import mangled, read_template_body
from ecs_blocks.review.side import HIDDEN, Side
from ecs_blocks.review.sources.rendering import side_of
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.target import Target


def planned(target: Target, values: Mapping[str, str]) -> Side:
    """*target* with the *values* that were looked up, over those that were rendered."""
    side = side_of(target.rendered, target.lines, len(target.text.encode()))
    left = {key: text for key, text in side.lookups.items() if key not in values}
    return _secretless(
        structs.replace(side, parameters={**side.parameters, **values}, lookups=left)
    )


def as_it_is(aws: Aws, stack: Stack, after: Side) -> Side:
    """*stack* as it is, to be compared with *after*.

    What only a deploy looks up, and could not be looked up for *after*, is taken to be the same.

    Raises:
        DeployError: AWS did not tell its template.
    """
    body = read_template_body(aws, stack.stack_id, stack.name)
    if isinstance(body, str):
        template = parsed(body.encode(), f"the template of {stack.name}")
        size = len(body.encode())
    else:
        template, size = dict(body), after.template_bytes
    side = Side(
        stack_name=stack.name,
        template=_unmangled(template, after.template),
        parameters={k: v for k, v in stack.parameters.items() if k not in after.lookups},
        lookups={k: v for k, v in after.lookups.items() if k in stack.parameters},
        pseudo=after.pseudo,
        tags=stack.tags,
        template_bytes=size,
    )
    return _secretless(side)


def hidden_parameters(before: Side | None, after: Side) -> list[str]:
    """The NoEcho parameters of which nobody can say whether their values change."""
    if before is None:
        return []
    return [name for name in after.declared if name in before.declared and after.is_hidden(name)]


def _secretless(side: Side) -> Side:
    hidden = {name: HIDDEN for name in side.declared if side.is_hidden(name)}
    if not hidden:
        return side
    left = {key: text for key, text in side.lookups.items() if key not in hidden}
    return structs.replace(side, parameters={**side.parameters, **hidden}, lookups=left)


def _unmangled(told: Any, wanted: Any) -> Any:
    """*told* by GetTemplate, with the texts of *wanted* that it spoils put back."""
    if isinstance(told, dict) and isinstance(wanted, Mapping):
        return {key: _unmangled(value, wanted.get(key)) for key, value in told.items()}
    if isinstance(told, list) and isinstance(wanted, list) and len(told) == len(wanted):
        return [_unmangled(*pair) for pair in zip(told, wanted, strict=True)]
    if isinstance(told, str) and isinstance(wanted, str) and not wanted.isascii():
        return wanted if mangled(told) == mangled(wanted) else told
    return told
