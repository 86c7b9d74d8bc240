"""Watch a deploy, and end one that cannot succeed: where somebody wants that, never by itself.

CloudFormation waits for an ECS service for hours, whatever its tasks do. That they all fail in the
same way is seen much earlier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.pauses import Asker
from ecs_blocks.deploy.progress import FailureKind
from ecs_blocks.deploy.recovery import cancel
from ecs_blocks.deploy.watch import End, Watched, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.progress import Service
    from ecs_blocks.deploy.ui import Ui, Waits
    from ecs_blocks.deploy.watch import Operation

SAME: Final = 3
"""So many tasks have to fail for the same reason; source: ECS's smallest circuit breaker."""
_PASSES: Final = frozenset({FailureKind.NO_CAPACITY, FailureKind.SPOT, FailureKind.NETWORK})
"""What may be over in a moment, without anything being deployed again."""


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


def watched(
    aws: Aws,
    place: Place,
    operation: Operation,
    ui: Ui,
    waits: Waits,
    *,
    interrupted: Callable[[KeyboardInterrupt], bool],
) -> Watched:
    """Watch an operation of our own, as ``watch`` does, and end it where *waits* or *ui* say so."""
    asker = Asker(aws, ui)
    giving_up = GivingUp(aws, place, ui, at_once=waits.fails_fast)

    def looked(services: tuple[Service, ...]) -> None:
        asker(services)
        giving_up(services)

    seen = watch(aws, operation, ui, waits.patience, interrupted, paused=looked)
    if seen.end is End.TIMEOUT and waits.cancels_late:
        ui.say(f"{place.stack_name} is still {seen.status} {seen.note}")
        if ended(aws, place, ui):
            seen = watch(aws, operation, ui, waits.patience, interrupted, paused=asker)
    return seen


class GivingUp:
    """Looks at the services of an update; asks once whether to end it, or does it *at_once*."""

    def __init__(self, aws: Aws, place: Place, ui: Ui, *, at_once: bool) -> None:
        self._aws = aws
        self._place = place
        self._ui = ui
        self._at_once = at_once
        self._is_decided = False

    def __call__(self, services: Iterable[Service]) -> None:
        """See what they do now."""
        why = next(filter(None, map(hopeless, services)), "")
        if not why or self._is_decided:
            return
        self._is_decided = True
        if self._is_new():
            self._ui.say(f"{why}; only a deletion ends a creation: {self._place.command('delete')}")
        elif self._at_once or self._ui.gives_up(why):
            self._ui.say(why)
            ended(self._aws, self._place, self._ui)
        else:
            self._ui.say(f"{why}; to end the update: {self._place.command('cancel')}")

    def _is_new(self) -> bool:
        try:
            stack = read_stack(self._aws, self._place.stack_name)
        except DeployError:
            return False  # to cancel says it
        return stack is not None and stack.status.startswith("CREATE")


def ended(aws: Aws, place: Place, ui: Ui) -> bool:
    """Cancel the update that runs on the stack of *place*; whether it goes back now.

    What AWS says against it is said, and changes nothing.
    """
    try:
        stack = read_stack(aws, place.stack_name)
        if stack is None:
            return False
        cancel(aws, stack)
    except DeployError as error:
        ui.say(str(error))
        return False
    ui.say(f"{place.stack_name}: cancelled; going back to the version before")
    return True
