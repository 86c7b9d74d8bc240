"""``render``: what it writes, in which form, and what it prints."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ecs_blocks.templates.output import MARKER
from tests.environment.kinds import KINDS
from tests.project import ENVIRONMENT, project
from tests.templates.short_yaml import load

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Description: 'hoge: one log group.'
Parameters:
  RetentionDays:
    Type: Number
    MinValue: 1
    MaxValue: 365
  GroupName:
    Type: String
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Ref GroupName
      RetentionInDays: !Ref RetentionDays
"""
DEV: dict[str, Any] = {
    "Parameters": {"RetentionDays": "30", "GroupName": "/ecs/hoge"},
    "Tags": {"Application": "hoge", "Environment": "dev"},
}
PROD: dict[str, Any] = {
    "Parameters": {"RetentionDays": "365", "GroupName": "/ecs/hoge"},
    "Tags": {"Application": "hoge", "Environment": "prod"},
}
TABLE = """\
app   environment  resources  parameters  bytes  digest
hoge  dev                  1           2    328  {0}
hoge  prod                 1           2    328  {0}
"""
DIGEST = hashlib.sha256(TEMPLATE.encode()).hexdigest()[:12]


def test_one_template_and_a_file_for_each_environment(tmp_path: Path) -> None:
    files = project(tmp_path).rendered()

    assert list(files) == ["hoge/dev.json", "hoge/prod.json", "hoge/template.yaml"]
    assert files["hoge/template.yaml"] == TEMPLATE
    assert files["hoge/dev.json"] == json.dumps(DEV, indent=2) + "\n"
    assert files["hoge/prod.json"] == json.dumps(PROD, indent=2) + "\n"


