"""An output that may be lost without ending what writes to it."""

from __future__ import annotations

from typing import IO, TextIO, cast


class Steady:
    """A text output that goes quiet, instead of raising, once nothing can be written to it.

    A pipe that is closed or a disk that is full must not end the watching of a deploy.
    """

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self.is_lost = False

    @property
    def encoding(self) -> str:
        """The encoding of the output; UTF-8 where it tells none."""
        return getattr(self._out, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write, or forget it."""
        if not self.is_lost:
            try:
                self._out.write(text)
            except (OSError, ValueError):  # ValueError: it was closed
                self.is_lost = True
        return len(text)

    def flush(self) -> None:
        """Flush, or forget it."""
        if not self.is_lost:
            try:
                self._out.flush()
            except (OSError, ValueError):
                self.is_lost = True

    def isatty(self) -> bool:
        """Whether a person sits before it."""
        return not self.is_lost and is_terminal(self._out)

    def fileno(self) -> int:
        """The descriptor of the output.

        Raises:
            OSError: it has none.
        """
        return self._out.fileno()


def steady(out: IO[str]) -> TextIO:
    """*out*, made one that does not raise."""
    return cast("TextIO", out if isinstance(out, Steady) else Steady(out))


def is_terminal(out: IO[str]) -> bool:
    """Whether *out* is a terminal."""
    try:
        return out.isatty()
    except ValueError:  # it was closed
        return False
