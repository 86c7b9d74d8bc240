"""ECS keeps the names that begin with ``aws``, ``ecs`` and ``fargate`` for itself.

A capacity provider with such a ``Name`` is refused when it is created. Leave ``Name`` out: then
CloudFormation makes one, and a change that replaces the provider does not collide with the old
one.

Source: Amazon ECS API Reference, CreateCapacityProvider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.texts import HOLE, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVED: Final = ("aws", "ecs", "fargate")


def _judge(provider: Resource, template: Template) -> Iterator[Fault]:
    if not isinstance(provider.raw("Name"), (str, dict)):
        return
    name = settled(provider.raw("Name"), template, "Name")
    if HOLE.match(name):
        raise Unknown("Name")
    for prefix in _RESERVED:
        if name.startswith(prefix):
            yield Fault("Name", f"{name!r} begins with {prefix!r}, which ECS keeps for itself")


CHECK = Check(
    id="EB117",
    title="capacity provider has a reserved name",
    types=("AWS::ECS::CapacityProvider",),
    severity=Severity.ERROR,
    fix="leave Name out, or begin it with something else",
    judge=_judge,
)
