"""A file that somebody asked for by name is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Put *content* in the place of the file at *path*, with the permission bits *mode*.

    A device or a pipe (``/dev/stdout``) is written to: in its place, a file would break it for
    every program on the machine. A link to a file is refused, as who made it chose where it leads.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    if _is_no_file(path):
        with path.open("wb") as stream:
            stream.write(content)
        return
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link; name the file that it leads to", str(path))
    number, name = tempfile.mkstemp(prefix=".ecs-blocks-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _is_no_file(path: Path) -> bool:
    """Whether *path* is there, and neither a file nor a folder; links are followed."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
