"""Whether subnets are public or private, as platform.yaml says it of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.parts import parts
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ecs_blocks.checks.model import Resource, Template


def is_public(place: str, subnet: Any, template: Template) -> bool:
    """Whether *subnet*, which stands at *place*, is one of the platform's public subnets.

    Raises:
        Unknown: the subnet is not known yet, or the platform does not know it.
    """
    if is_intrinsic(subnet) or not isinstance(subnet, str):
        raise Unknown(place)
    platform = template.platform
    if subnet in platform.public_subnet_ids:
        return True
    if subnet in platform.private_subnet_ids:
        return False
    raise Unknown(place)


def subnets_of(balancer: Resource) -> Iterator[tuple[str, Any]]:
    """Every subnet of a load balancer with its place, mapped or not."""
    for one in parts(balancer, "Subnets"):
        yield one.path, one.value
    for mapping in parts(balancer, "SubnetMappings"):
        yield mapping.at("SubnetId"), mapping.raw("SubnetId")
