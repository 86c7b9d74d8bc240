"""The JSON Schema of environment.yaml: the shipped files fit, the faults that it sees do not."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.schema import schema_of

ROOT: Final = Path(__file__).parents[2]
APPS: Final = ("cluster", "fuga", "hoge", "registry")


@cache
def schema(app: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "schema", app],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def errors(app: str, text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(app))
    return [error.json_path for error in validator.iter_errors(yaml.safe_load(text))]


def hoge(old: str, new: str) -> str:
    text = (ROOT / "stacks" / "hoge" / "environment.yaml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.slow
def test_an_app_that_is_not_there_has_no_schema() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from ecs_blocks.cli import main; main()", "schema", "hogo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "stacks: hogo: no such app; did you mean hoge?",
        "1 problem",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("app", APPS)
def test_the_schema_is_one(app: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(app))


@pytest.mark.parametrize("app", APPS)
def test_the_shipped_file_fits(app: str) -> None:
    text = (ROOT / "stacks" / app / "environment.yaml").read_text(encoding="utf-8")

    assert errors(app, text) == []


def test_the_seed_file_fits_as_it_stands() -> None:
    text = (ROOT / "tests" / "seed" / "environment.yaml").read_text(encoding="utf-8")

    assert errors("hoge", text) == []


def test_the_empty_tag_fits_as_it_does_in_a_render() -> None:
    assert errors("hoge", hoge("TaskMemory: 512", 'ImageTag: ""')) == []


FAULTS = [
    pytest.param("TaskMemory: 512", "TaskMemroy: 512", "$.parameters.default", id="misspelt key"),
    pytest.param("TaskMemory: 512", "Colour: red", "$.parameters.default", id="unknown key"),
    pytest.param(
        "TaskMemory: 512", 'TaskMemory: "512"', "$.parameters.default.TaskMemory", id="wrong type"
    ),
    pytest.param(
        "TaskMemory: 512", "TaskMemory: 22:22:22.5", "$.parameters.default.TaskMemory", id="base 60"
    ),
    pytest.param("TaskMemory: 512", "TaskMemory: 1", "$.parameters.default.TaskMemory", id="range"),
    pytest.param("TaskMemory: 512", "TaskMemory: ~", "$.parameters.default.TaskMemory", id="null"),
    pytest.param(
        "TaskMemory: 512",
        "LogRetentionDays: 31",
        "$.parameters.default.LogRetentionDays",
        id="choice",
    ),
    pytest.param(
        "TaskMemory: 512", "AlarmsEnabled: 1", "$.parameters.default.AlarmsEnabled", id="boolean"
    ),
    pytest.param('"-Xmx256m"', "on", "$.parameters.dev.JavaOpts", id="on is not text"),
    pytest.param('"-Xmx256m"', "2024-01-01", "$.parameters.dev.JavaOpts", id="a date is not text"),
    pytest.param(
        "TaskMemory: 512", 'ImageTag: "a b"', "$.parameters.default.ImageTag", id="a tag's form"
    ),
    pytest.param("dev-default", "no spaces", "$.parameters.dev.ClusterName", id="pattern"),
    pytest.param("  dev:", "  qa:", "$.parameters", id="unknown environment"),
    pytest.param("images:", "image:", "$", id="unknown key at the top"),
    pytest.param(
        "TaskMemory: 512", "VpcId: vpc-0a1b2c3d", "$.parameters.default", id="a locked key"
    ),
    pytest.param(
        "TaskMemory: 512", "Image: x/y:1", "$.parameters.default", id="a computed parameter"
    ),
]


@pytest.mark.parametrize(("old", "new", "place"), FAULTS)
def test_a_fault_does_not_fit(old: str, new: str, place: str) -> None:
    assert place in errors("hoge", hoge(old, new))


@pytest.mark.parametrize("text", ["", "- a", "parameters: [a]", "parameters:\n  dev: text\n"])
def test_another_structure_does_not_fit(text: str) -> None:
    assert errors("hoge", text) != []


def test_keys_say_what_they_mean_and_what_they_are_by_default() -> None:
    keys = schema("hoge")["$defs"]["values"]["properties"]

    assert keys["ServiceMaxCount"]["description"].endswith(
        "by default the same as ServiceDesiredCount"
    )
    assert keys["TaskCpu"] == {
        "description": "CPU units of a task",
        "default": 256,
        "anyOf": [
            {"type": "integer", "minimum": 2, "maximum": 196608},
            {
                "description": "!StackOutput app.Output, or !Ssm /name",
                "type": "string",
                "pattern": r"^(?:[a-z][a-z0-9-]*\.[A-Z][A-Za-z0-9]*|/[A-Za-z0-9_./-]+)$",
            },
        ],
    }


def test_plain_text_takes_a_lookup_anyway() -> None:
    assert schema("hoge")["$defs"]["values"]["properties"]["JavaOpts"] == {
        "description": "JVM options; the container's JAVA_OPTS",
        "default": "",
        "type": "string",
    }


@pytest.mark.parametrize("lookup", ["cluster.TaskMemory", "/platform/task-memory"])
def test_a_lookup_fits_where_a_value_does(lookup: str) -> None:
    """An editor that knows the tag takes what stands behind it for text."""
    assert errors("hoge", hoge("TaskMemory: 512", f"TaskMemory: {lookup}")) == []


@pytest.mark.parametrize("text", ["cluster", "cluster.memory", "Cluster.Memory", "512 MiB", "/"])
def test_text_that_is_no_lookup_does_not_fit(text: str) -> None:
    assert errors("hoge", hoge("TaskMemory: 512", f"TaskMemory: {text}")) == [
        "$.parameters.default.TaskMemory"
    ]


class Networked(eb.Environment):
    """What may be found by its tags, and what may not."""

    own_vpc_id: eb.Param[eb.VpcId]
    own_subnet_ids: eb.Param[list[eb.SubnetId]]
    database_group_id: eb.Param[eb.SecurityGroupId]
    task_memory: eb.Param[int]


def tells(line: str) -> list[str]:
    """What the schema of ``Networked`` has against a *line* of dev."""
    found = schema_of("x", fields_of(Networked), environments=["dev"], locked=frozenset())
    tree = {"parameters": {"dev": yaml.safe_load(line)}}
    return [one.json_path for one in jsonschema.Draft202012Validator(found).iter_errors(tree)]


@pytest.mark.parametrize(
    "line",
    [
        "OwnVpcId: Name=platform",
        "OwnVpcId: vpc-0a1b2c3d",
        "OwnSubnetIds: Tier=private, Network=platform",
        "DatabaseGroupId: Name=database",
    ],
)
def test_tags_fit_where_something_is_found_by_them(line: str) -> None:
    assert tells(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "OwnVpcId: Name=plat*",
        "OwnVpcId: platform",
        "OwnSubnetIds: [Tier=private]",
        "TaskMemory: Name=platform",
    ],
)
def test_tags_do_not_fit_elsewhere(line: str) -> None:
    assert tells(line) == [f"$.parameters.dev.{line.partition(':')[0]}"]
