"""A shell in a container of the imitation: Docker's own, as there is no ECS Exec in it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local.clients import LocalAws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws

_NONE: Final = "the imitation of AWS has no ECS Exec"


def refuse(aws: Aws, container: Mapping[str, Any], command: Sequence[str]) -> NoReturn:
    """Say how to run *command* in a container of the imitation, as DescribeTasks tells it.

    Raises:
        DeployError: always.
    """
    assert isinstance(aws, LocalAws), "only the imitation has containers on this machine"
    if not aws.local.docker_host:
        raise DeployError(
            Exit.INPUT, f"{_NONE}, and without Docker tasks are only recorded: no container runs"
        )
    words = ["docker", "exec", "-it", str(container.get("runtimeId", "")), *command]
    raise DeployError(Exit.INPUT, _NONE, f"its containers are Docker's: {shlex.join(words)}")
