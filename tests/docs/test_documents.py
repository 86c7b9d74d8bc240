"""The documents are true: their code runs, their links lead somewhere, the reference is current."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOW_TO: Final = sorted((ROOT / "docs" / "how-to").glob("*.md"))
_FENCE: Final = re.compile(
    r"(?P<mark><!-- not run -->\n)?^```(?P<kind>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Fence:
    """A block of code in a document."""

    kind: str
    title: str
    body: str


def fences(path: Path) -> Iterator[Fence]:
    for found in _FENCE.finditer(path.read_text(encoding="utf-8")):
        if not found["mark"]:
            yield Fence(found["kind"], found["title"] or "", found["body"])


def shell(command: str, folder: Path) -> str:
    bin_folder = str(Path(sys.executable).parent)
    # a make inside of make would say so in its output
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    environment["PATH"] = f"{bin_folder}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.rstrip("\n")


def pattern_of(shown: str) -> re.Pattern[str]:
    """Output as a document shows it: ``…`` is whatever stands there, to the end of the line."""
    lines = [re.escape(line).replace("…", ".*") for line in shown.splitlines()]
    return re.compile("\n".join(lines))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    broken = [
        link
        for link in _LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / link).exists()
    ]

    assert broken == []


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    ran = 0
    for fence in fences(ROOT / "docs" / "tutorial.md"):
        if fence.title:
            path = tmp_path / fence.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fence.body, encoding="utf-8")
        if fence.kind != "console":
            continue
        for step in re.split(r"^\$ ", fence.body, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            ran += 1

            output = shell(command, tmp_path)

            assert pattern_of(shown.rstrip("\n")).fullmatch(output), f"{command}\n{output}"
    assert ran > 5


def test_the_readme_makes_its_first_service(tmp_path: Path) -> None:
    script, values = (
        fence.body for fence in fences(ROOT / "README.md") if fence.kind in ("python", "yaml")
    )
    shop = tmp_path / "stacks" / "shop"
    shop.mkdir(parents=True)
    (shop / "stack.py").write_text(script, encoding="utf-8")
    (shop / "environment.yaml").write_text(values, encoding="utf-8")
    shutil.copytree(ROOT / "stacks" / "cluster", tmp_path / "stacks" / "cluster")
    shutil.copy(ROOT / "stacks" / "platform.yaml", tmp_path / "stacks")

    output = shell("ecs-blocks render shop", tmp_path)

    assert re.search(r"^shop +prod +29 ", output, re.MULTILINE), output
    assert len(script.splitlines()) <= 20


@pytest.mark.parametrize("path", HOW_TO, ids=lambda p: p.name)
def test_the_scripts_of_a_how_to_render_and_check(path: Path, tmp_path: Path) -> None:
    code = list(fences(path))
    files = [fence for fence in code if fence.title]
    scripts: list[str | None] = [
        fence.body for fence in code if fence.kind == "python" and not fence.title
    ]
    apps = {file.title.split("/")[1] for file in files if file.title.endswith("/stack.py")}
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
    for file in files:
        (tmp_path / file.title).parent.mkdir(exist_ok=True)
        (tmp_path / file.title).write_text(file.body, encoding="utf-8")
    for script in scripts or [None] * bool(files):
        if script is not None:
            as_hoge(tmp_path / "stacks" / "hoge", script)

        checked = apps | ({"hoge"} if script is not None or not apps else set())
        output = shell(f"ecs-blocks check {' '.join(sorted(checked))}", tmp_path)

        assert "0 errors, 0 warnings" in output, output


def as_hoge(hoge: Path, script: str) -> None:
    """Let *script* be that of hoge, with the values that it declares."""
    (hoge / "stack.py").write_text(script, encoding="utf-8")
    text = (hoge / "environment.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "JavaOpts" not in line]
    (hoge / "environment.yaml").write_text("\n".join(kept), encoding="utf-8")


def test_the_reference_is_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import generate; print(list(generate.stale()))"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]", "run: make docs"


def test_a_stale_page_would_be_seen(tmp_path: Path) -> None:
    code = (
        "import generate, pathlib, sys; generate.FOLDER = pathlib.Path(sys.argv[1]); "
        "generate.main(); (generate.FOLDER / 'cli.md').write_text('old'); "
        "print(list(generate.stale()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip().splitlines()[-1] == "['cli.md']"


@pytest.mark.slow
def test_a_clean_clone_renders_with_the_readmes_first_command(tmp_path: Path) -> None:
    subprocess.run(
        ["git", "clone", "--quiet", str(ROOT), str(tmp_path / "clone")],
        check=True,
        capture_output=True,
    )

    output = shell("make render", tmp_path / "clone")

    assert re.search(r"^hoge +prod ", output, re.MULTILINE), output
    assert output.splitlines()[-1].startswith("Look into build/hoge/template.yaml")
    assert (tmp_path / "clone" / "build" / "hoge" / "prod.json").is_file()


def test_make_alone_lists_the_targets() -> None:
    output = shell("make", ROOT)

    for target in ("render", "test", "quick", "golden", "docs", "bench"):
        assert re.search(rf"^{target} +\S", output, re.MULTILINE)
