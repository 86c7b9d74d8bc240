"""What a service's front comes to, whichever load balancer it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Union

from msgspec import Struct

from ecs_blocks.blocks.entrance import EntranceHandle

if TYPE_CHECKING:
    from ecs_blocks.blocks.service_environment import ServiceEnvironment
    from ecs_blocks.blocks.shared_environment import SharedServiceEnvironment

WebEnvironment: TypeAlias = Union["ServiceEnvironment", "SharedServiceEnvironment"]
"""What environment.yaml may say of a service behind a load balancer, its own or a shared one."""


class Fronted(Struct, frozen=True, kw_only=True):
    """The entrance to a service, and the records of its name, if it has one of its own."""

    entrance: EntranceHandle
    records: tuple[Any, ...]
    shared: bool
