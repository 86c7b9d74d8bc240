"""What the records tell: how long a deploy takes, and where the same has served already."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.live.asking import Fact, Unknown, tried, unknown
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.records.record import sha256
from ecs_blocks.deploy.records.store import RecordStore
from ecs_blocks.deploy.show.condition_text import short_who
from ecs_blocks.deploy.show.words import duration
from ecs_blocks.review.impact.drift import ago
from ecs_blocks.review.impact.phrases import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecs_blocks.deploy.live.asking import Told
    from ecs_blocks.deploy.records.entry import Entry
    from ecs_blocks.deploy.target import Target

_LAST: Final = 5
_LOOKED_AT: Final = 10
_MINUTE_S: Final = 60
_NUMBERS: Final = ("", "", "two", "three", "four", "five")


class Records(Struct, frozen=True, kw_only=True):
    """Where records are.

    ``beside`` are the app's other environments whose records are in the same store, ``elsewhere``
    those whose are not.
    """

    store: RecordStore
    beside: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def newest(self, app: str, environment: str) -> list[Entry] | Gap:
        """The newest deploys that are recorded and can be read.

        Raises:
            DeployError: the credentials are over.
        """
        entries = tried(self.store.entries, app, environment, _LOOKED_AT)
        if isinstance(entries, Gap):
            return entries
        return [one for one in entries if not one.problem]

    def beginner(self, app: str, environment: str, entries: Sequence[Entry]) -> dict[str, str]:
        """Who began the newest of *entries* that began an operation, by its token.

        Raises:
            DeployError: the credentials are over.
        """
        # one that was refused, as its step before the deploy failed, began none
        begun = [one for one in entries if one.exit_code != Exit.REJECTED]
        if not begun:
            return {}
        record = tried(self.store.read, app, environment, begun[0].id)
        return {} if isinstance(record, Gap) else {record.operation: short_who(record.who)}


def durations(entries: Sequence[Entry]) -> Iterator[Told]:
    """How long the last deploys took, of *entries*, and the last one that went back."""
    done = [one.duration_s for one in _ended(entries, Exit.DONE)][:_LAST]
    back = next((one.duration_s for one in _ended(entries, Exit.ROLLED_BACK)), None)
    went = f"the last one that failed had gone back after {duration(back)}" if back else ""
    if done or went:
        yield Fact("; ".join(filter(None, (_about(done) if done else "", went))))


def _ended(entries: Sequence[Entry], code: Exit) -> Iterator[Entry]:
    return (one for one in entries if one.exit_code == code and one.duration_s)


def _about(seconds: Sequence[float]) -> str:
    """``a deploy takes about 4 to 6 min (the last five: 4m10s to 5m50s)``."""
    low, high = min(seconds), max(seconds)
    least, most = math.floor(low / _MINUTE_S), math.ceil(high / _MINUTE_S)
    span = "less than 1 min" if most <= 1 else f"about {least or 1} to {most} min"
    took = " to ".join(dict.fromkeys((duration(low), duration(high))))
    these = f"the last {_NUMBERS[len(seconds)]}" if len(seconds) > 1 else "the last one"
    return f"a deploy takes {span} ({these}: {took})"


def promotion(
    records: Records, target: Target, images: Mapping[str, str], now: dt.datetime
) -> Iterator[Told]:
    """Where what is deployed has served already. *images* are those that will run, by parameter.

    Raises:
        DeployError: the credentials are over.
    """
    wanted = _digests(images)
    for environment in records.beside:
        entries = records.newest(target.app, environment)
        if isinstance(entries, Gap):
            yield unknown(f"whether it has served in {environment}", entries)
            continue
        good = [one for one in entries if one.verified and one.exit_code == Exit.DONE]
        same = [one for one in good if _digests(one.images) == wanted]
        if same:
            yield _served(records, target, environment, same[0], now)
        elif good:
            what = "this image" if wanted else "this version"
            last = _age(good[0].when, now)
            text = f"{environment} has not run {what}; what it verified last is from {last}"
            yield Fact(text)
    if records.elsewhere:
        names = ", ".join(records.elsewhere)
        yield Unknown(f"whether it has served in {names}: the records are in another place")


def _served(
    records: Records, target: Target, environment: str, entry: Entry, now: dt.datetime
) -> Told:
    record = tried(records.store.read, target.app, environment, entry.id)
    if isinstance(record, Gap):
        return unknown(f"whether it has served in {environment}", record)
    is_same = record.template_sha256 == sha256(target.text)
    template = "the same template" if is_same else "another template"
    image = "this image, with " if record.images else ""
    failed = "" if record.failed_tasks is None else f", {count(record.failed_tasks, 'failed task')}"
    return Fact(f"{environment} verified {image}{template}, {_age(entry.when, now)}{failed}")


def _digests(images: Mapping[str, str]) -> dict[str, str]:
    """Images by what they are, wherever the registry is."""
    return {name: image.partition("@")[2] or image for name, image in images.items()}


def _age(when: str, now: dt.datetime) -> str:
    try:
        return ago((now - dt.datetime.fromisoformat(when)).total_seconds())
    except ValueError:
        return when
