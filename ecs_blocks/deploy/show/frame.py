"""The screen as lines: what is said first, and what goes when there is no room.

Pure: from what was seen of one or several stacks to lines that fit the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from ecs_blocks.deploy.progress import FailedTask, Resource, Service, Snapshot
from ecs_blocks.deploy.show import words
from ecs_blocks.deploy.show.line import Line, Paper, Span, fitted, paragraph, plain, safe
from ecs_blocks.deploy.show.safe_text import width
from ecs_blocks.deploy.show.words import Tone

LEAVE: Final = "Ctrl-C stops watching; the operation goes on in AWS"
FINISHED: Final = 6
"""How many of the finished resources stay on a screen."""
LOG_LINES: Final = 8
"""How many of a container's last lines are on a screen that goes on; all are left behind."""
_BAR: Final = 14


class Seen(Struct, frozen=True):
    """What is known of one stack.

    ``elapsed_s`` is now's, the snapshot's may be older. ``failed`` are the resources that failed
    in any snapshot, the first one first: a rollback gives them other states. ``since_s`` tells for
    how long a resource has been in its state, by its place in the stack.
    """

    snapshot: Snapshot
    elapsed_s: float
    failed: tuple[Resource, ...] = ()
    since_s: Mapping[tuple[str, ...], float] = {}


class Row(Struct, frozen=True):
    """Lines that stay or go together: the higher ``rank``, the sooner they go."""

    rank: int
    lines: tuple[Line, ...]


_PARAGRAPH: Final = 6
"""How many lines one text may take on a screen that goes on."""
_TAIL_LINES: Final = 3
_HEADER, _FAILURE, _TAIL, _SERVICE, _RUNNING, _LOG, _FINISHED, _BLANK = range(8)


class _View(Struct, frozen=True):
    """The paper, and whether it is for good: then nothing is cut for room."""

    paper: Paper
    is_final: bool

    def row(self, rank: int, *spans: Span) -> Row:
        """One line."""
        return Row(rank, (fitted(spans, self.paper),))

    def text(self, rank: int, first: str, text: str, tone: Tone) -> Iterator[Row]:
        """A text of several lines, of which a screen shows the first ones; nothing for no text."""
        lines = paragraph(first, text, tone, self.paper) if text else []
        if len(lines) > _PARAGRAPH and not self.is_final:
            lines[_PARAGRAPH - 1 :] = [fitted([Span("        …", tone)], self.paper)]
        if lines:
            yield Row(rank, tuple(lines))


def frame(stacks: Sequence[Seen], paper: Paper, *, final: bool = False) -> list[Line]:
    """The screen: at most ``paper.rows`` lines, or *final*: everything, to be left behind."""
    view = _View(paper, final)
    rows = [row for seen in stacks for row in _stack(seen, view)]
    if final:
        return [line for row in rows for line in row.lines]
    if paper.rows < 3:
        return _fit(rows, paper.rows, paper)
    return [*_fit(rows, paper.rows - 1, paper), fitted([Span(LEAVE, Tone.QUIET)], paper)]


def _fit(rows: list[Row], most: int, paper: Paper) -> list[Line]:
    """The lines that matter most: old news go first, a first cause goes last."""
    count = sum(len(row.lines) for row in rows)
    if count <= most:
        return [line for row in rows for line in row.lines]
    oldest_first = (_FINISHED, _LOG, _TAIL)
    sign = [1 if row.rank in oldest_first else -1 for row in rows]
    gone: set[int] = set()
    for n in sorted(range(len(rows)), key=lambda n: (-rows[n].rank, n * sign[n])):
        if count < most:  # one line is for the sentence below
            break
        gone.add(n)
        count -= len(rows[n].lines)
    lines = sum(bool(line) for n in gone for line in rows[n].lines)
    text = f"… {lines} more lines; a taller window shows them"
    more = fitted([Span(text, Tone.QUIET)], paper)
    return [*(line for n, row in enumerate(rows) if n not in gone for line in row.lines), more]


