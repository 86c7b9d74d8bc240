"""One stack read for a review: both its sides, and what the account says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.cloudformation.stack import Stack, read_resources, read_stack
from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings, Standing, read_policy
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.live import blocking, others
from ecs_blocks.deploy.live.asking import Fact, Told, Unknown, told_in, tried, unknown
from ecs_blocks.deploy.live.drift import detect, drift
from ecs_blocks.deploy.live.fargate_room import fargate_room
from ecs_blocks.deploy.live.history import Records, durations, promotion
from ecs_blocks.deploy.live.images import images
from ecs_blocks.deploy.live.limits import shared_headroom
from ecs_blocks.deploy.live.secret_changes import secret_changes
from ecs_blocks.deploy.live.services import held, pauses, services
from ecs_blocks.deploy.live.sides import as_it_is, hidden_parameters, planned
from ecs_blocks.deploy.lookups import Resolved, resolve
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.preflight.run import preflight
from ecs_blocks.deploy.preflight.subject import Running, Subject
from ecs_blocks.deploy.preflight.weights import weights_that_stay
from ecs_blocks.deploy.target import Target
from ecs_blocks.review.changes import compared
from ecs_blocks.review.live import Live
from ecs_blocks.review.model import Headroom
from ecs_blocks.review.side import Pair, Side

if TYPE_CHECKING:
    from ecs_blocks.review.model import ResourceChange

_HOOKS: Final = "what hooks of CloudFormation will say: only a deploy asks them"
_NOTHING: Final = Resolved({}, {}, ())


class Reading(Struct, frozen=True, kw_only=True):
    """What is read, and with what.

    With ``detects`` drift is looked for now; ``say`` is told what takes long.
    """

    aws: Aws
    target: Target
    records: Records
    say: Callable[[str], None]
    detects: bool = False

    def pair(self) -> Pair:
        """Both sides of the stack, and what the account says.

        Raises:
            DeployError: the credentials are over, or the stack or its template may not be read.
        """
        aws, place = self.aws, self.target.place
        stack = read_stack(aws, self.target.stack_name)
        told: list[Told] = [*blocking.of_status(place, stack)] if stack is not None else []
        known, unresolved = self._resolved()
        after = planned(self.target, known.values)
        has_run = stack is not None and stack.row.way not in (Way.CREATE, Way.REPLACE)
        before = as_it_is(aws, stack, after) if stack is not None and has_run else None
        told += unresolved
        told += [
            Unknown(
                f"whether the value of {name} changes: CloudFormation does not tell it (NoEcho)"
            )
            for name in hidden_parameters(before, after)
        ]
        live, more = self._live(stack if has_run else None, before, after, known)
        return Pair(
            app=self.target.app,
            environment=self.target.environment,
            before=before,
            after=after,
            live=told_in(live, [*told, *more, Unknown(_HOOKS)], self._secrets(known)),
        )

    def _secrets(self, known: Resolved) -> frozenset[str]:
        """The values that no sentence may hold: texts of AWS and of the pre-flight repeat them."""
        return self.target.content(known.values).secrets

    def _resolved(self) -> tuple[Resolved, list[Told]]:
        """What a deploy would look up; where it would be refused for that, nothing, and why."""
        try:
            return resolve(self.aws, self.target.place, self.target.rendered), []
        except DeployError as error:
            _, *lines = error.message.splitlines()
            if error.code in (Exit.INPUT, Exit.REJECTED):
                text = "the deploy would be refused: not every value is known"
                return _NOTHING, [blocking.blocked(text, *map(str.strip, lines), error.hint)]
            return _NOTHING, [Unknown(" ".join(error.message.split()))]

    def _live(
        self, stack: Stack | None, before: Side | None, after: Side, known: Resolved
    ) -> tuple[Live, list[Told]]:
        aws, now = self.aws, self.aws.clock.utc()
        told: list[Told] = []
        live = Live()
        changes = compared(before, after)
        template = None if before is None else Running.of(before, after)
        subject = self._subject(stack, known, template)
        if isinstance(subject, Gap):
            told.append(unknown("what the pre-flight of a deploy would find", subject))
        else:
            told += blocking.of_report(preflight(aws, subject))
            live = structs.replace(
                live,
                headroom=tuple(shared_headroom(aws, subject)),
                weights=weights_that_stay(aws, subject),
            )
        if stack is not None and before is not None:
            told += self._of_policy(stack, changes.resources)
            importers, gaps = blocking.importers(aws, before, changes.outputs)
            running, more = services(aws, stack, before.template)
            live = structs.replace(live, importers=importers, services=running)
            told += [*gaps, *more]
            moving = [name for name, one in running.items() if one.is_deploying]
            told += pauses(aws, self.target.place, stack, before.template, moving)
            told += held(aws, self.target.place, stack, before.template, before.resolved())
            live, more = self._with_drift(live, stack, now)
            told += more
            if isinstance(subject, Subject):
                told += self._of_secret_changes(stack, subject, now)
        if not self.target.place.access.local:
            live, more = self._with_fargate(live, before, after, changes.resources)
            told += more
        told += images(aws, known.images, stack.parameters if stack is not None else {}, now)
        told += self._of_the_past(stack, known, now)
        return live, told

    def _with_fargate(
        self, live: Live, before: Side | None, after: Side, changes: Iterable[ResourceChange]
    ) -> tuple[Live, list[Told]]:
        target = self.target
        pair = Pair(
            app=target.app, environment=target.environment, before=before, after=after, live=live
        )
        found = list(fargate_room(self.aws, pair, changes, self.aws.clock.utc()))
        rows = [one for one in found if isinstance(one, Headroom)]
        live = structs.replace(live, headroom=(*live.headroom, *rows))
        return live, [one for one in found if not isinstance(one, Headroom)]

    def _of_policy(self, stack: Stack, changes: Iterable[ResourceChange]) -> Iterator[Told]:
        policy = tried(read_policy, self.aws, stack)
        if isinstance(policy, Gap):
            yield unknown("what the stack policy denies", policy)
            now = Standing("", stack.protected, (policy.why,))
        else:
            now = Standing(policy, stack.protected)
        wanted = StackSettings.of(self.target.place.settings)
        yield from blocking.of_policy(now, wanted, changes)
        yield from (Fact(f"the deploy sets {one}") for one in now.changes(wanted))

    def _subject(
        self, stack: Stack | None, known: Resolved, running: Running | None
    ) -> Subject | Gap:
        found = tried(read_resources, self.aws, stack.stack_id) if stack is not None else []
        if isinstance(found, Gap):
            return found
        return Subject.of(self.target, known, stack, found, running)

    def _with_drift(self, live: Live, stack: Stack, now: dt.datetime) -> tuple[Live, list[Told]]:
        told: list[Told] = []
        gap = detect(self.aws, stack, self.say) if self.detects else None
        if gap is not None:
            told.append(blocking.noticed(f"drift could not be looked for: {gap.why}"))
        found, more = drift(self.aws, stack, now)
        return structs.replace(live, drift=found), [*told, *more]

    def _of_secret_changes(
        self, stack: Stack, subject: Subject, now: dt.datetime
    ) -> Iterator[Told]:
        try:
            since = dt.datetime.fromisoformat(stack.updated)
        except ValueError:
            return
        yield from secret_changes(self.aws, subject, since, now)

    def _of_the_past(
        self, stack: Stack | None, known: Resolved, now: dt.datetime
    ) -> Iterator[Told]:
        """Who did what to the stack, how long it took, and where the same has served."""
        app, environment = self.target.app, self.target.environment
        entries = self.records.newest(app, environment)
        if isinstance(entries, Gap):
            yield unknown("how long a deploy takes", entries)
            entries = []
        elif not entries and stack is not None:
            yield Unknown("how long a deploy takes: there is no record of one")
        if stack is not None:
            who = self.records.beginner(app, environment, entries)
            yield from others.open_change_sets(self.aws, stack, now)
            yield from others.last_operation(self.aws, stack, now, who)
            yield from others.settings(self.target.place, stack)
        yield from durations(entries)
        runs = {one.parameter: one.runs for one in known.images if one.parameter}
        yield from promotion(self.records, self.target, runs, now)
