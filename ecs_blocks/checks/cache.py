"""Results that were found before, by the content of everything that they depend on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

import ecs_blocks
from ecs_blocks.checks import engine
from ecs_blocks.checks.run import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable


class Cache(Struct, frozen=True):
    """A folder of verdicts; ``folder`` None remembers nothing."""

    folder: Path | None
    guard_files: Sequence[Path] = ()

    def verdict(self, inputs: Any, judge: Callable[[], Verdict]) -> Verdict:
        """The verdict on *inputs* (plain data), from the folder or by *judge*."""
        if self.folder is None:
            return judge()
        path = self.folder / f"{self._key(inputs)}.json"
        known = _read(path)
        if known is not None:
            return known
        verdict = judge()
        _write(path, verdict)
        return verdict

    def _key(self, inputs: Any) -> str:
        digest = hashlib.sha256(_judges().encode())
        for path in self.guard_files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        digest.update(json.dumps(inputs, sort_keys=True).encode())
        return digest.hexdigest()


@cache
def _judges() -> str:
    """What judges: the versions, and our own code."""
    digest = hashlib.sha256(f"{ecs_blocks.__version__} {engine.version()}".encode())
    for path in sorted(Path(ecs_blocks.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> Verdict | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Verdict)
    except (OSError, ValueError, RecursionError):
        return None  # none, or of another version: it is found again


def _write(path: Path, verdict: Verdict) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_bytes(msgspec.json.encode(verdict))
        new.replace(path)
    except OSError:
        return  # a folder that cannot be written to makes check slower, not wrong