def _stack(seen: Seen, view: _View) -> Iterator[Row]:
    snapshot = seen.snapshot
    yield _header(seen, view)
    yield from view.text(_FAILURE, "  note: ", snapshot.note, Tone.STRONG)
    services = {service.logical_id for service in snapshot.services}
    failed = {_place(resource) for resource in seen.failed}
    running: list[Resource] = []
    finished: list[Resource] = []
    for resource in snapshot.resources:
        if not resource.path and resource.logical_id in services:
            continue
        if resource.status.endswith("_IN_PROGRESS"):
            running.append(resource)
        elif _place(resource) not in failed:
            finished.append(resource)
    hidden = 0 if view.is_final else max(0, len(finished) - FINISHED)
    if hidden:
        yield view.row(_FINISHED, Span(f"  ✓ {hidden} more before these", Tone.QUIET))
    shown = [*finished[hidden:], *running]
    column = _column(shown, view.paper)
    for resource in shown:
        yield _resource(resource, seen, column, view)
    for service in snapshot.services:
        yield Row(_BLANK, ((),))
        yield from _service(service, view)
    if seen.failed:
        yield Row(_BLANK, ((),))
    for resource in seen.failed:
        state, reason = words.state_of(resource.status), words.reason_of(resource)
        text = f"{words.title(resource)} {state.word}{': ' if reason else ''}{reason}"
        yield from view.text(_FAILURE, f"  {state.mark} ", text, state.tone)


def _place(resource: Resource) -> tuple[str, ...]:
    return (*resource.path, resource.logical_id)


def _header(seen: Seen, view: _View) -> Row:
    snapshot = seen.snapshot
    state = words.stack_state(snapshot.status)
    spans = [
        Span(f"{state.mark} ", state.tone),
        Span(snapshot.stack_name, Tone.STRONG),
        Span(f"  {snapshot.operation}  "),
        Span(state.word, state.tone),
        Span(f"  {words.duration(seen.elapsed_s)}"),
    ]
    progress = words.progress_words(snapshot)
    if progress and snapshot.planned > 0 and view.paper.columns >= 80:
        full = _BAR * min(snapshot.done, snapshot.planned) // snapshot.planned
        spans += [Span("  " + "█" * full, Tone.GOOD), Span("░" * (_BAR - full), Tone.QUIET)]
    return view.row(_HEADER, *spans, Span(f"  {progress}"))


def _column(resources: Sequence[Resource], paper: Paper) -> int:
    """How wide the names are, at most two fifths of the paper."""
    widest = max((width(safe(words.title(r), paper)) for r in resources), default=0)
    return min(widest, paper.columns * 2 // 5)


def _resource(resource: Resource, seen: Seen, column: int, view: _View) -> Row:
    state = words.state_of(resource.status, resource.reason)
    name = plain(fitted([Span(words.title(resource))], Paper(column, 1, view.paper.encoding)))
    is_busy = state.tone is Tone.BUSY
    since_s = seen.since_s.get(_place(resource))
    since = words.duration(since_s) if since_s is not None and is_busy else ""
    return view.row(
        _RUNNING if is_busy else _FINISHED,
        Span(f"  {state.mark} ", state.tone),
        Span(f"{name}{' ' * (column - width(name))}  ", Tone.PLAIN if is_busy else Tone.QUIET),
        Span(f"{state.word:<12}", state.tone),
        Span(f" {since:<6} {words.short_type(resource.type)}", Tone.QUIET),
    )


def _service(service: Service, view: _View) -> Iterator[Row]:
    state = words.service_state(service)
    image = words.short_image(service.new.image) if service.new else ""
    yield view.row(
        _SERVICE,
        Span(f"  {state.mark} ", state.tone),
        Span(service.logical_id, Tone.STRONG),
        Span(f"  {state.word}", state.tone),
        Span(f"  {image}", Tone.QUIET),
    )
    for fact, tone in words.service_facts(service):
        yield from view.text(_SERVICE, "      ", fact, tone)
    yield from view.text(_FAILURE, "      waits: ", service.waiting_for, Tone.STRONG)
    yield from view.text(_FAILURE, "      note: ", service.note, Tone.STRONG)
    for task in service.failures:
        yield from _task(task, view)


def _task(task: FailedTask, view: _View) -> Iterator[Row]:
    text = words.failure_words(task, short=not view.is_final)
    yield from view.text(_FAILURE, "      ✗ ", text, Tone.BAD)
    log = words.log_of(task)
    log = log if view.is_final else log[-LOG_LINES:]
    for number, line in enumerate(log):
        rank = _TAIL if number >= len(log) - _TAIL_LINES else _LOG
        yield view.row(rank, Span("        │ ", Tone.QUIET), Span(line))
    yield from view.text(_FAILURE, "        hint: ", task.hint, Tone.STRONG)
    yield from view.text(_FAILURE, "        note: ", task.note, Tone.STRONG)
