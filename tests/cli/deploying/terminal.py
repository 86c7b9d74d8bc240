"""A terminal with a person before it: the program runs in it, and keys are pressed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.cli.deploying.stage import PROGRAM, Ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.deploying.stage import Stage

CTRL_C: Final = "\x03"
CTRL_D: Final = "\x04"
ENTER: Final = "\n"
_LEADER: Final = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"  # so that Ctrl-C becomes a signal
    "os.execv(sys.argv[1], sys.argv[1:])"
)
_ESCAPES: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.|\r")
_PATIENCE_S: Final = 30.0
_AT_THE_KEYBOARD: Final = ("wait_woken", "n_tty_read")
"""Where Linux lets a process sleep that reads a terminal."""


class Console:
    """What stands on the terminal so far."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self.raw = ""
        self._seen = 0

    @property
    def text(self) -> str:
        """Everything that was written, without what moves and colours."""
        return _ESCAPES.sub("", self.raw)

    def until(self, text: str) -> None:
        """Wait for *text* after what was waited for before."""
        if not self._comes(text, _PATIENCE_S):
            raise AssertionError(f"never on the terminal: {text!r}, but:\n{self.text}")

    def asked(self, text: str) -> None:
        """Wait for the question *text*, and until the program waits for a key.

        A signal in the instant before that is heard only after a key; nobody types so fast.
        """
        self.until(text)
        waits_in = Path(f"/proc/{self.process.pid}/wchan")
        end_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end_s and waits_in.exists():
            if waits_in.read_text(encoding="utf-8") in _AT_THE_KEYBOARD:
                return
            self._read(time.monotonic() + 0.005)

    def _comes(self, text: str, seconds: float) -> bool:
        end_s = time.monotonic() + seconds
        while (at := self.text.find(text, self._seen)) < 0:
            if not self._read(end_s):
                return False
        self._seen = at + len(text)
        return True

    def press(self, *keys: str) -> None:
        """Press keys."""
        os.write(self._master, "".join(keys).encode())

    def end(self) -> Ended:
        """Wait for the program's end."""
        while self._read(time.monotonic() + _PATIENCE_S):
            pass
        code = self.process.wait(_PATIENCE_S)

        assert "Traceback" not in self.raw, self.text
        return Ended(code, "", self.text)

    def _read(self, end_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, end_s - time.monotonic()))
        if not ready:
            return False
        with suppress(OSError):  # the program has closed its side
            found = os.read(self._master, 65536)
            self.raw += found.decode()
            return bool(found)
        return False


@contextmanager
def console(stage: Stage, *arguments: str, columns: int = 100) -> Iterator[Console]:
    """``ecs-blocks …`` on a terminal of its own."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    environ = {**stage.environ, "TERM": "xterm-256color"}
    environ.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-c", _LEADER, PROGRAM, *arguments],
        cwd=stage.project.folder,
        env=environ,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        try:
            yield Console(process, master)
        finally:
            process.kill()
            os.close(master)
