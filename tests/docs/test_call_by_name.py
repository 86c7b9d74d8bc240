"""What the page on calling by name says of the order of deploys.

Trap 45: a client of Service Connect knows the servers that were there when its tasks started.
"""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.graph import dependencies
from ecs_blocks.templates.render import Project, render_app
from tests.docs.test_documents import HOW_TO, ROOT, fences

if TYPE_CHECKING:
    from pathlib import Path

APPS: Final = ("shop", "prices", "cluster")
[PAGE] = [path for path in HOW_TO if path.name == "call-a-service-by-name.md"]


@pytest.fixture(name="stacks")
def _stacks(tmp_path: Path) -> Path:
    """The files of the page, in a project."""
    stacks = tmp_path / "stacks"
    shutil.copytree(ROOT / "stacks", stacks)
    for fence in fences(PAGE):
        if fence.title:
            (tmp_path / fence.title).parent.mkdir(exist_ok=True)
            (tmp_path / fence.title).write_text(fence.body, encoding="utf-8")
    return stacks


def needed(stacks: Path, environment: str) -> dict[str, frozenset[str]]:
    """What each stack of *environment* waits for when all are deployed."""
    project = Project.open(stacks)
    targets: list[Any] = [
        SimpleNamespace(stack_name=f"{app}-{one.name}", rendered=one)
        for app in APPS
        for one in render_app(project, app, {}).environments
        if one.name == environment
    ]
    return dependencies(targets)


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_trap_45_who_calls_is_deployed_after_what_is_called(stacks: Path, environment: str) -> None:
    found = needed(stacks, environment)

    assert f"prices-{environment}" in found[f"shop-{environment}"]
    assert found[f"prices-{environment}"] == {f"cluster-{environment}"}


def test_trap_45_without_the_lookup_nothing_would_order_them(stacks: Path) -> None:
    values = stacks / "shop" / "environment.yaml"
    text = values.read_text(encoding="utf-8")
    values.write_text(text.replace("!StackOutput prices.SecurityGroupId", "sg-0a1b2c3d"))

    assert "prices-prod" not in needed(stacks, "prod")["shop-prod"]
