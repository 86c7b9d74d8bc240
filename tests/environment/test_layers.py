"""Which value an environment gets: five layers, the declared default, another field's value."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import KINDS
from tests.project import PLATFORM, project, script

if TYPE_CHECKING:
    from pathlib import Path

LAYERS = ("platform default", "platform dev", "app default", "app dev", "set")
FIELDS = """\
layer: eb.Param[str] = eb.param(default="declared")
second: eb.Param[str] = eb.param(default=eb.same_as("layer"))
"""
BODY = 'stack.output("Layer", env.layer, "x")\nstack.output("Second", env.second, "x")'


def render(folder: Path, given: tuple[str, ...], key: str = "Layer") -> dict[str, dict[str, str]]:
    """The parameters of dev and prod when each of the layers *given* sets *key* to its own name."""
    lines = {name: f"    {key}: {name}\n" if name in given else "" for name in LAYERS}
    platform = PLATFORM.replace("  dev:\n", f"{lines['platform default']}  dev:\n").replace(
        "  prod:\n", f"{lines['platform dev']}  prod:\n"
    )
    environment = (
        f"parameters:\n  default:\n    RetentionDays: 1\n{lines['app default']}"
        f"  dev:\n{lines['app dev']}  prod:\n"
    )
    made = project(folder, environment, script=script(BODY, fields=FIELDS), platform=platform)
    files = made.rendered(*(["--set", f"{key}=set"] if "set" in given else []))
    return {name: json.loads(files[f"hoge/{name}.json"])["Parameters"] for name in ("dev", "prod")}


@pytest.mark.parametrize(
    "given", [c for n in range(6) for c in itertools.combinations(LAYERS, n)], ids=" < ".join
)
def test_the_latest_layer_wins(tmp_path: Path, given: tuple[str, ...]) -> None:
    actual = render(tmp_path, given)
    elsewhere = [name for name in given if not name.endswith("dev")]

    assert actual["dev"]["Layer"] == (given[-1] if given else "declared")
    assert actual["prod"]["Layer"] == (elsewhere[-1] if elsewhere else "declared")


@pytest.mark.parametrize("given", [(), ("platform default",), ("app dev",), ("set",)])
def test_the_same_as_another_field_follows_it_in_each_environment(
    tmp_path: Path, given: tuple[str, ...]
) -> None:
    actual = render(tmp_path, given)

    assert actual["dev"]["Second"] == actual["dev"]["Layer"]
    assert actual["prod"]["Second"] == actual["prod"]["Layer"]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_same_as_another_field_is_only_a_default(tmp_path: Path, layer: str) -> None:
    actual = render(tmp_path, (layer,), "Second")

    assert (actual["dev"]["Layer"], actual["dev"]["Second"]) == ("declared", layer)


def test_a_list_is_replaced_and_not_joined(tmp_path: Path) -> None:
    environment = "parameters:\n  default: {Names: [a, b]}\n  dev: {Names: [c]}\n  prod:\n"
    files = project(tmp_path, environment, script=KINDS).rendered()
    names = [json.loads(files[f"hoge/{e}.json"])["Parameters"]["Names"] for e in ("dev", "prod")]

    assert names == ["c", "a,b"]


def test_a_same_as_of_what_is_missing_tells_only_what_is_missing(tmp_path: Path) -> None:
    fields = (
        "first: eb.Param[int] = eb.param()\n"
        'second: eb.Param[int] = eb.param(default=eb.same_as("first"))'
    )
    made = project(
        tmp_path, "parameters:\n  dev: {RetentionDays: 1}\n", script=script(fields=fields)
    )

    assert made.refusal() == [
        "stacks/hoge/environment.yaml:2:3: parameters.dev.First: missing; give it a whole number, "
        "here or under default"
    ]


def test_an_environment_that_stands_in_the_platform_alone_is_not_rendered(tmp_path: Path) -> None:
    files = project(tmp_path, "parameters:\n  prod: {RetentionDays: 1}\n").rendered()

    assert list(files) == ["hoge/prod.json", "hoge/template.yaml"]
