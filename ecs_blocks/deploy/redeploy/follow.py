"""Watch services that are being started again, to the end of each, and say what came of it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.calls import explained
from ecs_blocks.deploy.clock import minutes
from ecs_blocks.deploy.contact import Contact
from ecs_blocks.deploy.ecs.standing import Standing
from ecs_blocks.deploy.ecs.verify import ExpectedService, Verdict, not_serving, verify_services
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.ending import Outcome, every_failure, unfinished, unverified
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.pauses import Asker
from ecs_blocks.deploy.progress import Service, Snapshot
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.deploy.verification import VERIFY_S
from ecs_blocks.deploy.watch import End, Watched
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.redeploy.start import Begun
    from ecs_blocks.deploy.ui import Ui
    from ecs_blocks.deploy.watch import Patience

_MOVING: Final = frozenset({Standing.DEPLOYING, Standing.GOING_BACK})
_DOUBTFUL_S: Final = {Standing.UNSEEN: 60.0, Standing.REPLACED: 20.0, Standing.GONE: 20.0}
"""So long it has to be seen before it counts: DescribeServices may be a moment behind."""


def follow(
    aws: Aws, place: Place, begun: Sequence[Begun], ui: Ui, patience: Patience, *, again: str
) -> Outcome:
    """Watch *begun* until ECS has come to an end, then prove that what runs serves.

    *again* is what to type to start them once more, for one whose cause was mended. Who only wants
    to know how it goes on is told to look: by then it may be over, and would be started anew.
    Whatever AWS answers when it is asked how it goes, that is not how it ends.
    """
    sight = _Sight(aws, place, begun)
    seen = _watched(aws, sight, ui, patience)
    outcome = unfinished(place, seen, "", look=_look(place))
    if outcome is not None:
        return outcome
    try:
        verdicts = sight.verdicts(VERIFY_S)
    except (DeployError, KeyboardInterrupt) as error:
        return unverified(place, seen, "", error, look=_look(place))
    outcome = _ended(place, sight, verdicts, again)
    return structs.replace(outcome, elapsed_s=sight.elapsed_s)


class _Sight:
    """What is seen of the services, looked at again and again."""

    def __init__(self, aws: Aws, place: Place, begun: Sequence[Begun]) -> None:
        self._aws = aws
        self._place = place
        self._expected = {one.running.logical_id: _expected(one) for one in begun}
        self._watchers = {
            name: ServiceWatcher(
                aws,
                name,
                one.service_arn,
                one.task_definition_arn,
                cluster=one.cluster,
                deployment_id=one.deployment_id,
            )
            for name, one in self._expected.items()
        }
        self._views: dict[str, Service] = {}
        self._began_s = aws.clock.now_s()
        self._since: dict[str, tuple[Standing, float]] = {}

    @property
    def elapsed_s(self) -> float:
        """For how long they have been watched."""
        return self._aws.clock.now_s() - self._began_s

    @property
    def services(self) -> tuple[Service, ...]:
        """The services as they were last seen."""
        return tuple(self._views.values())

    @property
    def standings(self) -> dict[str, Standing]:
        """Where each stood when it was last seen."""
        return {name: watcher.standing for name, watcher in self._watchers.items()}

    def look(self, *, at_once: bool = False) -> bool:
        """Read what is new; whether anything was.

        Raises:
            DeployError: ECS did not answer.
        """
        before, now_s = dict(self._views), self._aws.clock.now_s()
        for name, watcher in self._watchers.items():
            view = watcher.look(at_once=at_once or watcher.error is not None)
            if view.waiting_for:
                answer = self._place.command("continue")
                view = structs.replace(view, waiting_for=f"{view.waiting_for}; to answer: {answer}")
            self._views[name] = view
            at = watcher.standing
            if name not in self._since or self._since[name][0] is not at:
                self._since[name] = (at, now_s)
        for name, watcher in self._watchers.items():
            if watcher.error is not None:
                raise explained(watcher.error, f"reading the service {name}") from watcher.error
        return self._views != before

    def is_over(self) -> bool:
        """Whether ECS has come to an end with each."""
        now_s = self._aws.clock.now_s()
        return all(
            at not in _MOVING and now_s - since_s >= _DOUBTFUL_S.get(at, 0.0)
            for at, since_s in self._since.values()
        )

    def snapshot(self, note: str = "", *, is_over: bool = False) -> Snapshot:
        """All that is known now."""
        status = "REDEPLOY_IN_PROGRESS"
        if is_over:
            good = all(at is Standing.DEPLOYED for at in self.standings.values())
            status = "REDEPLOY_COMPLETE" if good else "REDEPLOY_FAILED"
        return Snapshot(
            stack_name=self._place.stack_name,
            operation="REDEPLOY",
            status=status,
            elapsed_s=self.elapsed_s,
            services=self.services,
            note=note,
        )

    def verdicts(self, timeout_s: float) -> list[Verdict]:
        """Whether each serves; of one that somebody else has deployed since, nothing is asked.

        Raises:
            DeployError: AWS did not answer.
        """
        replaced = {
            name: Verdict(name, serves=False, sentence=watcher.replaced_by)
            for name, watcher in self._watchers.items()
            if watcher.standing is Standing.REPLACED
        }
        asked = [one for name, one in self._expected.items() if name not in replaced]
        found = {one.logical_id: one for one in verify_services(self._aws, asked, timeout_s)}
        return [replaced.get(name) or found[name] for name in self._expected]


def _look(place: Place) -> str:
    return place.command("status")


def _expected(begun: Begun) -> ExpectedService:
    service = begun.running.service
    return ExpectedService(
        begun.running.logical_id,
        service.arn,
        begun.running.task_definition,
        service.cluster,
        begun.deployment_id,
    )


def _watched(aws: Aws, sight: _Sight, ui: Ui, patience: Patience) -> Watched:
    """Watch until it is over, the time is, AWS is not to be reached, or somebody ends it."""
    contact, asker = Contact(aws), Asker(aws, ui)
    while True:
        try:
            try:
                contact.heard(moved=sight.look())
            except DeployError as error:
                if error.code == Exit.CREDENTIALS and contact.is_renewed:
                    return _seen(sight, End.DENIED, error.message)
                if error.code == Exit.CREDENTIALS:
                    contact.renew()
                    continue
                contact.missed(error)
            else:
                if sight.is_over():
                    ui.show(_last(sight))
                    return _seen(sight, End.OVER)
            ui.show(sight.snapshot(contact.note))
            asker(sight.services)
            if contact.silent_s > patience.lost_contact_s:
                note = f"no answer for {contact.silent_s:.0f} s ({contact.why})"
                return _seen(sight, End.LOST, note)
            if sight.elapsed_s > patience.timeout_s:
                return _seen(sight, End.TIMEOUT, f"after {minutes(patience.timeout_s)}")
            aws.clock.sleep(contact.pause_s)
        except KeyboardInterrupt as stop:
            if ui.interrupted(stop, can_cancel=False) is not Wish.WATCH:
                end = End.TERMINATED if isinstance(stop, Terminated) else End.DETACHED
                return _seen(sight, end)


def _last(sight: _Sight) -> Snapshot:
    """What is known at the end: soon, tasks that failed in the last seconds are seen no more."""
    with contextlib.suppress(DeployError):
        sight.look(at_once=True)
    return sight.snapshot(is_over=True)


def _seen(sight: _Sight, end: End, note: str = "") -> Watched:
    status = "redeployed" if end is End.OVER else "being redeployed"
    return Watched(end, status, (), sight.services, sight.elapsed_s, note)


def _ended(place: Place, sight: _Sight, verdicts: Sequence[Verdict], again: str) -> Outcome:
    """The outcome once ECS has come to an end."""
    name, failing = place.stack_name, not_serving(verdicts)
    if not failing:
        names = ", ".join(one.logical_id for one in verdicts)
        verb = "was" if len(verdicts) == 1 else "were"
        return Outcome(
            code=Exit.DONE,
            sentence=f"{name}: {names} {verb} started again",
            verdicts=tuple(verdicts),
        )
    told = "; ".join(f"{one.logical_id}: {one.sentence}" for one in failing)
    at = {sight.standings[one.logical_id] for one in failing if one.is_decided}
    code, hint = Exit.NEEDS_A_PERSON, f"mend the cause, then: {again}"
    if not at:
        code, hint = Exit.STILL_RUNNING, f"to look again: {_look(place)}"
    elif at == {Standing.WENT_BACK}:
        code = Exit.ROLLED_BACK
    elif Standing.REPLACED in at:
        hint = f"how it is: {_look(place)}"
    return Outcome(
        code=code,
        sentence=f"{name}: {told}",
        hint=hint,
        failures=every_failure(sight.services, failing),
        verdicts=tuple(verdicts),
    )
