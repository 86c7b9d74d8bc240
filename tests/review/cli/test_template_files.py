"""Two template files, whoever wrote them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.review.repository import review

if TYPE_CHECKING:
    from pathlib import Path

OLD = """\
Parameters:
  Days: {Type: Number, Default: 7}
  Gone: {Type: String, Default: x}
  Secret: {Type: String, NoEcho: true, Default: old-hunter2}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !Ref Days
      LogGroupName: !Sub "${Secret}-x"
"""
NEW = OLD.replace("  Gone: {Type: String, Default: x}\n", "").replace("old-hunter2", "new-hunter2")


def tree(folder: Path, *arguments: str) -> dict[str, Any]:
    outcome = review(folder, "--format", "json", *arguments)

    assert (outcome.code, outcome.stderr) == (0, "")
    [stack] = json.loads(outcome.stdout)["stacks"]
    found: dict[str, Any] = stack
    return found


def written(folder: Path, **files: object) -> None:
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        ending = "yaml" if isinstance(content, str) else "json"
        (folder / f"{name}.{ending}").write_text(text)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    "name", ["::error::x.yaml", "##vso[task.x]y.yaml", "\x1b]0;owned\x07.yaml"]
)
def test_a_file_of_any_name_steers_neither_terminal_nor_ci_server(
    tmp_path: Path, name: str, form: str
) -> None:
    (tmp_path / name).write_text(OLD)
    new = NEW.replace('"${Secret}-x"', json.dumps("a\n::error::b ##[error]c"))
    (tmp_path / f"to{name}").write_text(new)
    found = review(tmp_path, "--template", f"to{name}", "--base", name, "--format", form)

    assert (found.code, found.stderr) == (0, "")
    assert not [line for line in found.stdout.splitlines() if line.lstrip().startswith("::")]
    assert {sign for sign in ("##[", "##vso[", "\x1b", "\x07") if sign in found.stdout} == set()


def test_the_same_file_is_unchanged(tmp_path: Path) -> None:
    written(tmp_path, old=OLD)

    found = tree(tmp_path, "--template", "old.yaml", "--base", "old.yaml")

    assert (found["app"], found["environment"], found["status"]) == ("old", "default", "unchanged")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Parameters": {"Days": 30}}, "prod"),
        ([{"ParameterKey": "Days", "ParameterValue": "30"}], "prod"),
        ({"parameters": {"Days": "30"}, "tags": {"a": "b"}}, "prod"),
        ({"Days": "30"}, "prod"),
    ],
)
def test_what_is_fed_in_every_form(tmp_path: Path, values: Any, expected: str) -> None:
    written(tmp_path, old=OLD, new=OLD, prod=values, before={"Parameters": {"Days": "7"}})

    found = tree(
        tmp_path,
        *("--template", "new.yaml", "--base", "old.yaml"),
        *("--parameters", "prod.json", "--base-parameters", "before.json"),
    )

    assert found["environment"] == expected
    assert [(one["name"], one["before"], one["after"]) for one in found["parameters"]] == [
        ("Days", "7", "30")
    ]
    [change] = found["changes"]
    assert change["line"] == "new.yaml:6"


def test_without_parameters_of_its_own_the_base_is_fed_the_same(tmp_path: Path) -> None:
    written(tmp_path, old=OLD, new=NEW.replace("old-", "new-"), prod={"Parameters": {"Days": "9"}})

    found = tree(
        tmp_path, "--template", "new.yaml", "--base", "old.yaml", "--parameters", "prod.json"
    )

    assert "Days" not in {one["name"] for one in found["parameters"]}


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_a_value_that_is_not_to_be_shown_is_in_no_form(tmp_path: Path, form: str) -> None:
    written(tmp_path, old=OLD, new=NEW)

    outcome = review(tmp_path, "--template", "new.yaml", "--base", "old.yaml", "--format", form)

    assert outcome.code == 0, outcome.stderr
    assert "LogGroupName" in outcome.stdout
    assert "hunter2" not in outcome.stdout
    assert "hidden" in outcome.stdout


def test_an_app_is_called_as_its_folder_where_the_file_is_called_template(tmp_path: Path) -> None:
    (tmp_path / "hoge").mkdir()
    written(tmp_path / "hoge", template=OLD)

    found = tree(tmp_path, "--template", "hoge/template.yaml", "--base", "hoge/template.yaml")

    assert found["app"] == "hoge"


def test_only_the_account_tells_what_two_files_do_not(tmp_path: Path) -> None:
    """``--base live`` goes with the apps of a folder."""
    written(tmp_path, old=OLD, new=NEW)
    unknowns = tree(tmp_path, "--template", "new.yaml", "--base", "old.yaml")["unknowns"]

    assert "whether somebody changed it by hand since (drift): only the account tells" in unknowns
    assert not [one for one in unknowns if "--base" in one]
