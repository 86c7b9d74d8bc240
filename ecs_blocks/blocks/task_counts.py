"""How many tasks there may be, from when on, and whether that number may change at all."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import Struct
from troposphere import applicationautoscaling as aas

from ecs_blocks.blocks.cooldowns import Cooldowns
from ecs_blocks.blocks.limits import check_at_least, check_form
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value, known

_ACTION: Final = re.compile(r"(?! )[^\x00-\x1f\x7f-\x9f:/|]{1,256}(?<! )")
"""Source: Application Auto Scaling API Reference, PutScheduledAction, ``ScheduledActionName``."""


class ScheduledCount(Struct, frozen=True, kw_only=True):
    """Other bounds from a time on: off at night, more before the rush.

    Attributes:
        name: of the action, once in a service: ``Night``.
        schedule: ``cron(0 20 ? * MON-FRI *)``, with six fields, ``rate(…)`` or ``at(…)``.
        min_count: at least this many from then on.
        max_count: at most this many; with *min_count* 0 and this 0 the service is off.
        time_zone: of the schedule: ``Asia/Tokyo``.

    Bounds stay until the next action: one that switches off needs one that switches on. A deploy
    does not undo them, unless it changes the bounds of the service itself.
    """

    name: str
    schedule: Value[str]
    min_count: Value[int]
    max_count: Value[int]
    time_zone: Value[str] = "UTC"

    def __post_init__(self) -> None:
        from ecs_blocks.blocks.schedule import check_action, check_time_zone  # noqa: PLC0415 - few

        check_form("name", self.name, _ACTION, "like Night, without : / and |")
        check_bounds(self.min_count, self.max_count)
        check_action(self.schedule)
        check_time_zone(self.time_zone)

    def resource(self) -> Any:
        """As the scalable target has it."""
        return aas.ScheduledAction(
            ScheduledActionName=self.name,
            Schedule=self.schedule,
            Timezone=self.time_zone,
            ScalableTargetAction=aas.ScalableTargetAction(
                MinCapacity=self.min_count, MaxCapacity=self.max_count
            ),
        )


class TaskCounts(Struct, frozen=True, kw_only=True):
    """Between how many tasks a service scales, whatever it scales by.

    Attributes:
        min_count: at least this many.
        max_count: at most this many.
        schedule: other bounds at certain times.
        cooldowns: how long it waits between two steps: out a minute, in five.
        suspended: whether the number of tasks stays as it is, for an incident: no policy, no
            message and no schedule changes it. A deploy that changes the bounds still does.

    Source: Application Auto Scaling API Reference, SuspendedState, RegisterScalableTarget.
    """

    min_count: Value[int]
    max_count: Value[int]
    schedule: tuple[ScheduledCount, ...] = ()
    cooldowns: Cooldowns = Cooldowns()
    suspended: Value[bool] = False

    def __post_init__(self) -> None:
        check_bounds(self.min_count, self.max_count)
        check_actions(self.schedule)


def check_bounds(least: Value[int], most: Value[int]) -> None:
    """Refuse bounds that do not go together.

    Raises:
        BlockError: one is below 0, or the least is more than the most.
    """
    check_at_least("min_count", least, 0)
    check_at_least("max_count", most, 0)
    if (both := known(least, most)) and both[0] > both[1]:
        raise BlockError(f"at least {both[0]} tasks are more than at most {both[1]}")


def may_stop(schedule: tuple[ScheduledCount, ...]) -> bool:
    """Whether an action may stop the service: at most 0, or what only CloudFormation knows."""
    return any(isinstance(one.max_count, Token) or one.max_count == 0 for one in schedule)


def check_actions(schedule: tuple[ScheduledCount, ...]) -> None:
    """Refuse two of one name: the second would take the place of the first.

    Raises:
        BlockError: a name comes twice.
    """
    names = [one.name for one in schedule]
    for name in names:
        if names.count(name) > 1:
            raise BlockError(f"two scheduled counts have the name {name}; rename one")
