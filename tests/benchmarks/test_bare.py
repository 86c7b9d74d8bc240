"""What is compared in ``make bench`` is the same work; nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from benchmarks.bare_hoge import template
from benchmarks.repositories import name_of, repository
from ecs_blocks.templates.render import Project, render_app
from tests.project import REPOSITORY
from tests.templates.short_yaml import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def rendered(stacks: Path, app: str) -> Mapping[str, Any]:
    """The one template of an app."""
    first, *others = render_app(Project.open(stacks), app, {}).environments

    assert all(other.template is first.template for other in others)
    return first.template


def printed(form: str) -> str:
    """What the bare script prints as a process of its own, as it is measured."""
    command = [sys.executable, "-m", "benchmarks.bare_hoge", form]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout


def test_the_bare_script_makes_the_template_that_hoge_renders_to() -> None:
    """When hoge's template changes, benchmarks/bare_hoge.py has to change with it."""
    expected = rendered(REPOSITORY / "stacks", "hoge")

    assert template().to_dict() == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "parse"), [("json", json.loads), ("yaml", yaml.safe_load), ("to_yaml", load)]
)
def test_it_prints_the_whole_template_in_each_form(
    form: str, parse: Callable[[str], dict[str, Any]]
) -> None:
    assert parse(printed(form)) == template().to_dict()


def test_every_app_of_a_repository_for_the_benchmark_is_as_large_as_hoge(tmp_path: Path) -> None:
    stacks = repository(tmp_path / "stacks", 2)
    expected = rendered(REPOSITORY / "stacks", "hoge")["Resources"]

    assert sorted(Project.open(stacks).apps()) == [name_of(0), name_of(1), "cluster"]
    for number in (0, 1):
        assert list(rendered(stacks, name_of(number))["Resources"]) == list(expected)
