"""How a stack is at this moment: itself, its services, and what failed last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from ecs_blocks.deploy.cloudformation.cause import causes_of
from ecs_blocks.deploy.cloudformation.stack import Stack, StackResource, read_resources, template_of
from ecs_blocks.deploy.cloudformation.statuses import Result, Row, Way
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.progress import Service
from ecs_blocks.deploy.skipping import skippable, without_them
from ecs_blocks.deploy.suspended import suspended
from ecs_blocks.deploy.verification import expected_services
from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.verify import ExpectedService
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.records.entry import Entry


class Condition(Struct, frozen=True):
    """What is known of a stack now.

    ``causes`` are why its last operation failed, if it did; ``stuck`` its resources that failed and
    were not mended. ``advice`` says what can be done. ``scaling`` are sentences about scaling that
    is suspended, or resumed by hand.
    """

    stack: Stack
    services: tuple[Service, ...]
    causes: tuple[str, ...]
    stuck: tuple[StackResource, ...]
    advice: str
    images: Mapping[str, str]
    scaling: tuple[str, ...] = ()

    def to_json(self, records: Sequence[Entry]) -> dict[str, Any]:
        """For a machine."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return {**found, "deploys": msgspec.to_builtins(list(records))}


def condition_of(aws: Aws, place: Place, stack: Stack) -> Condition:
    """Look at *stack* once.

    Raises:
        DeployError: AWS did not answer.
    """
    resources = read_resources(aws, stack.stack_id)
    template = template_of(aws, stack)
    expected = expected_services(aws, stack.stack_id, template)
    services = _looked_at(aws, expected)
    row = stack.row
    causes: tuple[str, ...] = ()
    if row.result in (Result.ROLLED_BACK, Result.STUCK):
        causes = causes_of(aws, stack.stack_id)
    return Condition(
        stack=stack,
        services=services,
        causes=causes,
        stuck=tuple(one for one in resources if one.status.endswith("_FAILED")),
        advice=_advice(aws, row, place, stack, services),
        images={key: value for key, value in stack.parameters.items() if "@sha256:" in value},
        scaling=tuple(_of_scaling(aws, place, stack, expected, template)),
    )


def services_now(aws: Aws, stack: Stack) -> tuple[Service, ...]:
    """The services of *stack*, looked at once.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    return _looked_at(aws, expected_services(aws, stack.stack_id, template_of(aws, stack)))


def _looked_at(aws: Aws, expected: Sequence[ExpectedService]) -> tuple[Service, ...]:
    return tuple(
        ServiceWatcher(
            aws,
            one.logical_id,
            one.service_arn,
            one.task_definition_arn or None,
            cluster=one.cluster,
        ).look()
        for one in expected
    )


def _of_scaling(
    aws: Aws,
    place: Place,
    stack: Stack,
    services: Sequence[ExpectedService],
    template: Mapping[str, Any],
) -> Iterator[str]:
    values = Values(parameters=stack.parameters, pseudo=place.pseudo)
    found = suspended(aws, place, services, resolve(template, values))
    if isinstance(found, Gap):
        yield f"whether scaling is suspended is not known: {found.why}"
    else:
        yield from (f"{one.text}; {one.way}" for one in found)


def _advice(aws: Aws, row: Row, place: Place, stack: Stack, services: Sequence[Service]) -> str:
    """What to do, where a deploy would not just go on."""
    if any(one.pause for one in services):
        return f"a deployment waits for a person; to answer: {place.command('continue')}"
    if row.way not in (Way.STOP, Way.REPLACE):
        return ""
    told = place.advice(row.advice)
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        return told
    command = without_them(place, skippable(aws, stack.stack_id))
    return f"{told}; what cannot be mended can be left out: `{command}`" if command else told
