"""Containers beside the application's own, in the same task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field
from troposphere import ecs

from ecs_blocks.blocks.container import Container, check_container_name
from ecs_blocks.blocks.container_definition import secrets_of
from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.blocks.task_secret import AnySecret
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value

MIN_MEMORY_MIB: Final = 6


class Sidecar(Struct, frozen=True, kw_only=True):
    """A container beside the application's own: a proxy, an agent, what prepares a volume.

    Attributes:
        name: of the container; the stream of its log begins with it.
        image: repository with tag or digest. One that is a token has to come from a repository
            that stands under ``images``; of one that is text the permission to pull is made here.
        memory_mib: where it is killed. It counts against the task's memory on Fargate, and adds
            to it on instances; without a limit of its own it could take the application's.
        cpu: CPU units that it is guaranteed.
        essential: whether the task ends with it. A proxy without which nothing works is; an agent
            that only watches is not, and is given ``Container(restart=Restart())`` instead.
        variables: environment variables, by name.
        secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
        container: how it runs: user, health check, ports, mounts, what it waits for.
    """

    name: str
    image: Value[str]
    memory_mib: Value[int]
    cpu: Value[int] = 32
    essential: bool = False
    variables: Mapping[str, Value[str]] = field(default_factory=dict)
    secrets: Mapping[str, AnySecret] = field(default_factory=dict)
    container: Container = field(default_factory=Container)

    def __post_init__(self) -> None:
        check_container_name(self.name)
        if not isinstance(self.memory_mib, Token) and self.memory_mib < MIN_MEMORY_MIB:
            raise BlockError(
                f"{self.name}: memory_mib is {self.memory_mib}; Docker takes {MIN_MEMORY_MIB} and "
                "more"
            )
        check_at_least(f"{self.name}: cpu", self.cpu, 0)
        if self.container.exec is not None:
            raise BlockError(
                f"{self.name}: a shell is opened in the application's container; give exec to its "
                "Container"
            )

    def properties(self) -> dict[str, Any]:
        """What the container definition has of this kind alone: nothing."""
        return {}

    def all_secrets(self) -> tuple[AnySecret, ...]:
        """What ECS has to read for it."""
        return tuple(self.secrets.values())


class LogRouter(Sidecar, frozen=True, kw_only=True):
    """Fluent Bit beside the application (FireLens): its log goes where *options* say.

    Attributes:
        name: of the container; the stream of the router's own log begins with it.
        image: ``public.ecr.aws/aws-observability/aws-for-fluent-bit`` with a tag.
        options: of the output, in Fluent Bit's words: ``{"Name": "datadog", …}``.
        secret_options: options whose value ECS reads from Parameter Store or Secrets Manager.
        memory_mib: where it is killed; what cannot be sent yet waits in it.
        cpu: CPU units that it is guaranteed.
        essential: whether the task ends with it; without it the log is lost.
        variables: environment variables, by name.
        secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
        container: how it runs. FireLens works as root only: the socket belongs to it
            (aws/containers-roadmap issue 2122).

    Its own log, and that of the other sidecars, stay in the log group. What it writes to (a stream,
    another log group) the *task's* role has to allow.
    """

    name: str = "log-router"
    options: Mapping[str, Value[str]]
    secret_options: Mapping[str, AnySecret] = field(default_factory=dict)
    memory_mib: Value[int] = 128
    essential: bool = True
    container: Container = field(default_factory=lambda: Container(user="0:0"))

    def properties(self) -> dict[str, Any]:
        """The container definition's part of it."""
        return {
            "FirelensConfiguration": ecs.FirelensConfiguration(
                Type="fluentbit", Options={"enable-ecs-log-metadata": "true"}
            )
        }

    def log_configuration(self) -> Any:
        """Of the application's container."""
        found = ecs.LogConfiguration(LogDriver="awsfirelens", Options=dict(self.options))
        if self.secret_options:
            found.SecretOptions = secrets_of(self.secret_options)
        return found

    def all_secrets(self) -> tuple[AnySecret, ...]:
        """What ECS has to read for it: those of the options too."""
        return (*self.secrets.values(), *self.secret_options.values())
