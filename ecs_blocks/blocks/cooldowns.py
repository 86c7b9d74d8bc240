"""How long scaling waits between two steps."""

from __future__ import annotations

from msgspec import Struct

from ecs_blocks.blocks.limits import check_at_least
from ecs_blocks.values import Value


class Cooldowns(Struct, frozen=True, kw_only=True):
    """How long a service's policies wait after they added or took away tasks.

    Attributes:
        out_s: after tasks came, before more than these are added, in seconds: as long as a new
            task takes until it helps. More are added meanwhile only where more are wanted.
        in_s: after tasks went, before others go, in seconds. Leaving too early costs more than
            staying.

    Source: Application Auto Scaling API Reference, TargetTrackingScalingPolicyConfiguration.
    """

    out_s: Value[int] = 60
    in_s: Value[int] = 300

    def __post_init__(self) -> None:
        check_at_least("out_s", self.out_s, 0)
        check_at_least("in_s", self.in_s, 0)
