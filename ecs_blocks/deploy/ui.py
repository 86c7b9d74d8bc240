"""Who stands before a deploy: sees it, agrees to it, ends it, and how long they wait."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from ecs_blocks.deploy.content import content_of
from ecs_blocks.deploy.verification import VERIFY_S
from ecs_blocks.deploy.watch import Patience, Presenter

if TYPE_CHECKING:
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.progress import Service


class Wish(enum.Enum):
    """What somebody wants who presses Ctrl-C."""

    DETACH = "stop watching; the operation goes on"
    CANCEL = "cancel the update and watch it go back"
    WATCH = "go on watching"


class PauseAnswer(enum.Enum):
    """What is to become of a deployment that waits at a pause hook; the value is ECS's word."""

    CONTINUE = "CONTINUE"
    ROLL_BACK = "ROLLBACK"


class Ui(Presenter, Protocol):
    """Whoever sees a deploy, and decides."""

    def approve(self, plan: Plan) -> bool:
        """Show the plan; whether it may be carried out."""

    def gives_up(self, why: str) -> bool:
        """Whether to end now an update that cannot succeed, and *why* it cannot."""

    def interrupted(
        self, stop: KeyboardInterrupt, *, whose: str = "", can_cancel: bool = True
    ) -> Wish:
        """What a Ctrl-C or SIGTERM means while an operation runs.

        *whose* it is, where this command has not begun it; without *can_cancel* there is nothing
        that this command could cancel.
        """

    def paused(self, service: Service) -> PauseAnswer | None:
        """What is to become of *service*, which waits at a pause hook; None lets it wait."""


def begun_by(stack_name: str, token: str) -> str:
    """Whose the operation with this *token* is, for one who did not begin it."""
    who = f"somebody (token {token})" if token else "somebody"
    if content_of(token) is not None:
        who = "another deploy of ecs-blocks"
    return f"{stack_name}: what runs was begun by {who}, not by this command"


class Waits(Struct, frozen=True):
    """How long a deploy waits, in seconds: for itself, for others' operations, for ECS.

    An update that cannot succeed is cancelled by itself with ``fails_fast``, and one that takes too
    long with ``cancels_late``; without, only the watching ends.
    """

    patience: Patience = Patience()
    other_s: float = 1800.0
    verify_s: float = VERIFY_S
    fails_fast: bool = False
    cancels_late: bool = False
