"""Who stands before a deploy: sees it, agrees to it, ends it, and how long they wait."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from ecs_blocks.deploy.watch import Patience, Presenter

if TYPE_CHECKING:
    from ecs_blocks.deploy.plan import Plan


class Wish(enum.Enum):
    """What somebody wants who presses Ctrl-C."""

    DETACH = "stop watching; the operation goes on"
    CANCEL = "cancel the update and watch it go back"
    WATCH = "go on watching"


class Ui(Presenter, Protocol):
    """Whoever sees a deploy, and decides."""

    def approve(self, plan: Plan) -> bool:
        """Show the plan; whether it may be carried out."""

    def interrupted(self, stop: KeyboardInterrupt) -> Wish:
        """What a Ctrl-C or SIGTERM means while an operation runs."""


class Waits(Struct, frozen=True):
    """How long a deploy waits, in seconds: for itself, for others' operations, for ECS."""

    patience: Patience = Patience()
    other_s: float = 1800.0
    verify_s: float = 900.0
