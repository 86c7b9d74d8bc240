"""One stack: deploy what was prepared, keep its record, and say how it ended, however it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

import ecs_blocks
from ecs_blocks.cli.aws_options import Connection
from ecs_blocks.cli.steadfast import crash
from ecs_blocks.cli.terminal import Answer, Terminal
from ecs_blocks.deploy.approved import refuse_forged, refuse_outdated
from ecs_blocks.deploy.attaching import attach, token_of
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.ending import NOT_DONE, NOT_KNOWN, STILL_RUNNING, Outcome
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.git import revision
from ecs_blocks.deploy.marking import Marked, mark_stack
from ecs_blocks.deploy.one_off.step import StepError
from ecs_blocks.deploy.preparing import prepare
from ecs_blocks.deploy.recording import (
    caught_up,
    finished,
    made_up_for,
    of_step,
    record_of_operation,
    recorded,
)
from ecs_blocks.deploy.records.store import RecordStore, open_store
from ecs_blocks.deploy.reviving import of_plan
from ecs_blocks.deploy.show.hiding import of_outcome
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.errors import EcsBlocksError, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from ecs_blocks.deploy.records.record import Record
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.deploy.ui import Ui

_CHANGED_NOTHING: Final = frozenset({Exit.INPUT, Exit.REJECTED, Exit.BLOCKED, Exit.NEEDS_APPROVAL})


class Desk(Struct, frozen=True):
    """What a command deploys with: AWS, the person in front of it, the records, its patience."""

    connection: Connection
    terminal: Terminal
    store: RecordStore
    waits: Waits
    unattended: str
    """What to type where nobody is there to agree."""
    again: bool = False
    """Whether steps that failed in the same deploy before run once more."""

    @classmethod
    def at(
        cls,
        connection: Connection,
        *,
        yes: bool,
        waits: Waits | None = None,
        unattended: str = "add --yes",
        again: bool = False,
    ) -> Desk:
        """The desk for one environment."""
        place, aws = connection.place, connection.aws
        folder = connection.project.root.parent
        store = open_store(place.settings, aws, place.account_id, folder)
        terminal = Terminal(aws.clock, yes=yes, can_cancel=True)
        return cls(connection, terminal, store, waits or Waits(), unattended, again)

    def prepared(self, target: Target, others: Iterable[Target] = ()) -> Prepared:
        """*target*, ready to be planned: what it leaves open is looked up.

        *others* are deployed by the same command.

        Raises:
            DeployError: with everything that cannot be found.
        """
        aws = self.connection.aws
        if self.connection.place.access.local:
            from ecs_blocks.deploy.local.prepare import prepare_account  # noqa: PLC0415 - rarely

            target = prepare_account(aws, target, others, self.terminal.say)
        found = prepare(aws, target, target.place.settings, self.connection.identity)
        return structs.replace(
            found,
            warnings=(*found.warnings, *self._stand_ins(found)),
            revision=revision(self.connection.project.root),
        )

    def _stand_ins(self, prepared: Prepared) -> list[str]:
        """What has to be said of images that nobody has built; none where there is AWS."""
        if not self.connection.place.access.local:
            return []
        from ecs_blocks.deploy.local.registry import stand_ins  # noqa: PLC0415 - rarely

        aws = self.connection.aws
        return stand_ins(aws, prepared.resolved.images)

    def deploy(self, prepared: Prepared, ui: Ui | None = None, plan: Plan | None = None) -> Outcome:
        """Deploy *prepared*; a *plan* that was approved before is carried out as it is.

        *ui* is who is asked instead of the terminal itself.

        Raises:
            DeployError: nothing was changed, or what goes on is not ours to end.
        """
        aws, ui = self.connection.aws, ui or self.terminal
        name = prepared.target.stack_name
        secrets = prepared.content.secrets - prepared.target.place.names
        self.terminal.hide(secrets)
        self.store.refuse_unwritable(prepared.target.app, prepared.target.environment)
        notes = self._stand_ins(prepared)
        deployment = Deployment(aws, prepared, ui, self.waits, again=self.again)
        try:
            outcome = of_outcome(deployment.run(plan), secrets)
        except StepError as failed:
            self._keep(prepared, of_outcome(of_step(failed), secrets), ui)
            raise
        outcome = structs.replace(outcome, notes=(*outcome.notes, *notes))
        answer = self.terminal.answers.get(name, Answer.AGREED)
        if answer is not Answer.AGREED:
            return self._refused(outcome, name, answer)
        self._keep(prepared, outcome, ui)
        return self._marked(outcome, prepared.target.place)

    def _marked(self, outcome: Outcome, place: Place) -> Outcome:
        """*outcome* of a stack, whose images are marked if it serves; nothing fails for that."""
        if outcome.code is not Exit.DONE:
            return outcome
        try:
            marked = mark_stack(self.connection.aws, place, outcome.stack_id or place.stack_name)
        except KeyboardInterrupt:  # all is done, so that the process ends at once as it is
            way = place.command("attach")
            marked = Marked(missed=(f"its images are not marked: interrupted; {way} marks them",))
        if marked.put:
            self.terminal.say(f"{place.stack_name}: marked in ECR: {', '.join(marked.put)}")
        missed = map(self.terminal.hidden, marked.missed)
        return structs.replace(outcome, notes=(*outcome.notes, *missed))

    def _keep(self, prepared: Prepared, outcome: Outcome, ui: Ui) -> None:
        """Keep the record of what was begun, and of what had changed the stack before."""
        aws, version = self.connection.aws, ecs_blocks.__version__
        try:
            if outcome.code is Exit.DONE and not outcome.token:
                outcome = caught_up(aws, self.store, prepared, outcome)
            if outcome.token:
                self.keep(recorded(prepared, outcome, version, aws.clock), ui)
        except DeployError as error:
            name = prepared.target.stack_name
            ui.say(f"{name}: its record may be missing: {error.message}")

    def keep(self, record: Record, ui: Ui) -> None:
        """Write a record, and say where; a deploy does not fail because that does."""
        kept = self.store.write(record)
        ui.say(kept.warning or f"{record.stack_name}: recorded in {kept.place}")

    def attach(self, stack: Stack) -> Outcome:
        """Watch what runs on *stack*, or tell how it ended; its record gets its end.

        Raises:
            DeployError: nothing was ever executed on it, or AWS did not answer.
        """
        place, ui = self.connection.place, self.terminal
        outcome = attach(self.connection.aws, place, stack, ui, self.waits.patience)
        aws, version = self.connection.aws, ecs_blocks.__version__
        try:
            known = record_of_operation(self.store, place, outcome.token)
            if known is not None:
                new = None if known.is_final else finished(known, outcome, aws.clock)
            else:
                new = made_up_for(aws, place, outcome, version, aws.clock)
        except EcsBlocksError as error:
            ui.say(f"{stack.name}: its record cannot be brought up to date: {error}")
            new = None
        if new is not None:
            self.keep(new, ui)
        return self._marked(outcome, place)

    def _refused(self, outcome: Outcome, name: str, answer: Answer) -> Outcome:
        """A plan to which nobody agreed: who it was that did not."""
        return structs.replace(
            outcome,
            code=answer.code,
            sentence=f"{name}: {answer.words}; nothing was changed",
            hint=self.unattended if answer is Answer.NOBODY else "",
            word=NOT_DONE,
        )

    def carry_out(self, plan: Plan) -> Outcome:
        """Carry out a plan that was made before, or tell how that ended, if it was done already.

        Raises:
            DeployError: the stack is not what the plan was made for, or the plan does not show what
                it does; nobody was asked.
        """
        aws, place = self.connection.aws, self.connection.place
        prepared = of_plan(aws, place, plan, self.connection.identity)
        name = plan.stack_name
        stack = read_stack(aws, plan.stack_name)
        if stack is not None and plan.change_set_id and token_of(aws, stack, plan):
            self.terminal.say(f"{plan.stack_name}: this plan was carried out already")
            return self.attach(stack)
        refuse_outdated(prepared.target, plan, stack)
        refuse_forged(aws, prepared, plan, self.terminal.say)
        from ecs_blocks.deploy.live.consequences import with_consequences  # noqa: PLC0415 - heavy

        plan = with_consequences(aws, prepared.target, plan, stack)  # not those that a file tells
        self._tell_revision(plan)
        if plan.kind != "NOTHING" and not self.terminal.approve(plan):
            declined = f"{name}: declined; nothing was changed, and the plan stays"
            outcome = Outcome(code=Exit.NEEDS_APPROVAL, sentence=declined, plan=plan)
            return self._refused(outcome, name, self.terminal.answers[name])
        return self.deploy(prepared, plan=plan)

    def _tell_revision(self, plan: Plan) -> None:
        """Say what a plan's file says of where it comes from; nothing is held against that."""
        found = plan.revision
        if found.commit is not None:
            branch = f" on {found.branch}" if found.branch else ""
            changed = ", with changes that were not committed" if found.dirty else ""
            self.terminal.say(f"{plan.stack_name}: planned at {found.commit[:9]}{branch}{changed}")

    def ended(self, place: Place, deploy: Callable[[], Outcome]) -> Outcome:
        """The outcome of *deploy*, in which whatever it raises is one."""
        name = place.stack_name
        try:
            return deploy()
        except DeployError as error:
            return Outcome(
                code=error.code,
                sentence=_of(name, self.terminal.hidden(error.message)),
                hint=error.hint,
                word=self._word(name, error.code),
            )
        except EcsBlocksError as error:
            code = Exit(error.exit_code)
            return Outcome(code=code, sentence=_of(name, str(error)), word=NOT_DONE)
        except KeyboardInterrupt as stop:
            return self.left(place, stop)
        except Exception as error:  # noqa: BLE001 - of many stacks, the others go on
            hint = f"how the stack is: {place.command('status')}"
            return Outcome(code=Exit.INTERNAL, sentence=f"{name}: {crash(error)}", hint=hint)

    def _word(self, name: str, code: Exit) -> str:
        """What an error means for the stack: nothing was done, something runs, or who knows."""
        if code in _CHANGED_NOTHING:
            return NOT_DONE
        if name in self.terminal.last:
            return STILL_RUNNING if code is Exit.CREDENTIALS else ""
        agreed = self.terminal.answers.get(name) is Answer.AGREED
        return NOT_KNOWN if agreed and code is Exit.STILL_RUNNING else NOT_DONE

    def left(self, place: Place, stop: KeyboardInterrupt) -> Outcome:
        """The outcome of a deploy that somebody left, from what was last shown of it."""
        name = place.stack_name
        code = Exit.TERMINATED if isinstance(stop, Terminated) else Exit.INTERRUPTED
        seen = self.terminal.last.get(name)
        if seen is not None and seen.status:
            sentence = f"{name} was {seen.status} when last seen; what runs goes on in AWS"
            hint = f"to watch it again: {place.command('attach')}"
            return Outcome(code=code, sentence=sentence, hint=hint, elapsed_s=seen.elapsed_s)
        if seen is None and self.terminal.answers.get(name) is not Answer.AGREED:
            sentence = f"{name}: stopped before anything was changed"
            return Outcome(code=code, sentence=sentence, word=NOT_DONE)
        sentence = f"{name}: stopped when it was about to begin"
        hint = f"whether it has begun: {place.command('status')}"
        return Outcome(code=code, sentence=sentence, hint=hint, word=NOT_KNOWN)


def _of(name: str, text: str) -> str:
    """*text*, which may name the stack already."""
    return text if text.startswith(name) else f"{name}: {text}"
