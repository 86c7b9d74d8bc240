"""``make golden``: write what is rendered now over the golden files."""

from __future__ import annotations

import sys

from tests.golden.files import GOLDEN, present, wanted


def rewrite() -> list[str]:
    """Rewrite tests/golden, and say what was done to which file."""
    golden, now = present(), wanted()
    done: list[str] = []
    for path in sorted(golden.keys() - now.keys()):
        (GOLDEN / path).unlink()
        done.append(f"removed {path}")
    for path, text in now.items():
        if golden.get(path) == text:
            continue
        (GOLDEN / path).parent.mkdir(exist_ok=True)
        (GOLDEN / path).write_text(text, encoding="utf-8", newline="\n")
        done.append(f"{'changed' if path in golden else 'added'} {path}")
    return done


if __name__ == "__main__":
    for line in rewrite() or ["nothing has changed"]:
        sys.stdout.write(f"{line}\n")
