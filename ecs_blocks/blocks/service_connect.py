"""How services of a cluster find each other by name: Service Connect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import ecs, iam

from ecs_blocks import policies
from ecs_blocks.blocks.limits import MAX_S, check_form, check_port, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.values import PARTITION, KeyArn, Value, get_att, text

if TYPE_CHECKING:
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope

_TLS_POLICY: Final = "AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity"
_DISCOVERY: Final = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
"""Source: Amazon ECS API Reference, ``ServiceConnectService``, ``discoveryName``."""
_KEY_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair")
"""Source: ECS Developer Guide, "Encrypt Amazon ECS Service Connect traffic"."""


class NoServiceConnect(Struct, frozen=True):
    """The service neither calls others by Service Connect nor is called."""

    def configuration(self, _task: TaskHandle, _scope: Scope) -> Any:
        """Of the service: off, and said to be off (trap 9)."""
        return ecs.ServiceConnectConfiguration(Enabled=False)


class NoTls(Struct, frozen=True):
    """Requests between the proxies travel as they are."""

    def of_service(self, _scope: Scope) -> dict[str, Any]:
        """Of the endpoint: nothing."""
        return {}


class PrivateTls(Struct, frozen=True, kw_only=True):
    """Requests between the proxies are encrypted; ECS issues certificates and replaces them.

    Attributes:
        authority_arn: of the private CA that issues them (AWS Private CA), with the tag
            ``AmazonECSManaged: true``. One for short-lived certificates does, and costs less.
        key_arn: the KMS key that the certificates' keys are encrypted with in Secrets Manager;
            None is AWS's own.

    The applications speak plain HTTP to their proxies, as before.
    """

    authority_arn: Value[str]
    key_arn: Value[KeyArn] | None = None

    def of_service(self, scope: Scope) -> dict[str, Any]:
        """Of the endpoint, and the role that ECS issues certificates as."""
        managed = f"service-role/{_TLS_POLICY}"
        role = iam.Role(
            scope.id("ServiceConnectTlsRole"),
            Description="ECS issues and keeps the certificates of Service Connect",
            AssumeRolePolicyDocument=policies.trust_of_ecs(),
            ManagedPolicyArns=[text("arn:", PARTITION, f":iam::aws:policy/{managed}")],
        )
        if self.key_arn is not None:
            role.Policies = [policies.policy("Key", policies.allow(_KEY_ACTIONS, [self.key_arn]))]
        made = ecs.ServiceConnectTlsConfiguration(
            IssuerCertificateAuthority=ecs.ServiceConnectTlsCertificateAuthority(
                AwsPcaAuthorityArn=self.authority_arn
            ),
            RoleArn=get_att(scope.add(role), "Arn"),
        )
        if self.key_arn is not None:
            made.KmsKey = self.key_arn
        return {"Tls": made}


class ServiceConnectClient(Struct, frozen=True):
    """The service calls others of a namespace by their names.

    ``namespace_arn`` is the Cloud Map namespace's. Only services that were there when a task of
    this one started are known to it: deploy what is called first (trap 45).
    """

    namespace_arn: Value[str]

    def configuration(self, task: TaskHandle, _scope: Scope) -> Any:
        """Of the service. The proxy's log goes beside the application's."""
        return ecs.ServiceConnectConfiguration(
            Enabled=True, Namespace=self.namespace_arn, LogConfiguration=_proxy_log(task)
        )


class ServiceConnectServer(Struct, frozen=True, kw_only=True):
    """Others of a namespace call the service by its name; it may call them too.

    Attributes:
        namespace_arn: the Cloud Map namespace's.
        discovery_name: clients call ``http://<name>:<port>``.
        client_port: the port that clients call; by default the container's own.
        port_name: which of the task's ports is called; one by TCP, for the proxy speaks no other
            (Amazon ECS API Reference, PortMapping, ``appProtocol``).
        idle_timeout_s: when a connection without traffic is closed; 0 is never, AWS's own five
            minutes (an hour for plain TCP) are the default.
        request_timeout_s: how long one request may take; 0 is for ever, AWS's own fifteen seconds
            are the default. There is none for plain TCP.
        tls: whether requests are encrypted on their way: ``PrivateTls(…)``.

    The proxy takes CPU and memory of the task: about 256 units and 64 MiB, more with much traffic.
    """

    namespace_arn: Value[str]
    discovery_name: Value[str]
    client_port: int | None = None
    port_name: str = "app"
    idle_timeout_s: Value[int] | None = None
    request_timeout_s: Value[int] | None = None
    tls: NoTls | PrivateTls = NoTls()

    def __post_init__(self) -> None:
        for name in ("idle_timeout_s", "request_timeout_s"):
            check_within(name, getattr(self, name), 0, MAX_S)
        check_form(
            "discovery_name",
            self.discovery_name,
            _DISCOVERY,
            "like orders, with at most 64 lower case letters, digits, _ and -",
        )
        if self.client_port is not None:
            check_port(self.client_port)

    def configuration(self, task: TaskHandle, scope: Scope) -> Any:
        """Of the service.

        Raises:
            BlockError: the task has no port of this name, or it is one by UDP.
        """
        port = task.port_named(self.port_name)
        if port.protocol == "udp":
            raise BlockError(
                f"the port {port.name} is by UDP, and Service Connect speaks TCP: name another in "
                "port_name, or take eb.CloudMapName(…)"
            )
        service = ecs.ServiceConnectService(
            PortName=port.name,
            DiscoveryName=self.discovery_name,
            ClientAliases=[
                ecs.ServiceConnectClientAlias(
                    DnsName=self.discovery_name, Port=self.client_port or port.number
                )
            ],
            **self.tls.of_service(scope),
        )
        timeouts = {
            "IdleTimeoutSeconds": self.idle_timeout_s,
            "PerRequestTimeoutSeconds": self.request_timeout_s,
        }
        if given := {name: value for name, value in timeouts.items() if value is not None}:
            service.Timeout = ecs.TimeoutConfiguration(**given)
        return ecs.ServiceConnectConfiguration(
            Enabled=True,
            Namespace=self.namespace_arn,
            Services=[service],
            LogConfiguration=_proxy_log(task),
        )


ServiceConnect = NoServiceConnect | ServiceConnectClient | ServiceConnectServer


def _proxy_log(task: TaskHandle) -> Any:
    return ecs.LogConfiguration(LogDriver="awslogs", Options=task.log_options("service-connect"))
