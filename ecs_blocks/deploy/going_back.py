"""Which version a stack has, by its own word and by the records; and so, which was before it."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.cloudformation.stack import Stack, mangled, read_template_body
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.place import Place
from ecs_blocks.deploy.records.back import Current, can_go_back, current, went_before
from ecs_blocks.deploy.records.record import Record
from ecs_blocks.deploy.records.store import RecordStore
from ecs_blocks.errors import EcsBlocksError
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.records.entry import Entry


class Choice(Struct, frozen=True):
    """A version to go back to, and why it is this one."""

    record: Record
    why: str


class History(Struct, frozen=True):
    """The records of one stack, held against the stack; None where there is no stack."""

    aws: Aws
    place: Place
    store: RecordStore
    stack: Stack | None

    def now(self) -> Current:
        """The deploy whose version the stack has; none where nothing runs.

        A stack that moves is not compared: what the records say stands.

        Raises:
            DeployError: AWS did not answer, or the records cannot be read.
        """
        return Current() if self.nothing_runs else current(self._entries(), self._differs)

    @property
    def nothing_runs(self) -> str:
        """Why nothing runs, where that is so: there is no stack, or none that was ever made."""
        if self.stack is None:
            return f"there is no stack {self.place.stack_name}"
        if self.stack.row.way in (Way.CREATE, Way.REPLACE):
            return f"{self.stack.name} is {self.stack.status}, and holds nothing"
        return ""

    def since(self, now: Current) -> Iterator[Entry]:
        """The deploys after the current one, newest first: their versions do not run.

        Raises:
            DeployError: the records cannot be read.
        """
        newest = now.entry
        if newest is None or now.differs:
            return iter(())
        return takewhile(lambda one: one.number < newest.number, self._entries())

    def earlier(self, now: Current) -> Iterator[Entry]:
        """What can be gone back to; all that ever served where the current one is not known.

        Raises:
            DeployError: the records cannot be read.
        """
        return can_go_back(self._entries(), None if now.differs else now.entry)

    def previous(self) -> Choice:
        """The version before the one that the stack has; where nothing runs, what served last.

        Raises:
            DeployError: there is none, or what the stack has is in no record.
        """
        app, environment = self.place.app, self.place.environment
        if self.stack is not None and self.stack.row.way is Way.WAIT:
            raise DeployError(
                Exit.BLOCKED,
                f"{self.stack.name} is {self.stack.status}: which version was before is not known "
                "until it is at rest",
                f"end what runs: {self.place.command('cancel')}; or name a version: "
                f"{self.place.command('rollback', '--list')}",
            )
        now = self.now()
        if now.differs and now.entry is not None:
            what = "; ".join(now.differs)
            raise DeployError(
                Exit.INPUT,
                f"{self.place.stack_name} was changed since its newest record, {now.entry.id}, by "
                f"other means than ecs-blocks: {what}; so which version was before is not known",
                f"name one: {self.place.command('rollback', '--list')}, then --to ID",
            )
        entry = next(went_before(self._entries(), now.entry), None)
        if entry is not None:
            return Choice(self.store.read(app, environment, entry.id), self._why(now.entry))
        what = f"{app} in {environment}"
        if next(self._entries(), None) is None:
            raise DeployError(Exit.INPUT, f"there is no record of a deploy of {what}")
        if now.entry is not None and now.entry.back_to:
            raise DeployError(
                Exit.INPUT,
                f"{self.place.stack_name} runs the version of {now.entry.back_to}, which it went "
                "back to; no deploy before that one is known to have served",
                f"to go to a later one: {self.place.command('rollback', '--list')}, then --to ID",
            )
        before = "" if self.nothing_runs else " before the current one"
        raise DeployError(Exit.INPUT, f"no deploy of {what}{before} is known to have served")

    def _why(self, now: Entry | None) -> str:
        if now is None:
            reason = self.nothing_runs
            return f"the last that served; {reason}" if reason else "the last that served"
        if now.back_to:
            return f"what served before {now.back_to}, whose version runs since it was gone back to"
        return f"what served before {now.id}, which runs now"

    def _entries(self) -> Iterator[Entry]:
        return self.store.all(self.place.app, self.place.environment)

    def _differs(self, entry: Entry) -> list[str]:
        stack = self.stack
        if stack is None or stack.row.way is not Way.UPDATE:
            return []
        record = self.store.read(self.place.app, self.place.environment, entry.id)
        return differences(self.aws, stack, record)


def differences(aws: Aws, stack: Stack, record: Record) -> list[str]:
    """What *stack* has otherwise than *record*, in words; what the record hides is not compared.

    Raises:
        DeployError: AWS did not answer.
    """
    found = []
    body = read_template_body(aws, stack.stack_id, stack.name)
    if _data(body) != _data(record.template):
        found.append("its template is another one")
    told = {key: one for key, one in record.parameters.items() if one is not None}
    names = told.keys() | (stack.parameters.keys() - record.parameters.keys())
    others = sorted(name for name in names if stack.parameters.get(name) != told.get(name))
    if others:
        found.append(f"of other values: {', '.join(others)}")
    return found


def _data(template: Any) -> Any:
    """A template as it is compared: as data, and as AWS gives back what is not ASCII."""
    if not isinstance(template, str):
        return template
    text = mangled(template)
    try:
        return parsed(text.encode(), "the template")
    except EcsBlocksError:
        return text
