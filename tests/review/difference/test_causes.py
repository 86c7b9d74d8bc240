"""Why something differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.review.model import Cause, PropertyChange
from tests.review.stacks import body, changes, only, side

if TYPE_CHECKING:
    from ecs_blocks.review.side import Side

DECLARED = {"Image": {"Type": "String"}, "Size": {"Type": "Number"}, "Stage": {"Type": "String"}}


def sides(before: Any, after: Any, old: dict[str, str], new: dict[str, str]) -> tuple[Side, Side]:
    """Two sides with one task definition each."""
    places = {name: f"stacks/hoge/environment.yaml:{place}" for place, name in enumerate(new, 3)}
    lines = {"Task": "stacks/hoge/stack.py:31"}
    conditions = {"Big": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
    return (
        side({"Task": before}, Parameters=DECLARED, Conditions=conditions, parameters=old),
        side(
            {"Task": after},
            Parameters=DECLARED,
            Conditions=conditions,
            parameters=new,
            places=places,
            lines=lines,
        ),
    )


def rows(before: Side, after: Side) -> dict[str, PropertyChange]:
    """The property changes of all resources, by path."""
    return {row.path: row for one in changes(before, after).values() for row in one.properties}


def test_a_parameter_with_where_it_is_written() -> None:
    task = body("ECS::TaskDefinition", Cpu={"Ref": "Size"}, Family="hoge")
    found = rows(*sides(task, task, {"Size": "256"}, {"Size": "512"}))

    assert found["Cpu"].causes == (
        Cause(
            kind="parameter",
            name="Size",
            before="256",
            after="512",
            place="stacks/hoge/environment.yaml:3",
        ),
    )


def test_only_the_parameters_that_the_place_is_made_of() -> None:
    task = body(
        "ECS::TaskDefinition",
        Cpu={"Ref": "Size"},
        ContainerDefinitions=[{"Name": "app", "Image": {"Fn::Sub": "repo:${Image}"}}],
    )
    found = rows(*sides(task, task, {"Size": "1", "Image": "a"}, {"Size": "2", "Image": "b"}))

    assert [one.name for one in found["Cpu"].causes] == ["Size"]
    assert [one.name for one in found["ContainerDefinitions[app].Image"].causes] == ["Image"]


def test_a_parameter_behind_a_condition() -> None:
    task = body("ECS::TaskDefinition", Cpu={"Fn::If": ["Big", 1024, 256]})
    found = rows(*sides(task, task, {"Stage": "dev"}, {"Stage": "prod"}))

    assert [(one.kind, one.name) for one in found["Cpu"].causes] == [("parameter", "Stage")]


def test_the_template_with_the_line_it_comes_from() -> None:
    before, after = body("ECS::TaskDefinition", Cpu=256), body("ECS::TaskDefinition", Cpu=512)
    found = rows(*sides(before, after, {"Size": "1"}, {"Size": "2"}))

    assert found["Cpu"].causes == (
        Cause(kind="template", name="Task", place="stacks/hoge/stack.py:31"),
    )


def test_both_where_both_changed() -> None:
    before = body("ECS::TaskDefinition", Family={"Fn::Sub": "a-${Image}"})
    after = body("ECS::TaskDefinition", Family={"Fn::Sub": "b-${Image}"})
    found = rows(*sides(before, after, {"Image": "1"}, {"Image": "2"}))

    assert [one.kind for one in found["Family"].causes] == ["parameter", "template"]


def test_other_words_for_the_same_are_not_the_template() -> None:
    before = body("ECS::TaskDefinition", Family={"Fn::Sub": "a-${Image}"})
    after = body("ECS::TaskDefinition", Family={"Fn::Join": ["-", ["a", {"Ref": "Image"}]]})
    found = rows(*sides(before, after, {"Image": "1"}, {"Image": "2"}))

    assert [one.kind for one in found["Family"].causes] == ["parameter"]


def test_a_lookup() -> None:
    task = body("ECS::TaskDefinition", TaskRoleArn={"Ref": "Image"})
    before, after = (
        side({"Task": task}, Parameters=DECLARED, lookups={"Image": f"!StackOutput {name}.Arn"})
        for name in ("one", "two")
    )
    [cause] = rows(before, after)["TaskRoleArn"].causes

    assert (cause.kind, cause.name) == ("lookup", "Image")
    assert (cause.before, cause.after) == ("!StackOutput one.Arn", "!StackOutput two.Arn")


def test_a_resource() -> None:
    resources = {
        "Task": body("ECS::TaskDefinition", Cpu={"Ref": "Size"}),
        "Service": body("ECS::Service", TaskDefinition={"Ref": "Task"}, DesiredCount=2),
    }
    before, after = (
        side(resources, Parameters=DECLARED, parameters={"Size": value}) for value in ("1", "2")
    )
    found = changes(before, after)["Service"]

    [row] = found.properties
    assert (row.path, row.before, row.after) == ("TaskDefinition", {"Ref": "Task"}, {"Ref": "Task"})
    assert row.causes == (Cause(kind="resource", name="Task"),)
    assert found.replacement == "no"


def test_the_tags_of_the_stack_reach_what_can_have_tags_and_has_no_such_own_one() -> None:
    resources = {
        "Queue": body("SQS::Queue"),
        "Own": body("SQS::Queue", Tags=[{"Key": "Team", "Value": "mine"}]),
        "Policy": body("SQS::QueuePolicy", Queues=["x"]),
    }
    before, after = side(resources, tags={"Team": "a"}), side(resources, tags={"Team": "b"})
    found = changes(before, after)

    assert list(found) == ["Queue"]
    [row] = found["Queue"].properties
    assert (row.path, row.before, row.after, row.noise) == ("Tags[Team]", "a", "b", "tags")
    assert row.causes == (Cause(kind="tags", name="Team", before="a", after="b"),)


def test_a_condition_that_adds_and_removes() -> None:
    resources = {"Waf": {**body("SQS::Queue", DelaySeconds=1), "Condition": "Big"}}
    conditions = {"Big": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
    dev, prod = (
        side(resources, Parameters=DECLARED, Conditions=conditions, parameters={"Stage": stage})
        for stage in ("dev", "prod")
    )

    added, removed = changes(dev, prod)["Waf"], changes(prod, dev)["Waf"]
    assert (added.action, added.why) == ("add", "its condition Big is true now")
    assert (removed.action, removed.why) == ("remove", "its condition Big is false now")
    [row] = added.properties
    assert [(one.kind, one.name) for one in row.causes] == [("parameter", "Stage")]


def test_a_loop_runs_over_what_the_environment_has() -> None:
    loop = ["X", {"Ref": "Names"}, {"Queue${X}": body("SQS::Queue", DelaySeconds={"Ref": "Size"})}]
    declared = {**DECLARED, "Names": {"Type": "CommaDelimitedList"}}
    before, after = (
        side(
            {"Fn::ForEach::Queues": loop},
            Transform="AWS::LanguageExtensions",
            Parameters=declared,
            parameters={"Names": names, "Size": size},
        )
        for names, size in (("a", "1"), ("a,b", "2"))
    )
    found = changes(before, after)

    assert {name: one.action for name, one in found.items()} == {
        "Queuea": "modify",
        "Queueb": "add",
    }
    assert [(one.kind, one.name) for one in found["Queuea"].properties[0].causes] == [
        ("parameter", "Size")
    ]


REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"


@pytest.mark.parametrize(
    ("image", "value", "place"),
    [
        (REPOSITORY, "arn:aws:ecr:ap-northeast-1:123456789012:repository/hoge", "e.yaml:2"),
        (REPOSITORY, ["arn:aws:ecr:ap-northeast-1:123456789012:repository/hoge", "b"], "e.yaml:2"),
        (REPOSITORY, f"{REPOSITORY}:1.8.3", "e.yaml:2"),
        (REPOSITORY, "arn:aws:ecr:ap-northeast-1:123456789012:repository/hoge-b", "stack.py:9"),
        ("public.example.com/hoge", "public.example.com/hoge:2", "e.yaml:2"),
    ],
)
def test_a_repository_leads_to_where_it_is_written(image: str, value: Any, place: str) -> None:
    before = side({"It": body("Custom::It", Resource="old")}, lines={"It": "stack.py:9"})
    after = side(
        {"It": body("Custom::It", Resource=value)},
        lines={"It": "stack.py:9"},
        images={image: "e.yaml:2"},
    )

    assert [one.place for one in only(changes(before, after)).causes] == [place]
    assert [one.place for one in only(changes(after, before)).causes] == ["stack.py:9"]
