"""A Shape decides what the template holds: then each environment has its own, and it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, project, script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

FIELDS = "audit: eb.Shape[bool] = eb.shape(default=False)"
BODY = 'if env.audit:\n    stack.add_resource(logs.LogGroup("Audit", LogGroupName="/audit"))'
NOTE = "note: hoge: one template for each environment, because Audit is a Shape"


def shaped(folder: Path, *, fields: str = FIELDS, tail: str = "    Audit: true\n") -> Project:
    """An app whose prod has one more log group."""
    return project(folder, ENVIRONMENT + tail, script=script(BODY, fields=fields))


def test_each_environment_has_its_template(tmp_path: Path) -> None:
    files = shaped(tmp_path).rendered()

    assert list(files) == [
        *("hoge/dev.json", "hoge/dev.template.yaml"),
        *("hoge/prod.json", "hoge/prod.template.yaml"),
    ]
    assert "Audit" not in files["hoge/dev.template.yaml"]
    assert "  Audit:\n    Type: AWS::Logs::LogGroup\n" in files["hoge/prod.template.yaml"]


def test_what_varies_stays_a_parameter(tmp_path: Path) -> None:
    files = shaped(tmp_path).rendered()

    more = "  Audit:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      LogGroupName: /audit\n"

    assert files["hoge/prod.template.yaml"].replace(more, "") == files["hoge/dev.template.yaml"]
    assert '"Audit"' not in files["hoge/prod.json"]


def test_the_output_says_why(tmp_path: Path) -> None:
    lines = shaped(tmp_path).render().stderr.splitlines()

    assert lines[0] == NOTE
    assert [line.split()[:4] for line in lines[2:]] == [
        ["hoge", "dev", "1", "2"],
        ["hoge", "prod", "2", "2"],
    ]


def test_it_says_so_even_where_the_shapes_happen_to_be_the_same(tmp_path: Path) -> None:
    made = shaped(tmp_path, tail="")

    assert made.render().stderr.splitlines()[0] == NOTE
    assert "hoge/dev.template.yaml" in made.files()


def test_several_shapes_are_all_named(tmp_path: Path) -> None:
    fields = f"{FIELDS}\ncopies: eb.Shape[int] = eb.shape(default=1, choices=(1, 2))"

    assert shaped(tmp_path, fields=fields).render().stderr.splitlines()[0] == (
        "note: hoge: one template for each environment, because Audit, Copies are Shapes"
    )


@pytest.mark.parametrize("form", ["json", "git-sync"])
def test_other_formats_name_the_environment_s_own_template(tmp_path: Path, form: str) -> None:
    files = shaped(tmp_path).rendered("--format", form)

    if form == "json":
        assert [name for name in files if "template" in name] == [
            "hoge/dev.template.json",
            "hoge/prod.template.json",
        ]
    else:
        assert (
            "template-file-path: build/hoge/prod.template.yaml\n"
            in (files["hoge/prod.deployment.yaml"])
        )


@pytest.mark.parametrize(
    ("fields", "tail", "expected"),
    [
        (FIELDS, "    Audit: yes\n", "expected true or false, got yes; write true"),
        (
            "audit: eb.Shape[int] = eb.shape(default=1, choices=(1, 2))",
            "    Audit: 3\n",
            "got 3; allowed: 1, 2",
        ),
        (
            FIELDS,
            "    Audit: !Ssm /audit\n",
            "!Ssm: a value that shapes the template cannot be looked up later",
        ),
    ],
)
def test_a_shape_is_checked_like_any_value(
    tmp_path: Path, fields: str, tail: str, expected: str
) -> None:
    assert shaped(tmp_path, fields=fields, tail=tail).refusal() == [
        f"stacks/hoge/environment.yaml:7:12: parameters.prod.Audit: {expected}"
    ]


def test_a_shape_that_is_missing_is_told(tmp_path: Path) -> None:
    made = shaped(tmp_path, fields="audit: eb.Shape[bool] = eb.shape()")

    assert made.refusal() == [
        "stacks/hoge/environment.yaml:4:3: parameters.dev.Audit: missing; give it true or false, "
        "here or under default"
    ]


def test_a_list_may_be_a_shape_and_then_its_length_makes_resources(tmp_path: Path) -> None:
    fields = "audit: eb.Shape[list[str]] = eb.shape(default=[])"
    body = "for name in env.audit:\n    stack.add_resource(logs.LogGroup(name, LogGroupName=name))"
    made = project(
        tmp_path, ENVIRONMENT + "    Audit: [B, A]\n", script=script(body, fields=fields)
    )
    rows = [line.split()[1:3] for line in made.render().stderr.splitlines()[2:]]

    assert rows == [["dev", "1"], ["prod", "3"]]


def test_an_app_without_a_shape_has_one_template(tmp_path: Path) -> None:
    outcome = project(tmp_path).render()

    assert "note" not in outcome.stderr
