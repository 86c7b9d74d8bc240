"""What is written to stderr and stdout, whether or not anybody reads it any more.

A pipe that is closed, a terminal that is gone or a disk that is full must neither end the watching
of a deploy nor change its exit code.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecs_blocks.deploy.show.safe_text import clean_lines

if TYPE_CHECKING:
    from typing import TextIO


def fill_in() -> None:
    """Put the null device where a stream was closed before the process began: ``2>&-``.

    Otherwise the next file or socket would take its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, nowhere)


def say(text: str) -> None:
    """Write a line or several to stderr, without what would steer a terminal; or forget it."""
    with suppress(OSError, ValueError):  # ValueError: it was closed
        lines = (line for part in text.split("\n") for line in clean_lines(part) or [""])
        click.echo("\n".join(lines), err=True)


def put(text: str) -> bool:
    """Write *text*, which somebody asked for, to stdout; whether it could be written.

    Why it could not is said on stderr, but for a reader who has seen enough.
    """
    try:
        click.echo(text)
    except BrokenPipeError:
        return True
    except (OSError, ValueError) as error:
        say(f"stdout: {getattr(error, 'strerror', None) or error}")
        return False
    return True


def settle() -> None:
    """Write what is still held back, or drop it: Python would try again at its end, and fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _drop(stream)


def _drop(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
