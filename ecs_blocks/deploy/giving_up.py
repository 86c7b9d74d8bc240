"""Watch a deploy, and end one that cannot succeed: where somebody wants that, never by itself.

CloudFormation waits for an ECS service for hours, whatever its tasks do. That they all fail in the
same way is seen much earlier. Who ended an update, and why, is the first cause of how it went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.clock import minutes
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.pauses import Asker
from ecs_blocks.deploy.progress import FailureKind
from ecs_blocks.deploy.recovery import cancel
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.deploy.watch import Cancelled, Watched, watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.progress import Service, Snapshot
    from ecs_blocks.deploy.ui import Ui, Waits
    from ecs_blocks.deploy.watch import Operation

SAME: Final = 3
"""So many tasks have to fail for the same reason; source: ECS's smallest circuit breaker."""
_PASSES: Final = frozenset({FailureKind.NO_CAPACITY, FailureKind.SPOT, FailureKind.NETWORK})
"""What may be over in a moment, without anything being deployed again."""
_NAMED: Final = 3
"""So many of the resources that an update still waited for are named."""


def hopeless(service: Service) -> str:
    """Why a deployment cannot succeed: every new task failed, for one reason; empty if it may."""
    if service.rollout != "IN_PROGRESS" or service.new is None or service.new.running:
        return ""
    if len(service.failures) != 1 or service.failures[0].kind in _PASSES:
        return ""
    [failure] = service.failures
    count = failure.same + 1
    if count < SAME:
        return ""
    return f"{service.logical_id}: {count} of {count} new tasks failed alike: {failure.summary}"


def watched(aws: Aws, place: Place, operation: Operation, ui: Ui, waits: Waits) -> Watched:
    """Watch an operation of our own, as ``watch`` does, and end it where *waits* or *ui* say so."""
    asker = Asker(aws, ui)
    giving_up = GivingUp(aws, place, ui, waits)

    def looked(services: tuple[Service, ...]) -> None:
        asker(services)
        giving_up(services)

    seen = watch(
        aws,
        operation,
        ui,
        waits.patience,
        giving_up.interrupted,
        paused=looked,
        overdue=giving_up.overdue,
    )
    return structs.replace(seen, cancelled=giving_up.cancelled)


class GivingUp:
    """Whether to end an update that runs; it is ended once at most."""

    def __init__(self, aws: Aws, place: Place, ui: Ui, waits: Waits) -> None:
        self._aws = aws
        self._place = place
        self._ui = ui
        self._waits = waits
        self._is_decided = False
        self.cancelled: Cancelled | None = None
        """Why it was ended; None where it was not."""

    def __call__(self, services: Iterable[Service]) -> None:
        """See what the services of the update do now; end it, or ask once whether to."""
        why = next(filter(None, map(hopeless, services)), "")
        if not why or self._is_decided or self.cancelled:
            return
        self._is_decided = True
        if self._is_new():
            self._ui.say(f"{why}; only a deletion ends a creation: {self._place.command('delete')}")
        elif self._waits.fails_fast:
            self._ui.say(why)
            self._cancel(Cancelled(f"cancelled: {why}"))
        elif self._ui.gives_up(why):
            self._ui.say(why)
            self._cancel(Cancelled(f"cancelled by you: {why}"))
        else:
            self._ui.say(f"{why}; to end the update: {self._place.command('cancel')}")

    def overdue(self, snapshot: Snapshot) -> bool:
        """Whether to watch on though the time is over: where the update is ended for it."""
        if not self._waits.cancels_late or self.cancelled:
            return False
        after = f"after {minutes(self._waits.patience.timeout_s)}"
        self._ui.say(f"{self._place.stack_name} is still {snapshot.status} {after}")
        return self._cancel(
            Cancelled(
                f"cancelled: it was not done {after}{_unfinished(snapshot)}",
                "find what it waited for, or give it longer with --timeout MINUTES, and deploy "
                "again",
            )
        )

    def interrupted(self, stop: KeyboardInterrupt, whose: str = "") -> bool:
        """Whether a Ctrl-C ends the watching; the update is ended where that is asked.

        *whose* it is, where this process did not begin it.
        """
        wish = self._ui.interrupted(stop, whose=whose)
        if wish is Wish.CANCEL:
            again = "" if whose else f"to deploy it after all: {self._place.command('deploy')}"
            self._cancel(Cancelled("cancelled by you", again))
        return wish is Wish.DETACH

    def _cancel(self, cancelled: Cancelled) -> bool:
        if ended(self._aws, self._place, self._ui):
            self.cancelled = cancelled
            return True
        return False

    def _is_new(self) -> bool:
        try:
            stack = read_stack(self._aws, self._place.stack_name)
        except DeployError:
            return False  # to cancel says it
        return stack is not None and stack.status.startswith("CREATE")


def _unfinished(snapshot: Snapshot) -> str:
    """``; Topic, Queue and 2 more were not done``, as far as it was seen."""
    names = [one.logical_id for one in snapshot.resources if one.status.endswith("_IN_PROGRESS")]
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    verb = "was" if len(names) == 1 else "were"
    return f"; {', '.join(names[:_NAMED])}{more} {verb} still in progress"


def ended(aws: Aws, place: Place, ui: Ui) -> bool:
    """Cancel the update that runs on the stack of *place*; whether it goes back now.

    What AWS says against it is said, and changes nothing.
    """
    try:
        stack = read_stack(aws, place.stack_name)
        if stack is None:
            return False
        cancel(aws, place, stack)
    except DeployError as error:
        ui.say(str(error))
        return False
    ui.say(f"{place.stack_name}: cancelled; going back to the version before")
    return True
