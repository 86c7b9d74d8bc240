"""What ``!Vpc``, ``!Subnets`` and ``!SecurityGroup`` look for, made in the imitation.

A network that is made elsewhere is not in the imitation: where nothing has the tags, something of
the kind is made and gets them, so that the deploy then finds it by the same way as in AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.deploy.by_tags import described, having
from ecs_blocks.deploy.local import making
from ecs_blocks.deploy.local.invented import invented
from ecs_blocks.environment.by_tags import BY_TAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.local.clients import LocalAws
    from ecs_blocks.environment.fields import Lookup
    from ecs_blocks.templates.render import RenderedEnvironment

_VPC_TYPE = BY_TAGS["Vpc"].cloudformation


def with_network_by_tags(
    aws: LocalAws, rendered: RenderedEnvironment, say: Callable[[str], object]
) -> RenderedEnvironment:
    """*rendered* with the ids of what it looks up by tags; *say* is told of what was made for it.

    Raises:
        DeployError: the server does not answer, or refuses something.
    """
    for kind in BY_TAGS:  # the VPC first, because the others are in it
        for key, lookup in rendered.lookups.items():
            if lookup.kind == kind:
                ids = having(aws, lookup)
                if not ids:
                    ids = _made(aws, rendered, key, lookup)
                    making.make_tags(aws, ids, lookup.named)
                    say(f"{described(lookup)}: not there; made up as {', '.join(ids)}")
                parameters = {**rendered.parameters, key: ",".join(ids)}
                rendered = structs.replace(rendered, parameters=parameters)
    return rendered


def _made(
    aws: LocalAws, rendered: RenderedEnvironment, key: str, lookup: Lookup
) -> tuple[str, ...]:
    declared = rendered.template["Parameters"]
    name = described(lookup)
    vpcs = [
        rendered.parameters[one]
        for one, declaration in declared.items()
        if declaration["Type"] == _VPC_TYPE and one in rendered.parameters
    ]
    if lookup.kind == "SecurityGroup":
        making.make_network(aws, vpcs, ())
        return (making.make_security_group(aws, name, (vpcs or [making.DEFAULT_VPC])[0]),)
    ids = tuple(invented(declared[key], name).split(","))
    if lookup.kind == "Vpc":
        making.make_network(aws, [*vpcs, *ids], ())
    else:
        making.make_network(aws, vpcs, [ids])
    return ids
