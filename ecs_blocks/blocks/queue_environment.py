"""What environment.yaml and platform.yaml may say of a service that works on a queue."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING

from ecs_blocks.blocks.task_environment import CountedEnvironment, OnFargate, OnInstances
from ecs_blocks.environment.declare import Param, param
from ecs_blocks.values import known

if TYPE_CHECKING:
    from collections.abc import Iterator


class QueueEnvironment(CountedEnvironment, ABC):
    """What every worker on a queue takes, wherever it runs.

    ``ServiceDesiredCount: 0`` with a ``ServiceMaxCount`` above runs nothing while the queue is
    empty.
    """

    scaling_messages_per_task: Param[int] = param(
        default=100, ge=1, help="messages that may wait for each worker, before there are more"
    )
    queue_visibility_timeout_seconds: Param[int] = param(
        default=300, ge=0, le=43_200, help="longer than the work on one message takes"
    )
    queue_max_receives: Param[int] = param(
        default=3, ge=1, le=1000, help="after so many failures a message is put aside"
    )
    alarm_message_age_seconds: Param[int] = param(
        default=900, ge=1, help="an oldest message that has waited longer rings"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A message that is hidden between its failures grows old meanwhile."""
        yield from super().problems()
        pair = known(self.queue_visibility_timeout_seconds, self.alarm_message_age_seconds)
        if pair and pair[1] <= pair[0]:
            hidden, age = pair
            yield (
                "alarm_message_age_seconds",
                f"one failure hides a message for {hidden} seconds (QueueVisibilityTimeoutSeconds)"
                f"; at {age} it would ring for that",
            )


class QueueWorkerEnvironment(OnInstances, QueueEnvironment):
    """A worker on a queue, on the instances of the cluster.

    ``TaskMemory`` is what the scheduler sets aside for a task, ``TaskMaxMemory`` where it is
    killed.
    """


class FargateQueueWorkerEnvironment(OnFargate, QueueEnvironment):
    """A worker on a queue, on Fargate: ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists."""
