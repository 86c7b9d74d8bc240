"""How long a review takes beyond the render, and over a hundred apps that all change."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from benchmarks.measure import Case
from benchmarks.repositories import name_of, repository

if TYPE_CHECKING:
    from pathlib import Path

ONE: Final = "review 1 app"
RENDER: Final = "render 1 app"
HUNDRED: Final = "review 100 apps"
_MAIN: Final = "from ecs_blocks.cli import main; main()"
_WHO: Final = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
_CHANGES: Final = (
    ("ServiceDesiredCount: 2", "ServiceDesiredCount: 3"),
    ('JavaOpts: "-Xmx256m"', 'JavaOpts: "-Xmx300m"'),
)


def changed(folder: Path, apps: int) -> Path:
    """A repository of so many apps, each of them changed in every environment; made once."""
    stacks = folder / "stacks"
    if stacks.exists():
        return stacks
    repository(stacks, apps)
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
        subprocess.run(["git", *_WHO, *arguments], cwd=folder, check=True)  # noqa: S607 - as found
    for path in stacks.glob("app-*/environment.yaml"):
        text = path.read_text(encoding="utf-8")
        for before, after in _CHANGES:
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
    return stacks


def cases(folder: Path) -> tuple[list[Case], Case]:
    """A review and a render of one app, and a review of a hundred."""
    verb = [sys.executable, "-c", _MAIN]
    hundred = changed(folder / "review-100", 100)
    one = ["--stacks", str(changed(folder / "review-1", 1)), name_of(0)]
    return (
        [
            Case(RENDER, [*verb, "render", *one, "--out", str(folder / "review-build")]),
            Case(ONE, [*verb, "review", *one]),
        ],
        Case(HUNDRED, [*verb, "review", "--stacks", str(hundred)]),
    )
