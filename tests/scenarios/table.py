"""The scenarios, rendered, and how many lines each takes beside what it saves."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ecs_blocks.templates.render import Project, RenderedApp, render_app
from ecs_blocks.templates.text import to_yaml

ROOT: Final = Path(__file__).parent
PAGE: Final = ROOT.parent.parent / "docs" / "explanation" / "scenarios.md"
BEGIN: Final = "<!-- written by python -m tests.scenarios -->\n"
END: Final = "<!-- end -->\n"
AFTER: Final = "After"
"""How the README of a scenario begins that makes a public template anew."""


@dataclass(frozen=True)
class Scenario:
    """One scenario: the folder of apps that it is rendered in, and its apps."""

    name: str
    root: Path
    apps: tuple[str, ...]

    @property
    def sources(self) -> tuple[Path, ...]:
        """What the team wrote."""
        names = ("stack.py", "environment.yaml", "priorities.lock", "company.py")
        return tuple(
            path
            for folder in (*(self.root / app for app in self.apps), ROOT / self.name)
            for name in names
            if (path := folder / name).is_file()
        )

    @property
    def title(self) -> str:
        """What it is: the comment at the top of its platform.yaml, or its script's docstring."""
        platform = self.root / "platform.yaml"
        if (
            self.root != ROOT
            and (first := platform.read_text("utf-8").partition("\n")[0])[:1] == "#"
        ):
            return first.removeprefix("#").strip()
        script = next(path for path in self.sources if path.name == "stack.py")
        text = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
        return text.partition("\n\n")[0].partition(": ")[2]

    @property
    def origin(self) -> str:
        """After what it is made, where it differs, and why: its README without the heading."""
        readme = ROOT / self.name / "README.md"
        if not readme.is_file():
            return ""
        return readme.read_text(encoding="utf-8").partition("\n\n")[2]

    def rendered(self) -> list[RenderedApp]:
        """Its apps, in every environment."""
        path = list(sys.path)
        try:
            project = Project.open(self.root)
            return [render_app(project, app, {}) for app in self.apps]
        finally:
            sys.path[:] = path

    def written(self) -> int:
        """Lines that a person wrote: neither empty nor a comment."""
        return sum(_lines(path.read_text(encoding="utf-8")) for path in dict.fromkeys(self.sources))

    def saved(self) -> int:
        """Lines of CloudFormation that come of them, one template for each app."""
        return sum(_lines(to_yaml(app.environments[0].template)) for app in self.rendered())


def scenarios() -> list[Scenario]:
    """Every scenario, by name."""
    found: list[Scenario] = []
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
        if (folder / "platform.yaml").is_file():
            apps = sorted(path.parent.name for path in folder.glob("*/stack.py"))
            found.append(Scenario(folder.name, folder, tuple(apps)))
        elif (folder / "stack.py").is_file():
            found.append(Scenario(folder.name, ROOT, (folder.name,)))
    return found


def table() -> str:
    """How few lines it takes, as Markdown."""
    rows = [
        "| scenario | what it is | lines of Python and YAML | lines of CloudFormation |",
        "|---|---|---:|---:|",
    ]
    total = [0, 0]
    for one in scenarios():
        counts = one.written(), one.saved()
        total = [before + now for before, now in zip(total, counts, strict=True)]
        link = f"../../tests/scenarios/{one.name}"
        rows.append(f"| [{one.name}]({link}) | {one.title} | {counts[0]} | {counts[1]:,} |")
    rows.append(f"| together | | {total[0]} | {total[1]:,} |")
    return "\n".join(rows) + "\n"


def made_anew() -> str:
    """The scenarios that are made after something public, as Markdown."""
    parts = []
    for one in scenarios():
        if one.origin:
            after, _, differs = (" ".join(part.split()) for part in one.origin.partition("\n\n"))
            parts.append(f"- **{one.name}**. {after} {differs}\n")
    return "".join(parts)


def page(text: str) -> str:
    """The page with what is written here as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, rest = rest.partition(END)
    between, _, rest = rest.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{between}{BEGIN}{made_anew()}{END}{after}"


def _lines(text: str) -> int:
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))
