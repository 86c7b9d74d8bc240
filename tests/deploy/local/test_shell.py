"""``ecs-blocks exec --local``: what stands in the place of ECS Exec."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.local.shell import refuse

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws


def local(docker_host: str) -> Aws:
    server = Local(port=4566, pid=1, token="t", docker_host=docker_host)
    return LocalAws(server, "123456789012", "ap-northeast-1")


@pytest.mark.parametrize(
    ("docker_host", "said"),
    [
        (
            "unix:///var/run/docker.sock",
            "the imitation of AWS has no ECS Exec\n"
            "  its containers are Docker's: docker exec -it 0a1b2c3d4e5f sh -c 'ls /tmp'",
        ),
        (
            "",
            "the imitation of AWS has no ECS Exec, and without Docker tasks are only recorded: no "
            "container runs",
        ),
    ],
)
def test_the_imitation_has_none_and_says_what_there_is(docker_host: str, said: str) -> None:
    with pytest.raises(DeployError) as refused:
        refuse(local(docker_host), {"runtimeId": "0a1b2c3d4e5f"}, ["sh", "-c", "ls /tmp"])

    assert (refused.value.exit_code, str(refused.value)) == (2, said)
