"""The template with an environment's values put in is what that environment's own run gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/stack.py"
WAY = (
    "the script decides it by a value that may differ; pass the value on, or declare it as a Shape"
)


def differs(where: str, left: str, right: str, environment: str) -> str:
    return (
        f"{FILE}: {where} is {left} in the template, but {right} with the values of "
        f"{environment}: {WAY}"
    )


NAME = "Resources.Group.Properties.LogGroupName"
BODIES = [
    pytest.param(
        'if isinstance(env.group_name, eb.Token): group.LogGroupName = "x"',
        [differs(NAME, "x", "/ecs/hoge", name) for name in ("dev", "prod")],
        id="another value",
    ),
    pytest.param(
        'group.LogGroupName = f"{env.group_name!r}"',
        [differs(NAME, "Token({'Ref': 'GroupName'})", "'/ecs/hoge'", n) for n in ("dev", "prod")],
        id="the text of an object",
    ),
    pytest.param(
        "if isinstance(env.group_name, str):\n"
        '    stack.add_resource(logs.LogGroup("More", LogGroupName="x"))',
        [
            differs(
                "Resources.More",
                "not there",
                "{'Type': 'AWS::Logs::LogGroup', 'Properties': {'LogGroupName': 'x'}}",
                name,
            )
            for name in ("dev", "prod")
        ],
        id="another resource",
    ),
    pytest.param(
        "if env.retention_days == 365 if isinstance(env.retention_days, int) else False:\n"
        '    stack.output("Long", "yes", "kept for a year")',
        [
            differs(
                "Outputs",
                "not there",
                "{'Long': {'Value': 'yes', 'Description': 'kept for a year'}}",
                "prod",
            )
        ],
        id="in one environment",
    ),
    pytest.param(
        "count = 2 if isinstance(env.retention_days, int) else 1\n"
        'group.Tags = logs.Tags({str(n): "x" for n in range(count)})',
        [
            differs(
                "Resources.Group.Properties.Tags.1",
                "not there",
                "{'Key': '1', 'Value': 'x'}",
                name,
            )
            for name in ("dev", "prod")
        ],
        id="a longer list",
    ),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_a_script_that_decides_by_a_value_is_named(
    tmp_path: Path, body: str, expected: list[str]
) -> None:
    assert project(tmp_path, script=script(body)).refusal() == sorted(expected)


@pytest.mark.parametrize(
    "impure", ["__import__('random').random()", "id(env)", "__import__('time').perf_counter_ns()"]
)
def test_a_script_that_is_not_pure_is_found(tmp_path: Path, impure: str) -> None:
    problems = project(tmp_path, script=script(f"group.LogGroupName = str({impure})")).refusal()

    assert [problem.startswith(f"{FILE}: {NAME} is ") for problem in problems] == [True, True]


def test_the_number_and_its_text_are_the_same_to_cloudformation(tmp_path: Path) -> None:
    body = 'group.Tags = logs.Tags(Days=eb.text("", env.retention_days))'

    assert project(tmp_path, script=script(body)).rendered()


@pytest.mark.parametrize(
    "condition",
    [
        "[env.group_name, '/ecs/hoge']",
        "[env.retention_days, 365]",
        "[env.region, 'ap-northeast-1']",
        "[eb.ref('AWS::Region'), 'ap-northeast-1']",
        "[eb.text(env.group_name, '!'), '/ecs/hoge!']",
    ],
)
def test_a_condition_of_the_user_s_own_is_kept(tmp_path: Path, condition: str) -> None:
    body = (
        f'stack.template.add_condition("C", {{"Fn::Equals": {condition}}})\ngroup.Condition = "C"'
    )
    template = project(tmp_path, script=script(body)).rendered()["hoge/template.yaml"]

    assert "Conditions:\n  C: !Equals\n" in template
    assert "    Condition: C\n" in template


CONDITIONS = """\
Conditions:
  Long: !Equals
  - !Ref RetentionDays
  - 365
  Here: !Equals
  - !Ref AWS::Region
  - ap-northeast-1
  Both: !And
  - !Condition Long
  - !Condition Here
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Condition: Here
    Properties:
      LogGroupName: !If
      - Both
      - !Ref GroupName
      - !Ref AWS::NoValue
      RetentionInDays: !Ref RetentionDays
Outputs:
  Name:
    Condition: Both
    Value: !Ref GroupName
"""


def test_conditions_on_a_parameter_and_on_the_region_survive_as_they_were_written(
    tmp_path: Path,
) -> None:
    body = (
        "import troposphere as t\n"
        'stack.template.add_condition("Long", t.Equals(env.retention_days, 365))\n'
        'stack.template.add_condition("Here", t.Equals(env.region, "ap-northeast-1"))\n'
        'stack.template.add_condition("Both", t.And(t.Condition("Long"), t.Condition("Here")))\n'
        'group.Condition = "Here"\n'
        'group.LogGroupName = t.If("Both", env.group_name, t.NoValue)\n'
        'stack.template.add_output(t.Output("Name", Condition="Both", Value=env.group_name))'
    )
    template = project(tmp_path, script=script(body)).rendered()["hoge/template.yaml"]

    assert template[template.index("Conditions:") :] == CONDITIONS


def test_a_difference_behind_a_condition_is_found(tmp_path: Path) -> None:
    body = (
        'stack.template.add_condition("C", {"Fn::Equals": [eb.ref("AWS::Region"), "x"]})\n'
        "from troposphere import If\n"
        'group.LogGroupName = If("C", "x", env.group_name)\n'
        'if isinstance(env.group_name, str): group.LogGroupName = If("C", "x", "y")'
    )
    problems = project(tmp_path, script=script(body)).refusal()

    assert problems == [differs(NAME, "/ecs/hoge", "y", name) for name in ("dev", "prod")]
