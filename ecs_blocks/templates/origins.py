"""Which line of a script each resource comes from: recorded only while somebody asks."""

from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ASKED: Final[ContextVar[tuple[str, str, dict[str, str]] | None]] = ContextVar(
    "asked", default=None
)
_OWN: Final = f"{os.sep}stack.py"


@contextmanager
def recorded(root: Path) -> Iterator[dict[str, str]]:
    """While this lasts, note for every resource that is added the line below *root* that did it.

    Gives a mapping from logical ids to lines, ``stacks/hoge/stack.py:14``, which fills. An app's
    own stack.py goes before a file that it shares with others.
    """
    found: dict[str, str] = {}
    before = _ASKED.set((f"{root}{os.sep}", root.name, found))
    try:
        yield found
    finally:
        _ASKED.reset(before)


def note(title: str) -> None:
    """Somebody adds the resource *title*."""
    asked = _ASKED.get()
    if asked is None:
        return
    root, name, found = asked
    below = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_stack(None)
        if frame.f_code.co_filename.startswith(root)
    ]
    if below:
        file, line = next((one for one in below if one[0].endswith(_OWN)), below[0])
        inside = file.removeprefix(root).replace(os.sep, "/")
        found[title] = f"{name}/{inside}:{line}"