def test_a_list_tells_the_next_render_which_files_are_its_own(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.rendered()

    assert (made.build / "hoge" / MARKER).read_text() == "dev.json\nprod.json\ntemplate.yaml\n"


def test_the_table_closes_the_run_and_goes_to_stderr(tmp_path: Path) -> None:
    outcome = project(tmp_path).render()

    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr == TABLE.format(DIGEST)


def test_the_table_as_json_goes_to_stdout(tmp_path: Path) -> None:
    outcome = project(tmp_path, ENVIRONMENT).render("--json", "--env", "dev")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert json.loads(outcome.stdout) == [
        {
            "app": "hoge",
            "environment": "dev",
            "resources": 1,
            "parameters": 2,
            "bytes": 328,
            "digest": DIGEST,
            "lookups": [],
            "stack": "hoge-dev",
        }
    ]


def test_json_names_what_is_looked_up(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {Words: !Ssm /a, Count: !Ssm /b}\n"
    rows = json.loads(project(tmp_path, environment, script=KINDS).render("--json").stdout)

    assert rows[0]["lookups"] == ["Words", "Count"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--env", "dev"], ["hoge/dev.json", "hoge/template.yaml"]),
        (["--env", "prod"], ["hoge/prod.json", "hoge/template.yaml"]),
        (
            ["--env", "prod", "--env", "dev"],
            ["hoge/dev.json", "hoge/prod.json", "hoge/template.yaml"],
        ),
    ],
)
def test_only_the_environments_asked_for_are_written(
    tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    assert list(project(tmp_path).rendered(*arguments)) == expected


def test_a_template_is_the_same_whichever_environments_are_written(tmp_path: Path) -> None:
    made = project(tmp_path)
    texts = {made.rendered("--env", name)["hoge/template.yaml"] for name in ("dev", "prod")}

    assert texts == {TEMPLATE}


def test_templates_as_json(tmp_path: Path) -> None:
    files = project(tmp_path).rendered("--format", "json")

    assert list(files) == ["hoge/dev.json", "hoge/prod.json", "hoge/template.json"]
    assert json.loads(files["hoge/template.json"]) == load(TEMPLATE)
    assert json.loads(files["hoge/dev.json"]) == DEV


def test_files_for_git_sync(tmp_path: Path) -> None:
    files = project(tmp_path).rendered("--format", "git-sync", "--out", "build")

    assert list(files) == [
        *("hoge/dev.deployment.yaml", "hoge/prod.deployment.yaml", "hoge/template.yaml"),
    ]
    assert yaml.safe_load(files["hoge/dev.deployment.yaml"]) == {
        "template-file-path": "build/hoge/template.yaml",
        "parameters": DEV["Parameters"],
        "tags": DEV["Tags"],
    }


def test_git_sync_says_what_it_cannot_look_up(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {Words: !Ssm /a, Count: !Ssm /b}\n"
    outcome = project(tmp_path, environment, script=KINDS).render("--format", "git-sync")

    assert outcome.stderr.splitlines()[0] == (
        "note: hoge dev: Git sync looks nothing up; give these a value first: Words, Count"
    )


def test_printing_yaml_is_a_stream_of_documents(tmp_path: Path) -> None:
    made = project(tmp_path)
    outcome = made.render("--out", "-")
    names = [line for line in outcome.stdout.splitlines() if line.startswith("--- ")]
    _, template, dev, prod = outcome.stdout.split("--- # ")

    assert (outcome.code, outcome.stderr) == (0, TABLE.format(DIGEST))
    assert names == ["--- # hoge/template.yaml", "--- # hoge/dev.json", "--- # hoge/prod.json"]
    assert template == f"hoge/template.yaml\n{TEMPLATE}"
    assert [yaml.safe_load(text.partition("\n")[2]) for text in (dev, prod)] == [DEV, PROD]
    assert not made.build.exists()


def test_printing_json_is_one_object(tmp_path: Path) -> None:
    outcome = project(tmp_path).render("--out", "-", "--format", "json")

    assert json.loads(outcome.stdout) == {
        "hoge/template.json": load(TEMPLATE),
        "hoge/dev.json": DEV,
        "hoge/prod.json": PROD,
    }


def test_a_failure_prints_nothing_to_stdout(tmp_path: Path) -> None:
    outcome = project(tmp_path, "[").render("--out", "-")

    assert (outcome.code, outcome.stdout) == (2, "")


@pytest.mark.parametrize("out", ["build", "./build", "a/b/c", "../elsewhere"])
def test_the_result_goes_where_it_is_told(tmp_path: Path, out: str) -> None:
    (tmp_path / "inner").mkdir()
    made = project(tmp_path / "inner")

    assert made.render("--out", out).code == 0
    assert (tmp_path / "inner" / out / "hoge" / "template.yaml").read_text() == TEMPLATE


def test_the_apps_may_stand_elsewhere(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.stacks.rename(tmp_path / "apps")
    outcome = made.render("--stacks", "apps")

    assert outcome.code == 0
    made.write("../apps/hoge/environment.yaml", ENVIRONMENT.replace("365", "366"))
    assert made.refusal("--stacks", "apps") == [
        "apps/hoge/environment.yaml:6:20: parameters.prod.RetentionDays: got 366; allowed: 1 to 365"
    ]


def test_only_the_apps_asked_for_are_written(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.app("fuga")
    made.app("piyo")

    assert {name.partition("/")[0] for name in made.rendered("piyo", "hoge")} == {"hoge", "piyo"}


def test_an_app_that_is_no_more_is_named_and_its_files_are_kept(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.app("fuga")
    made.rendered()
    (made.build / "mine").mkdir()
    (made.build / "mine" / "notes.txt").write_text("mine")
    (made.build / "empty").mkdir()
    shutil.rmtree(made.stacks / "fuga")

    every, one = made.render(), made.render("hoge")

    assert every.stderr.splitlines()[0] == (
        "note: build/fuga is of an app that is no more; remove it"
    )
    assert [line for line in every.stderr.splitlines() if line.startswith("note: ")][1:] == []
    assert "note: " not in one.stderr
    assert "fuga/template.yaml" in made.files()


def test_the_rows_keep_the_order_asked_for_and_no_app_comes_twice(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.app("fuga")
    rows = made.render("hoge", "fuga", "hoge").stderr.splitlines()[1:]

    assert [row.split()[0] for row in rows] == ["hoge", "hoge", "fuga", "fuga"]
