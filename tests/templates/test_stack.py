"""A finished stack as a template: its order, its parameters, and what it may refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from troposphere import Output, iam, logs

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.errors import BlockError
from ecs_blocks.templates.stack import Scope, encode
from tests.project import project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/stack.py"


class Env(eb.Environment):
    days: eb.Param[int] = eb.param(default=1, help="how long")
    title: eb.Param[str] = eb.param(default="x")
    extra: eb.Shape[bool] = eb.shape(default=True)


def make() -> eb.Stack:
    """A stack of an environment whose parameters are tokens."""
    fields = fields_of(Env)
    values = {name: field.token() for name, field in fields.items() if not field.is_shape}
    return eb.Stack(Env(app="hoge", images=(), values=values), description="one  two\n three")


def encoded(stack: eb.Stack) -> dict[str, Any]:
    return encode(stack, fields_of(Env))


def test_a_template_holds_the_parameters_that_it_refers_to_and_no_more() -> None:
    stack = make()
    stack.add_resource(logs.LogGroup("Group", RetentionInDays=eb.ref("Days")))

    assert encoded(stack) == {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "one two three",
        "Parameters": {"Days": {"Type": "Number", "Description": "how long"}},
        "Resources": {
            "Group": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"RetentionInDays": {"Ref": "Days"}},
            }
        },
    }


def test_sections_stand_in_the_order_that_a_person_reads() -> None:
    stack = make()
    stack.template.add_output(Output("O", Value=eb.ref("Days")))
    stack.template.add_condition("C", {"Fn::Equals": [eb.ref("AWS::Region"), "x"]})
    stack.template.add_mapping("M", {"a": {"b": "c"}})
    stack.template.set_metadata({"by": "hand"})
    stack.add_resource(logs.LogGroup("Group"))

    assert list(encoded(stack)) == [
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings"),
        *("Conditions", "Resources", "Outputs"),
    ]


def test_a_resource_says_first_what_it_is_and_last_its_properties() -> None:
    stack = make()
    stack.template.add_condition("C", {"Fn::Equals": ["a", "b"]})
    stack.add_resource(logs.LogGroup("First"))
    stack.add_resource(
        logs.LogGroup(
            "Group",
            LogGroupName="x",
            Metadata={"a": "b"},
            UpdateReplacePolicy="Retain",
            DeletionPolicy="Retain",
            DependsOn="First",
            Condition="C",
        )
    )

    assert list(encoded(stack)["Resources"]["Group"]) == [
        *("Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"),
        *("Metadata", "Properties"),
    ]


def test_resources_stand_in_the_order_they_were_added() -> None:
    stack = make()
    for title in ("B", "C", "A"):
        stack.add_resource(logs.LogGroup(title))

    assert list(encoded(stack)["Resources"]) == ["B", "C", "A"]


def test_tokens_deep_inside_a_resource_become_functions() -> None:
    stack = make()
    group = logs.LogGroup("Group", Tags=logs.Tags(Days=eb.text("d", eb.ref("Days"))))
    group.Metadata = {"list": [eb.ref("Days"), {"deep": eb.get_att(group, "Arn")}]}
    stack.add_resource(group)
    resource = encoded(stack)["Resources"]["Group"]

    assert resource["Metadata"] == {
        "list": [{"Ref": "Days"}, {"deep": {"Fn::GetAtt": ["Group", "Arn"]}}]
    }
    assert resource["Properties"]["Tags"] == [{"Key": "Days", "Value": {"Fn::Sub": "d${Days}"}}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('group.KmsKeyId = eb.ref("Nothing")', "Group refers to Nothing, which does not exist"),
        (
            'group.KmsKeyId = eb.ref("RetentionDay")',
            "Group refers to RetentionDay, which does not exist; did you mean RetentionDays?",
        ),
        (
            'group.KmsKeyId = eb.text("x", eb.ref("Grup"))',
            "Group refers to Grup, which does not exist; did you mean Group?",
        ),
        (
            'group.KmsKeyId = eb.get_att(logs.LogGroup("Elsewhere"), "Arn")',
            "Group refers to Elsewhere, which does not exist",
        ),
        (
            'stack.output("O", eb.ref("Grouq"), "x")',
            "O refers to Grouq, which does not exist; did you mean Group?",
        ),
        (
            'stack.template.add_condition("C", {"Fn::Equals": [eb.ref("Nothing"), "x"]})',
            "Conditions refers to Nothing, which does not exist",
        ),
        ('group.DependsOn = "Nothing"', "Group depends on Nothing, which does not exist"),
        (
            'group.DependsOn = ["Group", "RetentionDays"]',
            "Group depends on RetentionDays, which does not exist",
        ),
        ('group.Condition = "Nothing"', "Group has the condition Nothing, which does not exist"),
        (
            'stack.template.add_condition("InProd", {"Fn::Equals": ["a", "b"]})\n'
            'group.Condition = "InPord"',
            "Group has the condition InPord, which does not exist; did you mean InProd?",
        ),
    ],
)
def test_a_reference_to_what_does_not_exist_is_refused(
    tmp_path: Path, body: str, expected: str
) -> None:
    assert project(tmp_path, script=script(body)).refusal() == [f"{FILE}: {expected}"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'stack.add_resource(logs.LogGroup("More", LogGroupName=env.group_name))',
            "Group and More have the same LogGroupName; a block that gives such a name stands "
            "in a stack once: take the handle of the first, or make an app of the second",
        ),
        (
            'group.LogGroupName = "/a"\n'
            'stack.add_resource(logs.LogGroup("More", LogGroupName="/a"))',
            "Group and More have the same LogGroupName; a block that gives such a name stands "
            "in a stack once: take the handle of the first, or make an app of the second",
        ),
        (
            'stack.add_resource(logs.LogGroup("GroupName"))',
            "GroupName is a parameter and a resource; give the block another id",
        ),
        (
            "import troposphere\n"
            'stack.template.add_parameter(troposphere.Parameter("Own", Type="String"))',
            "Own is a parameter that no environment.yaml can set; declare it as a Param",
        ),
        (
            "stack.template.resources.clear()",
            "the stack has no resources; CloudFormation needs at least one",
        ),
        (
            'stack.add_resource(logs.MetricFilter("Filter"))',
            "ValueError: Resource FilterPattern required in type AWS::Logs::MetricFilter "
            "(title: Filter)",
        ),
    ],
)
def test_a_template_that_cannot_be_is_refused(tmp_path: Path, body: str, expected: str) -> None:
    problems = project(tmp_path, script=script(body)).refusal()

    assert [problem for problem in problems if " in prod: " not in problem] == [
        f"{FILE}: {expected}"
    ]


def test_two_of_one_name_of_which_a_condition_takes_one_are_taken(tmp_path: Path) -> None:
    body = (
        'stack.template.add_condition("C", {"Fn::Equals": [env.region, "x"]})\n'
        'stack.template.add_condition("D", {"Fn::Not": [{"Condition": "C"}]})\n'
        'group.Condition = "C"\n'
        'stack.add_resource(logs.LogGroup("M", LogGroupName=env.group_name, Condition="D"))'
    )

    assert "hoge/template.yaml" in project(tmp_path, script=script(body)).rendered()


def test_a_block_puts_its_resources_under_its_own_id() -> None:
    class Small:
        def build(self, scope: Scope) -> str:
            scope.add(logs.LogGroup(scope.id("LogGroup")))
            scope.output("Name", "x", "the name")
            return scope.id("Handle")

    class Large:
        def build(self, scope: Scope) -> str:
            return scope.build(Small(), "Inner")

    stack = make()
    handle = stack.add("Hoge", Large())

    assert handle == "HogeInnerHandle"
    assert list(stack.template.resources) == ["HogeInnerLogGroup"]
    assert encoded(stack)["Outputs"] == {"Name": {"Description": "the name", "Value": "x"}}


def test_two_of_one_name_are_refused() -> None:
    stack = make()
    stack.add_resource(logs.LogGroup("Group"))
    stack.output("Name", "x", "the name")

    with pytest.raises(BlockError, match=r"^there are two resources Group; give one of the blocks"):
        stack.add_resource(logs.LogGroup("Group"))
    with pytest.raises(
        BlockError, match=r"^there are two outputs Name; a block that gives one stands"
    ):
        stack.output("Name", "y", "the name")


def test_an_output_is_not_exported() -> None:
    stack = make()
    stack.add_resource(logs.LogGroup("Group"))
    stack.output("Arn", eb.get_att(stack.template.resources["Group"], "Arn"), "the group")

    assert encoded(stack)["Outputs"] == {
        "Arn": {"Description": "the group", "Value": {"Fn::GetAtt": ["Group", "Arn"]}}
    }


def test_a_finding_is_silenced_with_its_reason_beside_the_resource() -> None:
    stack = make()
    group = stack.add_resource(logs.LogGroup("Group", Metadata={"Mine": "kept"}))
    eb.suppress(group, "EB101", reason="a batch job that nobody calls")
    eb.suppress(group, "EB102", reason="the same here")

    assert encoded(stack)["Resources"]["Group"]["Metadata"] == {
        "Mine": "kept",
        "ecs_blocks": {
            "suppress": {"EB101": "a batch job that nobody calls", "EB102": "the same here"}
        },
    }
    with pytest.raises(BlockError, match=r"^EB103: say in a few words why it is right on Group$"):
        eb.suppress(group, "EB103", reason="because")


@pytest.mark.parametrize("name", ["days", "region"])
def test_an_output_may_be_any_value(tmp_path: Path, name: str) -> None:
    fields = "days: eb.Param[int] = eb.param(default=7)"
    body = f'stack.output("Value", env.{name}, "a value")'
    made = project(tmp_path, script=script(body, fields=fields))

    assert "Outputs:\n  Value:\n" in made.rendered()["hoge/template.yaml"]


def test_every_resource_of_a_type_is_found_whoever_made_it() -> None:
    stack = make()
    groups = [stack.add_resource(logs.LogGroup(name)) for name in ("First", "Second")]
    stack.add_resource(logs.LogStream("Stream", LogGroupName="first"))

    assert stack.every(logs.LogGroup) == groups
    assert stack.every(iam.Role) == []
