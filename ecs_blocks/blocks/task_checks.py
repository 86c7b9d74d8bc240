"""What the containers of a task have to agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from ecs_blocks.blocks.container import Condition
from ecs_blocks.blocks.task_secret import Secret, SsmParameter
from ecs_blocks.blocks.volume import HostVolume
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.blocks.container import Container, Port
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.values import Value

MAX_STOP_S: Final = 120
"""On Fargate. Source: Amazon ECS API Reference, ContainerDefinition, ``stopTimeout``."""


def check_variables(
    place: str, variables: Mapping[str, Value[str]], secrets: Mapping[str, AnySecret]
) -> None:
    """Refuse variables and secrets that do not go together; *place* begins the message.

    Raises:
        BlockError: a name comes twice, a variable is None, a secret is something else.
    """
    both = sorted(set(variables) & set(secrets))
    if both:
        raise BlockError(f"{place}{', '.join(both)}: a variable and a secret of the same name")
    for name, secret in secrets.items():
        if not isinstance(secret, (SsmParameter, Secret)):
            raise BlockError(
                f"{place}the secret {name} has to be eb.SsmParameter(...) or eb.Secret(...), not "
                f"{type(secret).__name__}"
            )
    for name, value in variables.items():
        if value is None:
            raise BlockError(f'{place}the variable {name} is None; write "" for an empty one')


def check_containers(
    *containers: tuple[str, Container, bool], ports: tuple[Port | None, ...]
) -> None:
    """Refuse names that come twice, and waiting for what cannot happen.

    Each of *containers* is its name, how it runs, and whether it is essential; *ports* are those of
    the task beside theirs.

    Raises:
        BlockError: ECS would refuse the task definition.
    """
    by_name = {name: (one, essential) for name, one, essential in containers}
    if len(by_name) < len(containers):
        names = [name for name, _, _ in containers]
        twice = next(name for name in names if names.count(name) > 1)
        raise BlockError(f"there are two containers {twice}; rename one")
    _check_ports([*ports, *(port for _, one, _ in containers for port in one.ports)])
    for name, container, _ in containers:
        for other, condition in container.after.items():
            if other == name or other not in by_name:
                way = nearest(other, by_name.keys() - {name})
                raise BlockError(f"{name} waits for {other}, which is no other container{way}")
            if condition not in get_args(Condition):
                way = nearest(str(condition), get_args(Condition))
                raise BlockError(
                    f"{name} waits for {other} until {condition}; allowed: "
                    f"{', '.join(get_args(Condition))}{way}"
                )
            awaited, essential = by_name[other]
            if condition == "HEALTHY" and awaited.health_check is None:
                raise BlockError(f"{name} waits until {other} is healthy, which has no check")
            if condition in ("COMPLETE", "SUCCESS") and essential:
                raise BlockError(
                    f"{name} waits for the end of {other}, which is essential: the task would end "
                    "with it"
                )


def check_fargate(containers: Iterable[Container]) -> None:
    """Refuse what there is on instances only.

    Raises:
        BlockError: Fargate has no such volume or limit, or does not wait so long.
    """
    for one in containers:
        if one.stop_timeout_s > MAX_STOP_S:
            raise BlockError(
                f"stop_timeout_s is {one.stop_timeout_s}; allowed on Fargate: 2 to {MAX_STOP_S}"
            )
        for mount in one.mounts:
            if isinstance(mount.volume, HostVolume):
                raise BlockError(
                    f"{mount.volume.name}: a HostVolume is a folder of an instance; there is none "
                    "on Fargate"
                )
        for limit in one.ulimits:
            if limit.name != "nofile":
                raise BlockError(f"{limit.name}: on Fargate only the limit nofile can be set")


def _check_ports(ports: list[Port | None]) -> None:
    known = [port for port in ports if port is not None]
    numbers = [(port.number, port.protocol) for port in known]
    for number, protocol in numbers:
        if numbers.count((number, protocol)) > 1:
            raise BlockError(f"two ports of the task have the number {number}")
    names = [port.name for port in known]
    for name in names:
        if names.count(name) > 1:
            raise BlockError(f"two ports of the task have the name {name}")
