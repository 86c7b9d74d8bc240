"""The process that renders the other side; ``aside`` starts it, nobody else."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from ecs_blocks.review.sources.rendering import rendered


def main() -> None:
    """``python -m ecs_blocks.review.sources ROOT OUT NAME [APP…]``."""
    root, out, name, *apps = sys.argv[1:]
    snapshot = rendered(Path(root), name, apps)
    Path(out).write_bytes(msgspec.msgpack.encode(snapshot))


if __name__ == "__main__":
    main()
