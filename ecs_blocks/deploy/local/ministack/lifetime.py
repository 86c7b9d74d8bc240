"""When a server ends by itself: with the process that started it, or with its state file."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Final

CHECK_S: Final = 0.5
STOPPING_S: Final = 15
"""How long containers may take to be removed before the process ends without it."""


def end_with_starter() -> None:
    """End when whoever started this process ends, killed or not.

    In the background that is a file, ``$ECS_BLOCKS_STATE``: the server ends when the file is gone
    or speaks of another server. Otherwise it is the process that holds this one's input open.
    """
    file, token = os.environ.get("ECS_BLOCKS_STATE"), os.environ.get("ECS_BLOCKS_TOKEN", "")
    starter = threading.Thread(target=_watch, args=(file, token), daemon=True)
    starter.start()


def _watch(file: str | None, token: str) -> None:
    if file is None:
        os.read(0, 1)
    else:
        while _speaks_of(Path(file), token):
            time.sleep(CHECK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOPPING_S)
    os._exit(1)


def _speaks_of(file: Path, token: str) -> bool:
    try:
        return token in file.read_text(encoding="utf-8")
    except OSError:
        return False
