"""Cloud Map: namespaces, and the DNS names of services in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import servicediscovery

from ecs_blocks.blocks.limits import MAX_S, check_form, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value, VpcId, get_att, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_HTTP_NAME: Final = re.compile(r"[!-~]{1,1024}")
_ZONE_NAME: Final = re.compile(r"(?!arn:)[!-~]{1,253}")
"""Source: AWS Cloud Map API Reference, CreateHttpNamespace and CreatePrivateDnsNamespace."""
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NamespaceHandle(Struct, frozen=True, kw_only=True):
    """A namespace of the same template."""

    resource: Any

    @property
    def arn(self) -> Token[str]:
        """What Service Connect asks for."""
        return get_att(self.resource, "Arn")

    @property
    def id(self) -> Token[str]:
        """What ``CloudMapName`` asks for."""
        return ref(self.resource.title)


class Namespace(Struct, frozen=True, kw_only=True):
    """A namespace for Service Connect; one for each environment, beside its cluster.

    Attributes:
        name: unique in the account and region, ``prod`` or ``prod.internal``. It cannot be
            changed without replacing the namespace, which is refused while a service is in it.

    Output: ``NamespaceArn``, for ``!StackOutput`` in the environment.yaml of what uses it.
    """

    name: Value[str]

    def __post_init__(self) -> None:
        check_form("name", self.name, _HTTP_NAME, "like prod, without spaces")

    def build(self, scope: Scope) -> NamespaceHandle:
        """Add the namespace."""
        resource = scope.add(servicediscovery.HttpNamespace(scope.id("Namespace"), Name=self.name))
        handle = NamespaceHandle(resource=resource)
        scope.output("NamespaceArn", handle.arn, "where services find each other")
        return handle


class DnsNamespace(Struct, frozen=True, kw_only=True):
    """A private DNS zone in which services have names, for callers outside of Service Connect.

    Attributes:
        name: of the zone, ``prod.internal``. Service Connect takes this namespace too.
        vpc_id: who can ask for the names.

    Outputs: ``NamespaceArn`` and ``NamespaceId``.
    """

    name: Value[str]
    vpc_id: Value[VpcId]

    def __post_init__(self) -> None:
        check_form("name", self.name, _ZONE_NAME, "like prod.internal, without spaces")

    def build(self, scope: Scope) -> NamespaceHandle:
        """Add the namespace."""
        resource = scope.add(
            servicediscovery.PrivateDnsNamespace(
                scope.id("Namespace"), Name=self.name, Vpc=self.vpc_id
            )
        )
        handle = NamespaceHandle(resource=resource)
        scope.output("NamespaceArn", handle.arn, "where services find each other")
        scope.output("NamespaceId", handle.id, "where names of services are made")
        return handle


class CloudMapName(Struct, frozen=True, kw_only=True):
    """A DNS name that answers with the addresses of the tasks.

    Attributes:
        namespace_id: of the private DNS namespace, ``ns-0123456789abcdef``.
        name: in it: ``orders`` in ``prod.internal`` is ``orders.prod.internal``.
        ttl_s: how long an answer may be kept. Clients that keep it longer (a JVM does, for ever,
            unless told) call tasks that are gone; Service Connect has no such trouble.
    """

    namespace_id: Value[str]
    name: str
    ttl_s: int = 10

    def __post_init__(self) -> None:
        check_within("ttl_s", self.ttl_s, 0, MAX_S)
        if not _LABEL.fullmatch(self.name):
            raise BlockError(
                f"{self.name!r} cannot be a name in DNS: lower case letters, digits and hyphens"
            )

    def build(self, scope: Scope) -> Any:
        """Add the name, and return it (a ``troposphere.servicediscovery.Service``)."""
        record = servicediscovery.DnsRecord(Type="A", TTL=str(self.ttl_s))
        record.properties["TTL"] = self.ttl_s  # a number to AWS, text to troposphere
        return scope.add(
            servicediscovery.Service(
                scope.id("DiscoveryService"),
                Name=self.name,
                NamespaceId=self.namespace_id,
                DnsConfig=servicediscovery.DnsConfig(
                    RoutingPolicy="MULTIVALUE", DnsRecords=[record]
                ),
                # ECS says which tasks are well; nobody else can, inside a VPC
                HealthCheckCustomConfig=servicediscovery.HealthCheckCustomConfig(
                    FailureThreshold=1
                ),
            )
        )
