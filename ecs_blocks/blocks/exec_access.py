"""ECS Exec: a shell in a running container, for the time of an investigation."""

from __future__ import annotations

from typing import Any, Final

import awacs.logs
from awacs.aws import Action
from msgspec import Struct

from ecs_blocks import policies
from ecs_blocks.blocks.volume import Mount, ScratchVolume
from ecs_blocks.values import KeyArn, Value, arn, text

_WRITABLE: Final = {
    "exec-agent": "/managed-agents",
    "exec-state": "/var/lib/amazon/ssm",
    "exec-log": "/var/log/amazon/ssm",
}
"""What the agent of ECS Exec writes to; source: aws/containers-roadmap issue 1359."""

_CHANNELS: Final = ("CreateControl", "CreateData", "OpenControl", "OpenData")


class Exec(Struct, frozen=True, kw_only=True):
    """Lets ``ecs-blocks exec`` open a shell in the container (``aws ecs execute-command``).

    Attributes:
        key_arn: the key under which the cluster encrypts sessions and their log.
        log_group_name: where the cluster writes what was typed and answered. Of a ``Cluster`` it
            is ``/ecs/<its stack>/exec``, its output ``ExecLogGroupName``.
        enabled: of the service or job; False closes the door in an environment, and that is all.

    The one flag gives the task's role its channel to Systems Manager and the right to write the
    session's log, and mounts the three folders that the agent writes to: the root file system
    stays read-only (trap 35). A change of *enabled* takes effect with new tasks, and starts none by
    itself (API Reference, UpdateService): ``ecs-blocks redeploy`` does, to open and to close.
    """

    key_arn: Value[KeyArn]
    log_group_name: Value[str]
    enabled: Value[bool] = True

    def mounts(self) -> tuple[Mount, ...]:
        """The folders that have to be writable."""
        return tuple(Mount(ScratchVolume(name), path) for name, path in _WRITABLE.items())

    def policy(self) -> Any:
        """What the task's role has to be allowed. The actions of a channel know no resources."""
        group = arn("logs", text("log-group:", self.log_group_name, ":*"))
        return policies.policy(
            "Exec",
            policies.allow(
                [
                    *(Action("ssmmessages", f"{verb}Channel") for verb in _CHANNELS),
                    awacs.logs.DescribeLogGroups,
                ],
                ["*"],
            ),
            policies.allow(
                [
                    awacs.logs.CreateLogStream,
                    awacs.logs.DescribeLogStreams,
                    awacs.logs.PutLogEvents,
                ],
                [group],
            ),
            policies.decrypt([self.key_arn]),
        )
