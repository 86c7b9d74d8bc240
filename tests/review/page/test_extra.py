"""A page needs more than a text: without it, the message says what to install."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, script
from tests.review.repository import repository, review

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("missing", ["igraph", "jinja2"])
def test_what_to_install_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    two = script('stack.add_resource(logs.LogStream("Stream", LogGroupName=group.ref()))')
    repository(tmp_path, script=two).app("hoge", ENVIRONMENT.replace("30", "60"))
    monkeypatch.setitem(sys.modules, missing, None)
    outcome = review(tmp_path, "--out", "review.html")

    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.stderr.endswith(
        "a page needs more than a text: pip install 'ecs-blocks[review]'\n"
    )
    assert not (tmp_path / "review.html").exists()


def test_with_it_the_page_is_written(tmp_path: Path) -> None:
    repository(tmp_path).app("hoge", ENVIRONMENT.replace("30", "60"))
    outcome = review(tmp_path, "--out", "review.html")

    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert (tmp_path / "review.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
