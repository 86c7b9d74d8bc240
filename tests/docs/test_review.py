"""docs/how-to/review.md: its commands do what it shows, and so does its job."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest
import yaml

from tests.docs.test_documents import ROOT, fences, pattern_of, shell

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = ROOT / "docs" / "how-to" / "review.md"
_GIT: Final = "git -c user.name=me -c user.email=me@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the shipped stacks, committed and rendered."""
    shutil.copytree(
        ROOT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / ".gitignore").write_text("build/\n*.pyc\n")
    shell(f"git init -q -b main && git add -A && {_GIT} commit -qm first", tmp_path)
    assert "hoge" in shell("ecs-blocks render", tmp_path)
    return tmp_path


def anything(shown: str) -> re.Pattern[str]:
    """Output as the page shows it, lines wrapped anywhere: a line ``…`` is any number of lines."""
    parts = re.split(r"^…$", shown, flags=re.MULTILINE)
    return re.compile(".*".join(pattern_of(unwrapped(part)).pattern for part in parts))


def unwrapped(text: str) -> str:
    """The text in one line: where it wraps depends on the length of a temporary folder's name."""
    return " ".join(text.split())


@pytest.mark.slow
def test_the_commands_do_what_the_page_shows(folder: Path) -> None:
    ran = 0
    for fence in fences(PAGE):
        for step in re.split(r"^\$ ", fence.body, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            ran += 1

            output = shell(command.replace("/tmp/", f"{folder}/"), folder)

            expected = anything(shown.rstrip("\n").replace("/tmp/", f"{folder}/"))
            assert expected.fullmatch(unwrapped(output)), f"{command}\n{output}"
    assert ran > 8


@pytest.mark.slow
def test_the_job_reviews_comments_and_uploads(folder: Path) -> None:
    [job] = [fence.body for fence in fences(PAGE) if fence.kind == "yaml"]
    steps = yaml.safe_load(job)["jobs"]["review"]["steps"]
    shell("sed -i 's/ServiceDesiredCount: 2/ServiceDesiredCount: 4/' stacks/hoge/*.yaml", folder)
    gh = folder / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > said\n')
    gh.chmod(0o755)

    for step in steps:
        if "name" in step:
            script = f'PATH="$PWD/bin:$PATH"; PR=12\nset -e\n{step["run"]}'
            assert shell(script, folder) == ""

    assert (folder / "said").read_text().split()[:3] == ["pr", "comment", "12"]
    assert "hoge/prod" in (folder / "review.md").read_text()
    assert (folder / steps[-1]["with"]["path"]).stat().st_size > 10_000
