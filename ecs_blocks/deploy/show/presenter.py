"""Who shows a running operation: the contract, and which one fits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TextIO

from ecs_blocks.deploy.show.steady import is_terminal, steady

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.progress import Snapshot

_OFF: Final = ("", "0", "false", "no")


class Presenter(Protocol):
    """Shows snapshots as they come; may be called by several threads."""

    def show(self, snapshot: Snapshot) -> None:
        """Show what is known now; snapshots of several stacks may come in turn."""

    def say(self, text: str) -> None:
        """Say something that stays."""

    def close(self) -> None:
        """Leave the last state behind, and the terminal as it was; more may be shown after it."""


def is_ci(environ: Mapping[str, str]) -> bool:
    """Whether a CI server reads what is written: ``CI`` in *environ* says so."""
    return environ.get("CI", "").lower() not in _OFF


def presenter(out: TextIO, clock: Clock, environ: Mapping[str, str]) -> Presenter:
    """A screen where *out* is a terminal that has one, plain lines everywhere else.

    ``CI`` and ``TERM=dumb`` in *environ* stand for no screen; ``NO_COLOR`` for one without colour.
    """
    dumb = environ.get("TERM", "").lower() in ("dumb", "unknown")
    if dumb or is_ci(environ) or not is_terminal(out):
        from ecs_blocks.deploy.show.lines import Lines  # noqa: PLC0415 - only one of the two

        return Lines(out, clock)
    from rich.console import Console  # noqa: PLC0415 - only where there is a screen

    from ecs_blocks.deploy.show.screen import Screen  # noqa: PLC0415

    no_color = bool(environ.get("NO_COLOR"))
    console = Console(file=steady(out), no_color=no_color, markup=False, highlight=False)
    return Screen(console, clock)
