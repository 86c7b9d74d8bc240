"""A container definition: what every container of a task has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from troposphere import ecs

from ecs_blocks.values import REGION, as_text, ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.blocks.container import Port
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.values import Value


def definition(
    log_group: Any,
    *,
    variables: Mapping[str, Value[str]],
    secrets: Mapping[str, AnySecret],
    **properties: Any,
) -> Any:
    """A container with *properties*, variables and secrets.

    It logs into *log_group*, unless the properties say where.
    """
    container = ecs.ContainerDefinition(**properties)
    if "LogConfiguration" not in properties:
        container.LogConfiguration = ecs.LogConfiguration(
            LogDriver="awslogs", Options=log_options(log_group, properties["Name"])
        )
    if variables:
        container.Environment = [
            ecs.Environment(Name=name, Value=as_text(value)) for name, value in variables.items()
        ]
    if secrets:
        container.Secrets = secrets_of(secrets)
    return container


def secrets_of(secrets: Mapping[str, AnySecret]) -> list[Any]:
    """Secrets by name, as a container definition has them."""
    return [
        ecs.Secret(Name=name, ValueFrom=secret.value_from()) for name, secret in secrets.items()
    ]


def log_options(log_group: Any, prefix: str) -> dict[str, Any]:
    """Options of the awslogs driver for *log_group*, a log group of the same template."""
    return {
        "awslogs-group": ref(log_group.title),
        "awslogs-region": REGION,
        "awslogs-stream-prefix": prefix,
        # a blocked log must not block the application (trap 22)
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }


def port_mappings(ports: Iterable[Port]) -> dict[str, Any]:
    """The ports of a container; nothing where it has none."""
    mappings = [port.mapping() for port in ports]
    return {"PortMappings": mappings} if mappings else {}
