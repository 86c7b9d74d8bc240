"""How many workers a queue needs: by the messages that wait for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.blocks.alarms import INSIGHTS, SQS
from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.blocks.queue import QueueHandle
from ecs_blocks.blocks.scaling import (
    ScalingHandle,
    calculated,
    scalable_target,
    track,
)
from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.blocks.task_counts import TaskCounts
from ecs_blocks.values import Value, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

# The last worker stays while anything is being worked on, though nothing waits any more: that is
# the "one" beside what is visible. Without a worker it is divided by 1, so that there is a number
# to scale out from; a division by nothing is no data, and no data changes nothing, for ever.
# Target tracking adds tasks above its target only: where no worker is wanted yet, what waits
# counts for the target more, or a few messages would wait for ever.
BACKLOG: Final = (
    "(visible + IF(FILL(working, 0) > 0, 1, 0)) / IF(FILL(running, 0) > 0, FILL(running, 1), 1)"
    " + IF(FILL(desired, 0) > 0, 0, IF(visible > 0, "
)


def backlog(messages_per_task: Value[int]) -> Value[str]:
    """The expression for the messages that wait for each worker."""
    return text(BACKLOG, messages_per_task, ", 0))")


class BacklogTargets(TaskCounts, frozen=True, kw_only=True):
    """Between how many workers, and how much may wait for each.

    It takes all of ``TaskCounts`` too.

    Attributes:
        min_count: at least this many; 0 costs nothing while the queue is empty.
        max_count: at most this many; 0 stops the service.
        messages_per_task: how many may wait for one worker: the delay that is acceptable, divided
            by what one message takes.

    From 0 the first worker comes some minutes after the first message: CloudWatch hears of a queue
    that was quiet for six hours up to fifteen minutes late.
    """

    messages_per_task: Value[int] = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        check_at_least("messages_per_task", self.messages_per_task, 1)


class BacklogScaling(Struct, frozen=True, kw_only=True):
    """Target tracking of the messages that wait for each running worker, from and to zero.

    Attributes:
        service: what scales.
        queue: what it works on.
        targets: what to aim for.

    Out after a minute, in after five. Whoever is scaled in gets SIGTERM, then has the container's
    ``stop_timeout_s``; a message that is not deleted by then comes back after its visibility
    timeout. How many run is counted by Container Insights: the cluster has to have them on.
    """

    service: ServiceHandle
    queue: QueueHandle
    targets: BacklogTargets

    def build(self, scope: Scope) -> ScalingHandle:
        """Add the scalable target and its policy."""
        aims = self.targets
        target = scalable_target(scope, self.service, aims)
        queue, service = {"QueueName": self.queue.name}, service_dimensions(self.service)
        metric = calculated(
            "backlog",
            backlog(aims.messages_per_task),
            "messages that wait for each worker",
            visible=(SQS, "ApproximateNumberOfMessagesVisible", queue),
            working=(SQS, "ApproximateNumberOfMessagesNotVisible", queue),
            running=(INSIGHTS, "RunningTaskCount", service),
            desired=(INSIGHTS, "DesiredTaskCount", service),
        )
        policy = track(
            scope, target, "Backlog", aims.messages_per_task, metric, cooldowns=aims.cooldowns
        )
        return ScalingHandle(target=target, policies=(policy,))
