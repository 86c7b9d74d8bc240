"""The names under which a load balancer is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from troposphere import route53

from ecs_blocks.values import HostedZoneId, Value

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class Addressed(Protocol):
    """A load balancer as DNS needs it."""

    @property
    def dns_name(self) -> Value[str]:
        """The name that AWS gave it."""
        ...

    @property
    def zone_id(self) -> Value[str]:
        """The hosted zone of that name."""
        ...


class AliasRecords(Struct, frozen=True, kw_only=True):
    """An A and an AAAA record that follow a load balancer's addresses.

    Attributes:
        name: the host name.
        hosted_zone_id: the Route 53 zone that the name is in.
        balancer: where it points. An IPv4 balancer has no AAAA answer; the record is then empty,
            and right at once when the balancer becomes ``dualstack``.
    """

    name: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    balancer: Addressed

    def build(self, scope: Scope) -> tuple[Any, Any]:
        """Add both records, and return them (``troposphere.route53.RecordSetType``)."""
        a, aaaa = (
            scope.add(
                route53.RecordSetType(
                    scope.id(f"Record{kind.capitalize()}"),
                    Type=kind,
                    Name=self.name,
                    HostedZoneId=self.hosted_zone_id,
                    AliasTarget=route53.AliasTarget(
                        DNSName=self.balancer.dns_name,
                        HostedZoneId=self.balancer.zone_id,
                        EvaluateTargetHealth=False,
                    ),
                )
            )
            for kind in ("A", "AAAA")
        )
        return a, aaaa
