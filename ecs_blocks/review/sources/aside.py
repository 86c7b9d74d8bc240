"""Render the other side in a process of its own, while this one renders its own.

Scripts import each other by name, so two versions of them cannot live in one process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ecs_blocks.errors import EcsBlocksError
from ecs_blocks.review.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@contextmanager
def rendered_aside(root: Path, name: str, apps: Sequence[str]) -> Iterator[Callable[[], Snapshot]]:
    """Begin to render the *apps* of the folder *root*; what is given waits for the result.

    The process ends with the context, whatever happens.
    """
    with tempfile.TemporaryDirectory(prefix="ecs-blocks-review-") as folder:
        out = Path(folder) / "snapshot"
        command = [sys.executable, "-P", "-m", __package__, str(root), str(out), name, *apps]
        with subprocess.Popen(  # noqa: S603 - this Python, with arguments of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            try:
                yield lambda: _result(process, out, name)
            finally:
                process.kill()  # nothing happens where it has ended


def _result(process: subprocess.Popen[bytes], out: Path, name: str) -> Snapshot:
    _, said = process.communicate()
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        how = last[0] if last else f"exit code {process.returncode}"
        raise EcsBlocksError(f"{name}: the process that rendered it failed: {how}")
    return msgspec.msgpack.decode(out.read_bytes(), type=Snapshot)
