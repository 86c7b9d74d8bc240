"""A load balancer as a service sees it: of its own stack, or of another one."""

from __future__ import annotations

from typing import Any, NoReturn

from msgspec import Struct

from ecs_blocks.blocks.security_group import Group
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value


class Balancer(Struct, frozen=True, kw_only=True):
    """What rules, records, scaling and alarms need to know of an Application Load Balancer.

    Attributes:
        listener_arn: of the HTTPS listener.
        dns_name: the name that AWS gave it.
        zone_id: the hosted zone of that name: not that of the domain.
        full_name: the metric dimension ``LoadBalancer``: ``app/name/id``, not the ARN.
        group: its security group, as the peer of a rule.
    """

    listener_arn: Value[str]
    dns_name: Value[str]
    zone_id: Value[str]
    full_name: Value[str]
    group: Group

    @property
    def resource(self) -> Any:
        """The load balancer itself, where it is of this stack."""
        return self._elsewhere()

    @property
    def security_group(self) -> Any:
        """Its security group, where it is of this stack."""
        return self._elsewhere()

    @property
    def http_listener(self) -> Any:
        """The listener that redirects, where it is of this stack."""
        return self._elsewhere()

    @property
    def https_listener(self) -> Any:
        """The listener that rules are added to, where it is of this stack."""
        return self._elsewhere()

    def _elsewhere(self) -> NoReturn:
        raise BlockError(
            "the load balancer is of another stack, and is changed there; this stack has only "
            "what is looked up of it"
        )
