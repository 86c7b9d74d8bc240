"""The file that the system was born with loads as it stands, and renders."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.environment.files import read_app, read_platform
from ecs_blocks.environment.load import load
from ecs_blocks.templates.script import load_script
from tests.project import REPOSITORY, Project, project

if TYPE_CHECKING:
    from ecs_blocks.environment.declare import Environment
    from ecs_blocks.environment.loaded import Loaded

SEED: Final = Path(__file__).parent.parent / "seed" / "environment.yaml"
REPOSITORY_URL: Final = "xxxxxxxxxx.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image"
SIZE: Final[dict[str, Any]] = {
    "task_memory": 512,
    "task_max_memory": 990,
    "service_desired_count": 1,
}
EXPECTED: Final[dict[str, dict[str, Any]]] = {
    "dev": SIZE | {"cluster_name": "dev-default", "java_opts": "-Xmx256MB"},
    "stg": SIZE | {"cluster_name": "stg-default", "java_opts": "-Xmx256MB"},
    "prod": {
        "task_memory": 1990,
        "task_max_memory": 1990,
        "service_desired_count": 2,
        "cluster_name": "default",
        "java_opts": "-Xmx1500MB -Xms1500MB",
    },
}
DECLARED: Final = {"task_cpu": 256, "image_tag": "", "deletion_protection": True}


@pytest.fixture(name="seeded")
def fixture_seeded(tmp_path: Path) -> Project:
    """The shipped script of hoge and the shipped platform, with the seed as its values."""
    stacks = REPOSITORY / "stacks"
    made = project(
        tmp_path,
        SEED.read_bytes(),
        script=(stacks / "hoge" / "stack.py").read_text(),
        platform=(stacks / "platform.yaml").read_text(),
    )
    made.app("cluster")
    return made


def loaded(made: Project) -> dict[str, Loaded[Environment]]:
    """The environments of hoge, which have to load without a problem."""
    platform, problems = read_platform(made.stacks / "platform.yaml", "platform.yaml")
    path = made.stacks / "hoge" / "environment.yaml"
    app, more = read_app(path, "hoge", "environment.yaml", platform)
    script = load_script(made.stacks / "hoge" / "stack.py", "stack.py")
    found, last = load(script.environment, app, platform, {})

    assert [*problems, *more, *last] == []
    assert app.images == (REPOSITORY_URL,)
    return found


def test_the_file_is_theirs_letter_for_letter() -> None:
    digest = hashlib.sha256(SEED.read_bytes()).hexdigest()

    assert digest == "4b2ab72646e566a436ede9929c53893474fb3d64d409ba8b7003edfaef0fd0bb"


def test_each_environment_gets_the_values_that_the_file_gives_it(seeded: Project) -> None:
    found = loaded(seeded)
    actual = {
        name: {field: one.values[field] for field in EXPECTED[name]} for name, one in found.items()
    }

    assert actual == EXPECTED


def test_what_the_file_does_not_say_is_as_declared(seeded: Project) -> None:
    for one in loaded(seeded).values():
        actual = {field: one.values[field] for field in DECLARED}

        assert actual == DECLARED
        assert one.values["service_max_count"] == one.values["service_desired_count"]
        assert one.lookups["Image"].to_json() == {"RunningImage": {"Repository": REPOSITORY_URL}}


def test_it_renders_one_template_for_all_environments(seeded: Project) -> None:
    files = seeded.rendered("hoge")

    assert list(files) == [
        "hoge/dev.json",
        "hoge/prod.json",
        "hoge/stg.json",
        "hoge/template.yaml",
    ]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("dev", {"TaskMemory": "512", "TaskMaxMemory": "990", "JavaOpts": "-Xmx256MB"}),
        ("stg", {"ClusterName": "stg-default", "ServiceDesiredCount": "1"}),
        ("prod", {"TaskMemory": "1990", "JavaOpts": "-Xmx1500MB -Xms1500MB"}),
    ],
)
def test_the_values_reach_the_parameters_of_each_environment(
    seeded: Project, environment: str, expected: dict[str, Any]
) -> None:
    content = json.loads(seeded.rendered("hoge")[f"hoge/{environment}.json"])

    assert content["Parameters"] | expected == content["Parameters"]


def test_the_shipped_file_differs_in_what_could_not_run_alone() -> None:
    shipped = (REPOSITORY / "stacks" / "hoge" / "environment.yaml").read_text()
    mended = (
        SEED.read_text()
        .replace("xxxxxxxxxx", "123456789012")
        .replace("256MB", "256m")
        .replace("1500MB", "1500m")
    )

    assert shipped == mended
