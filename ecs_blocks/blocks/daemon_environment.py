"""What environment.yaml and platform.yaml may say of a daemon."""

from __future__ import annotations

from ecs_blocks.blocks.task_environment import OnInstances
from ecs_blocks.environment.declare import Param, param


class DaemonEnvironment(OnInstances):
    """A task on every instance of the cluster.

    ``TaskMemory`` is what is set aside for it on each of them, ``TaskMaxMemory`` where it is
    killed.
    """

    alarm_cpu_percent: Param[int] = param(
        default=85, ge=1, help="CPU above this for five minutes rings"
    )
    alarm_memory_percent: Param[int] = param(
        default=85, ge=1, le=100, help="memory above this share of the limit rings"
    )
