"""Records, kept and found again: each operation's once, newest first."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.records.entry import Entry
from ecs_blocks.deploy.records.record import Record, RecordError, decoded, encoded, mark
from ecs_blocks.deploy.records.shelf import Bucket, Folder, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.environment.deploy_settings import DeploySettings

LIMIT: Final = 20
_NAME: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\dT)(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<rest>\d\dZ-[0-9a-f]{8})"
)
_GROUP: Final = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")


class Kept(Struct, frozen=True):
    """Where a record was written to; or, instead of it, why it could not be."""

    place: str
    warning: str = ""


class RecordStore(Struct, frozen=True):
    """The records of all apps and environments, on one shelf."""

    shelf: Shelf

    def refuse_unwritable(self, app: str, environment: str) -> None:
        """See to it, before anything is deployed, that its record can be kept.

        Raises:
            DeployError: it cannot.
        """
        group = _group(app, environment)
        try:
            self.shelf.probe(group)
        except DeployError as error:
            where = self.shelf.place(group, "").removesuffix("/.json")
            raise DeployError(
                error.code,
                f"the record of this deploy could not be kept in {where}: {error.message}; nothing "
                "was changed",
                error.hint
                or "make room or let it be written; Records under deploy: in "
                "platform.yaml names another place",
            ) from error

    def write(self, record: Record) -> Kept:
        """Keep *record*; a deploy does not fail because this does.

        An operation has one record, whoever writes it and how often. One that was watched to its
        end is not replaced by one that was not.
        """
        group = _group(record.app, record.environment)
        try:
            return Kept(self.shelf.place(group, self._write(group, record)))
        except DeployError as error:
            place = self.shelf.place(group, _name(record.id))
            why = f"{error.message}; {error.hint}" if error.hint else error.message
            return Kept("", f"there is no record of this deploy at {place}: {why}")

    def _write(self, group: str, record: Record) -> str:
        content, name = encoded(record), _name(record.id)
        known = self._of_operation(group, record)
        if known is None and self.shelf.add(group, name, content):
            return name
        # somebody else, or this process before it was killed, has written it
        name, before = known or (name, self._read(group, name))
        if record.is_final or before is None or not before.is_final:
            self.shelf.replace(group, name, content)
        return name

    def _of_operation(self, group: str, record: Record) -> tuple[str, Record] | None:
        end = f"-{mark(record.operation)}"
        for name in self.shelf.names(group):
            if name.endswith(end) and _NAME.fullmatch(name):
                found = self._read(group, name)
                if found is not None and found.operation == record.operation:
                    return name, found
        return None

    def _read(self, group: str, name: str) -> Record | None:
        try:
            return decoded(self.shelf.load(group, name), self.shelf.place(group, name))
        except RecordError:
            return None

    def entries(self, app: str, environment: str, limit: int = LIMIT) -> list[Entry]:
        """The newest *limit* deploys of *app* in *environment*, newest first.

        Raises:
            DeployError: they cannot be read. A single one that cannot is an entry with a problem.
        """
        return list(islice(self.all(app, environment), limit))

    def all(self, app: str, environment: str) -> Iterator[Entry]:
        """As ``entries``, every one, read as it is asked for."""
        group = _group(app, environment)
        for number, name in enumerate(self._names(group), 1):
            place = self.shelf.place(group, name)
            try:
                record = decoded(self.shelf.load(group, name), place)
            except DeployError as error:
                if error.code in (Exit.CREDENTIALS, Exit.STILL_RUNNING):
                    raise
                yield Entry.unreadable(number, _id(name), error.message)
            else:
                yield Entry.of(number, record)

    def read(self, app: str, environment: str, which: str) -> Record:
        """One record: by its id, its last eight characters, or its number; 1 is the newest.

        Raises:
            DeployError: there is no such record (exit 2), or it cannot be read.
        """
        group = _group(app, environment)
        name = self._found(app, environment, which)
        return decoded(self.shelf.load(group, name), self.shelf.place(group, name))

    def _found(self, app: str, environment: str, which: str) -> str:
        names = self._names(_group(app, environment))
        what = f"{app} in {environment}"
        if not names:
            raise DeployError(Exit.INPUT, f"there is no record of a deploy of {what}")
        if which.isascii() and which.isdigit() and len(which) < 8:
            if 1 <= int(which) <= len(names):
                return names[int(which) - 1]
            message = f"there is no deploy {which} of {what}; there are 1 (the newest) to"
            raise DeployError(Exit.INPUT, f"{message} {len(names)}")
        found = [name for name in names if _name(which) == name or name.endswith(f"-{which}")]
        if len(found) == 1:
            return found[0]
        raise DeployError(
            Exit.INPUT,
            f"there is no one deploy {which} of {what}; the newest is {_id(names[0])}",
            "give an id like it, or a number (1 is the newest)",
        )

    def _names(self, group: str) -> list[str]:
        """The records' names, newest first; whatever else lies there is not ours."""
        return sorted(filter(_NAME.fullmatch, self.shelf.names(group)), reverse=True)


def open_store(settings: DeploySettings, aws: Aws, account_id: str, root: Path) -> RecordStore:
    """The store that *settings* name; a folder is meant from *root*, the repository, on."""
    if not settings.records.startswith("s3://"):
        return RecordStore(Folder(root / settings.records))
    bucket, _, prefix = settings.records.removeprefix("s3://").partition("/")
    return RecordStore(Bucket(aws, bucket, prefix.rstrip("/"), account_id))


def _group(app: str, environment: str) -> str:
    group = f"{environment}/{app}"
    if not _GROUP.fullmatch(group):
        raise DeployError(Exit.INPUT, f"{app} in {environment}: these are no names of an app")
    return group


def _name(entry_id: str) -> str:
    """An id as a file's name: without colons, which not every place for files takes."""
    return entry_id.replace(":", "")


def _id(name: str) -> str:
    return _NAME.sub(r"\g<day>\g<hour>:\g<minute>:\g<rest>", name)
