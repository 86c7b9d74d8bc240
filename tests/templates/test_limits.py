"""What CloudFormation does not take is refused before it sees it; what costs more is said.

Trap 47: templates grow past 51,200 bytes, a megabyte, 500 resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import BODY_LINE, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/stack.py"


def groups(count: int, size: int = 1) -> str:
    """A body that adds *count* log groups with names of *size* characters."""
    return (
        f"for number in range({count}):\n"
        f'    name = f"{{number:04}}" + "x" * {size}\n'
        '    stack.add_resource(logs.LogGroup(f"More{number}", LogGroupName=name))'
    )


def fields(count: int) -> str:
    return "\n".join(f'p{n}: eb.Param[str] = eb.param(default="x")' for n in range(count))


def outputs(count: int, value: str) -> str:
    return f'for number in range({count}):\n    stack.output(f"O{{number}}", {value}, "an output")'


def test_500_resources_are_taken(tmp_path: Path) -> None:
    outcome = project(tmp_path, script=script(groups(499))).render()

    assert outcome.stderr.splitlines()[1].split()[:3] == ["hoge", "dev", "500"]


def test_501_resources_are_refused(tmp_path: Path) -> None:
    (problem,) = project(tmp_path, script=script(groups(500))).refusal()

    assert problem.startswith(f"{FILE}:{BODY_LINE + 2}:1: ")
    assert problem.endswith("Maximum number of resources 500 reached")


def test_200_parameters_are_taken(tmp_path: Path) -> None:
    body = outputs(198, 'getattr(env, f"p{number}")')
    outcome = project(tmp_path, script=script(body, fields=fields(198))).render()

    assert outcome.stderr.splitlines()[1].split()[:4] == ["hoge", "dev", "1", "200"]


def test_201_parameters_are_refused(tmp_path: Path) -> None:
    body = outputs(199, 'getattr(env, f"p{number}")')

    assert project(tmp_path, script=script(body, fields=fields(199))).refusal() == [
        f"{FILE}: the template has 201 parameters; CloudFormation takes 200: split the stack"
    ]


def test_201_outputs_are_refused(tmp_path: Path) -> None:
    (problem,) = project(tmp_path, script=script(outputs(201, '"x"'))).refusal()

    assert problem.startswith(f"{FILE}:{BODY_LINE + 1}:1: ")


@pytest.mark.parametrize("form", ["yaml", "json", "git-sync"])
def test_a_template_that_has_to_go_through_s3_is_noted_once(tmp_path: Path, form: str) -> None:
    made = project(tmp_path, script=script(groups(400, 100)))
    outcome = made.render("--format", form)
    name = "template.json" if form == "json" else "template.yaml"
    size = len(made.files()[f"hoge/{name}"])

    assert size > 51_200
    assert outcome.stderr.count("note: ") == 1
    assert outcome.stderr.splitlines()[0] == (
        f"note: hoge: {size:,} bytes; over 51,200 a deploy has to go through S3 "
        "(aws cloudformation deploy --s3-bucket \u2026)"
    )


def test_a_template_that_may_be_sent_as_it_is_is_not_noted(tmp_path: Path) -> None:
    outcome = project(tmp_path, script=script(groups(400))).render()

    assert "note" not in outcome.stderr


def test_a_template_over_a_megabyte_is_refused(tmp_path: Path) -> None:
    (problem,) = project(tmp_path, script=script(groups(400, 2600))).refusal()

    assert problem.startswith("hoge: the template has 1,0")
    assert problem.endswith(" bytes; CloudFormation takes 1,000,000: split the stack")


def test_a_value_that_the_script_makes_too_long_is_refused(tmp_path: Path) -> None:
    more = 'long: eb.Param[str] = eb.computed(lambda _: "x" * 4097, of=())'
    body = 'stack.output("Long", env.long, "x")'

    assert project(tmp_path, script=script(body, fields=more)).refusal() == [
        f"stacks/hoge/environment.yaml:{line}:3: parameters.{name}: Long is longer than 4,096 bytes"
        for line, name in ((4, "dev"), (5, "prod"))
    ]


def test_a_value_of_4096_bytes_that_the_script_makes_is_taken(tmp_path: Path) -> None:
    more = 'long: eb.Param[str] = eb.computed(lambda _: "x" * 4096, of=())'
    body = 'stack.output("Long", env.long, "x")'
    files = project(tmp_path, script=script(body, fields=more)).rendered()

    assert f'"Long": "{"x" * 4096}"' in files["hoge/dev.json"]
