"""How services of a cluster find each other by name: Service Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value

if TYPE_CHECKING:
    from ecs_blocks.blocks.task import TaskHandle


class NoServiceConnect(Struct, frozen=True):
    """The service neither calls others by Service Connect nor is called."""

    def configuration(self, _task: TaskHandle) -> Any:
        """Of the service: off, and said to be off (trap 9)."""
        return ecs.ServiceConnectConfiguration(Enabled=False)


class ServiceConnectClient(Struct, frozen=True):
    """The service calls others of a namespace by their names.

    ``namespace_arn`` is the Cloud Map namespace's. Only services that were there when a task of
    this one started are known to it: deploy what is called first (trap 45).
    """

    namespace_arn: Value[str]

    def configuration(self, task: TaskHandle) -> Any:
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
        port_name: which of the task's ports is called.
        idle_timeout_s: when a connection without traffic is closed; 0 is never, AWS's own five
            minutes (an hour for plain TCP) are the default.
        request_timeout_s: how long one request may take; 0 is for ever, AWS's own fifteen seconds
            are the default. There is none for plain TCP.

    The proxy takes CPU and memory of the task: about 256 units and 64 MiB, more with much traffic.
    """

    namespace_arn: Value[str]
    discovery_name: Value[str]
    client_port: int | None = None
    port_name: str = "app"
    idle_timeout_s: Value[int] | None = None
    request_timeout_s: Value[int] | None = None

    def __post_init__(self) -> None:
        for name in ("idle_timeout_s", "request_timeout_s"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, Token) and value < 0:
                raise BlockError(f"{name} is {value}; 0 is without a limit")

    def configuration(self, task: TaskHandle) -> Any:
        """Of the service.

        Raises:
            BlockError: the task has no port of this name.
        """
        port = task.port_named(self.port_name)
        service = ecs.ServiceConnectService(
            PortName=port.name,
            DiscoveryName=self.discovery_name,
            ClientAliases=[
                ecs.ServiceConnectClientAlias(
                    DnsName=self.discovery_name, Port=self.client_port or port.number
                )
            ],
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
