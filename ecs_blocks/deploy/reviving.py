"""A deploy of long ago, prepared once more from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.lookups import Resolved
from ecs_blocks.deploy.outcome import DeployError, Exit
from ecs_blocks.deploy.planning import Prepared
from ecs_blocks.deploy.target import Target
from ecs_blocks.deploy.upload import place as placed
from ecs_blocks.templates.read import parsed
from ecs_blocks.templates.render import RenderedEnvironment

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws, Identity
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.records.record import Record


def revived(
    aws: Aws, place: Place, record: Record, identity: Identity, warnings: tuple[str, ...]
) -> Prepared:
    """What *record* holds, ready to be planned. Parameters that it hides keep the stack's value.

    Raises:
        DeployError: it is the record of another stack.
    """
    here = (place.account_id, place.region, place.stack_name)
    there = (record.account_id, record.region, record.stack_name)
    if here != there:
        raise DeployError(
            Exit.INPUT,
            f"the record {record.id} is of {record.stack_name} in {record.account_id}, "
            f"{record.region}; this is {place.stack_name} in {place.account_id}, {place.region}",
        )
    known = {key: value for key, value in record.parameters.items() if value is not None}
    rendered = RenderedEnvironment(
        name=place.environment,
        stack_name=place.stack_name,
        template=parsed(record.template.encode(), f"the template of {record.id}"),
        parameters=known,
        tags=record.tags,
        lookups={},
        pseudo=place.pseudo,
    )
    content = Content(
        template=record.template,
        parameters=record.parameters,
        tags=record.tags,
        role_arn=place.settings.service_role_arn or "",
    )
    body = placed(aws, place.settings, record.template.encode(), place.account_id)
    return Prepared(
        target=Target(place, rendered, record.template),
        content=content,
        body=body.arguments,
        identity=identity,
        resolved=Resolved({}, {}, ()),
        facts=(f"the version of {record.id}",),
        warnings=warnings,
    )
