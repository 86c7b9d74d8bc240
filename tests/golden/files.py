"""What the golden files should hold now: the shipped apps and the variants, rendered."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Final

from ecs_blocks.templates.output import written
from ecs_blocks.templates.render import Project, RenderedApp, render_app

GOLDEN: Final = Path(__file__).parent
VARIANTS: Final = GOLDEN / "variants"
"""Small apps of one environment, for what the shipped ones do not show. Their files are sources."""
STACKS: Final = GOLDEN.parent.parent / "stacks"
REWRITE: Final = "run `make golden`, and review the change like code"


def rendered(root: Path) -> list[RenderedApp]:
    """Every app below *root*."""
    path = list(sys.path)
    try:
        project = Project.open(root)
        return [render_app(project, app, {}) for app in project.apps()]
    finally:
        sys.path[:] = path


def wanted() -> dict[str, str]:
    """Every golden file, by its path below tests/golden."""
    files: dict[str, str] = {}
    for app in (*rendered(STACKS), *rendered(VARIANTS)):
        for name, text in written(app, form="yaml", folder=app.app).files.items():
            path = f"{app.app}/{name}"
            if path in files:
                raise ValueError(f"{path}: a variant is called like a shipped app")
            files[path] = text
    return files


def present() -> dict[str, str]:
    """Every golden file that is there."""
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8")
        for folder in sorted(GOLDEN.iterdir())
        if folder.is_dir() and folder != VARIANTS and not folder.name.startswith((".", "_"))
        for path in sorted(folder.iterdir())
    }


def difference(golden: dict[str, str], now: dict[str, str]) -> str:
    """What changed, as one unified diff that ends in what to do; empty where nothing did."""
    lines: list[str] = []
    for path in sorted(golden.keys() | now.keys()):
        lines += difflib.unified_diff(
            golden.get(path, "").splitlines(keepends=True),
            now.get(path, "").splitlines(keepends=True),
            f"tests/golden/{path}" if path in golden else "/dev/null",
            f"{path} as rendered now" if path in now else "/dev/null",
        )
    return "".join([*lines, REWRITE]) if lines else ""
