"""One live screen on a terminal; the only module that loads rich."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from rich.console import Group
from rich.live import Live
from rich.text import Text

from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.cloudformation.statuses import is_over
from ecs_blocks.deploy.progress import Resource, Snapshot
from ecs_blocks.deploy.show import words
from ecs_blocks.deploy.show.frame import Seen, frame
from ecs_blocks.deploy.show.line import Line, Paper, safe
from ecs_blocks.deploy.show.safe_text import clean_lines
from ecs_blocks.deploy.show.steady import steady
from ecs_blocks.deploy.show.words import Tone

if TYPE_CHECKING:
    from rich.console import Console

STYLES: Final = {
    Tone.PLAIN: "",
    Tone.GOOD: "green",
    Tone.BUSY: "cyan",
    Tone.BAD: "bold red",
    Tone.QUIET: "dim",
    Tone.STRONG: "bold",
}
_TICKS_PER_S: Final = 2


class _Watched(Struct):
    """One stack: its last snapshot, when it came, and what later snapshots do not tell."""

    snapshot: Snapshot
    at_s: float
    failed: dict[tuple[str, ...], Resource]
    began_s: dict[tuple[str, ...], tuple[str, float]]
    """In what status each resource is, and since when."""


class Screen:
    """Draws snapshots in place; what is left behind after ``close`` is the whole last state.

    *clock* lets the elapsed time go on between two snapshots. Without *ticking* it is drawn anew
    for snapshots only.
    """

    def __init__(
        self, console: Console, clock: Clock | None = None, *, ticking: bool = True
    ) -> None:
        console.file = steady(console.file)
        self._console = console
        self._clock = clock or Clock()
        self._ticking = ticking
        self._stacks: dict[str, _Watched] = {}
        self._live: Live | None = None
        self._lock = threading.RLock()

    def show(self, snapshot: Snapshot) -> None:
        """Draw *snapshot*, beside the last ones of other stacks."""
        with self._lock:
            self._remember(snapshot)
            live = self._live
            if live is None:
                live = self._live = Live(
                    console=self._console,
                    get_renderable=self._drawn,
                    auto_refresh=self._ticking,
                    refresh_per_second=_TICKS_PER_S,
                    transient=True,
                    redirect_stdout=False,  # data may go there, into a file
                    vertical_overflow="crop",
                )
                live.start(refresh=True)
        live.refresh()

    def say(self, text: str) -> None:
        """Print *text* above what is drawn; there it stays."""
        paper = self._paper()
        for line in clean_lines(text) or [""]:
            self._console.print(Text(safe(line, paper)), overflow="fold")

    def close(self) -> None:
        """Give the terminal back, with the last state in full."""
        with self._lock:
            live, self._live = self._live, None
        if live is None:
            return
        live.stop()
        for line in frame(self._seen(), self._paper(), final=True):
            self._console.print(_text(line))

    def _remember(self, snapshot: Snapshot) -> None:
        now_s = self._clock.now_s()
        known = self._stacks.get(snapshot.stack_name)
        if known is None:
            known = self._stacks[snapshot.stack_name] = _Watched(snapshot, now_s, {}, {})
        known.snapshot, known.at_s = snapshot, now_s
        for resource in (*snapshot.failed, *snapshot.resources):
            place = (*resource.path, resource.logical_id)
            if words.state_of(resource.status, resource.reason).tone is Tone.BAD:
                known.failed.setdefault(place, resource)
        for resource in snapshot.resources:
            place = (*resource.path, resource.logical_id)
            if known.began_s.get(place, ("", 0.0))[0] != resource.status:
                known.began_s[place] = (resource.status, now_s)

    def _drawn(self) -> Group:
        return Group(*map(_text, frame(self._seen(), self._paper())))

    def _seen(self) -> list[Seen]:
        with self._lock:
            now_s = self._clock.now_s()
            return [
                Seen(
                    snapshot=one.snapshot,
                    elapsed_s=one.snapshot.elapsed_s + _since(one, now_s),
                    failed=tuple(one.failed.values()),
                    since_s={place: now_s - at_s for place, (_, at_s) in one.began_s.items()},
                )
                for one in self._stacks.values()
            ]

    def _paper(self) -> Paper:
        """One row less than the window: the cursor stands there."""
        size = self._console.size
        return Paper(max(size.width, 1), max(size.height - 1, 1), self._console.encoding)


def _since(one: _Watched, now_s: float) -> float:
    """Seconds since the snapshot, as long as what it shows goes on."""
    ended = bool(one.snapshot.status) and is_over(one.snapshot.status)
    return 0.0 if ended else now_s - one.at_s


def _text(line: Line) -> Text:
    """For rich: never its markup, one row."""
    pieces = [(span.text, STYLES[span.tone]) for span in line]
    return Text.assemble(*pieces, no_wrap=True, overflow="crop")
