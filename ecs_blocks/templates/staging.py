"""The folder that a render writes to before anything is put in place."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ecs_blocks.errors import OutputError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX: Final = ".ecs-blocks-"
OLD: Final = ".old"
"""Inside of it: what stood in the place of the new, until all of that is there."""


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A folder beside the result, for what is not finished yet; gone at the end.

    What a render that was killed has left in *out* is cleared first.

    Raises:
        OutputError: *out* cannot be written to.
    """
    try:
        made = [folder for folder in (out, *out.parents) if not folder.exists()]
        out.mkdir(parents=True, exist_ok=True)
        turn = _lock(out, wait=True)  # or another would take a folder for left, still without lock
        try:
            _clear(out)
            folder = out / f"{PREFIX}{os.urandom(6).hex()}"  # tempfile costs a render 4 ms
            folder.mkdir(mode=0o700)
            own = _lock(folder, wait=True)
        finally:
            _release(turn)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written to: {error.strerror}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _release(own)
        for empty in made:
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()


def _clear(out: Path) -> None:
    """Remove what no running render holds; an app's folder that it had set aside goes back."""
    for left in sorted(out.glob(f"{PREFIX}*")):
        held = _lock(left, wait=False)
        if held is None:
            continue
        for old in left.glob(f"{OLD}/*"):
            if not (out / old.name).exists():
                old.replace(out / old.name)
        shutil.rmtree(left, ignore_errors=True)
        _release(held)


def _lock(folder: Path, *, wait: bool) -> int | None:
    """Hold *folder* until this process ends, however it does; None where another one holds it.

    Where a file system has no locks it is None too: then nothing is ever taken for left.
    """
    if sys.platform == "win32":
        return None
    held = None
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        _release(held)
        return None
    return held


def _release(held: int | None) -> None:
    if held is not None:
        os.close(held)
