"""Where something differs, in words that a person finds again in the template."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.review.stacks import changes, property_change, side

TASK: Final = "AWS::ECS::TaskDefinition"
ROWS: Final[list[tuple[str, Any, Any, list[tuple[str, Any, Any]]]]] = [
    ("a value", {"Cpu": 1}, {"Cpu": 2}, [("Cpu", "1", "2")]),
    ("one more", {}, {"Cpu": 2}, [("Cpu", None, "2")]),
    ("one less", {"Cpu": 1}, {}, [("Cpu", "1", None)]),
    ("inside", {"A": {"B": {"C": 1}}}, {"A": {"B": {"C": 2}}}, [("A.B.C", "1", "2")]),
    ("a whole part", {}, {"A": {"B": 1}}, [("A", None, {"B": "1"})]),
    (
        "an item by its name",
        {"ContainerDefinitions": [{"Name": "app", "Image": "x:1"}, {"Name": "log"}]},
        {"ContainerDefinitions": [{"Name": "app", "Image": "x:2"}, {"Name": "log"}]},
        [("ContainerDefinitions[app].Image", "x:1", "x:2")],
    ),
    (
        "a variable",
        {"ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": "A", "Value": "1"}]}]},
        {"ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": "A", "Value": "2"}]}]},
        [("ContainerDefinitions[app].Environment[A].Value", "1", "2")],
    ),
    (
        "an item more, and the other moved",
        {"ContainerDefinitions": [{"Name": "app"}]},
        {"ContainerDefinitions": [{"Name": "log"}, {"Name": "app"}]},
        [("ContainerDefinitions[log]", None, {"Name": "log"})],
    ),
    (
        "a list of texts is shown whole",
        {"RequiresCompatibilities": ["EC2"]},
        {"RequiresCompatibilities": ["EC2", "FARGATE"]},
        [("RequiresCompatibilities", ["EC2"], ["EC2", "FARGATE"])],
    ),
    (
        "an item without a name, by its place",
        {"Rules": [{"Port": 1, "To": 2}, {"Port": 3, "To": 4}]},
        {"Rules": [{"Port": 1, "To": 2}, {"Port": 3, "To": 5}]},
        [("Rules[1].To", "4", "5")],
    ),
    (
        "one put before the others",
        {"Rules": [{"Port": 1}, {"Port": 2}]},
        {"Rules": [{"Port": 0}, {"Port": 1}, {"Port": 2}]},
        [("Rules[0]", None, {"Port": "0"})],
    ),
    (
        "JSON in a text",
        {"Policy": '{"rules": [{"rulePriority": 1, "selection": {"count": 5}}]}'},
        {"Policy": '{"rules": [{"rulePriority": 1, "selection": {"count": 9}}]}'},
        [("Policy.rules[1].selection.count", "5", "9")],
    ),
    ("no mapping", "a", "b", [("Properties", "a", "b")]),
    (
        "a list becomes what is looked up",
        {"A": ["x"]},
        {"A": {"Ref": "Later"}},
        [("A", ["x"], {"Ref": "Later"})],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_a_difference_is_told_where_it_is(
    before: Any, after: Any, expected: list[tuple[str, Any, Any]]
) -> None:
    found = property_change(before, after, TASK)

    assert [(row.path, row.before, row.after) for row in found] == expected
    assert all(row.noise is None for row in found)


def test_back_again_the_sides_are_exchanged() -> None:
    for _, before, after, _ in ROWS:
        there, back = property_change(before, after, TASK), property_change(after, before, TASK)
        assert [(row.before, row.after) for row in there] == [(r.after, r.before) for r in back]


NOISE: Final[list[tuple[str, str, Any, Any, str]]] = [
    ("ECS::TaskDefinition", "Tags", {"Key": "A", "Value": "1"}, {"Key": "A", "Value": "2"}, "tags"),
    ("EFS::FileSystem", "FileSystemTags", {"Key": "A", "Value": "1"}, {"Key": "B"}, "tags"),
]


@pytest.mark.parametrize(("type_", "name", "before", "after", "noise"), NOISE, ids=str)
def test_tags_are_noise(type_: str, name: str, before: Any, after: Any, noise: str) -> None:
    found = property_change({name: [before]}, {name: [after]}, f"AWS::{type_}")

    assert found
    assert {row.noise for row in found} == {noise}


def test_tags_that_replace_are_no_noise() -> None:
    """Schema of AWS::ECS::ExpressGatewayService: Tags are create-only."""
    [row] = property_change(
        {"Tags": [{"Key": "A", "Value": "1"}]},
        {"Tags": [{"Key": "A", "Value": "2"}]},
        "AWS::ECS::ExpressGatewayService",
    )

    assert (row.noise, row.replacement) == (None, "yes")


SETS: Final = [
    ("ECS::TaskDefinition", "RequiresCompatibilities", ["EC2", "FARGATE"]),
    ("ECS::TaskDefinition", "Volumes", [{"Name": "a"}, {"Name": "b"}]),
    (
        "ECS::Service",
        "CapacityProviderStrategy",
        [{"CapacityProvider": "a"}, {"CapacityProvider": "b"}],
    ),
    ("EC2::SecurityGroup", "SecurityGroupIngress", [{"CidrIp": "a"}, {"CidrIp": "b"}]),
    ("IAM::Role", "ManagedPolicyArns", ["a", "b"]),
    ("ElasticLoadBalancingV2::LoadBalancer", "Subnets", ["a", "b"]),
    ("CloudWatch::Alarm", "Dimensions", [{"Name": "a", "Value": 1}, {"Name": "b", "Value": 2}]),
]


@pytest.mark.parametrize(("type_", "name", "items"), SETS, ids=str)
def test_another_order_of_a_set_is_noise(type_: str, name: str, items: list[Any]) -> None:
    [row] = property_change({name: items}, {name: items[::-1]}, f"AWS::{type_}")

    assert (row.path, row.noise, row.replacement) == (name, "order", "no")


LISTS: Final = [
    ("ECS::TaskDefinition", "Command", ["a", "b"]),
    ("ElasticLoadBalancingV2::Listener", "DefaultActions", [{"Type": "a"}, {"Type": "b"}]),
    ("Nothing::Known", "Steps", [{"Name": "a"}, {"Name": "b"}]),
]


@pytest.mark.parametrize(("type_", "name", "items"), LISTS, ids=str)
def test_another_order_of_a_list_is_a_change(type_: str, name: str, items: list[Any]) -> None:
    [row] = property_change({name: items}, {name: items[::-1]}, f"AWS::{type_}")

    assert (row.path, row.noise) == (name, None)


ATTRIBUTES: Final = [
    ("Metadata", {"a": 1}, {"a": 2}, "metadata", "Metadata.a"),
    ("DeletionPolicy", "Retain", "Delete", "policy", "DeletionPolicy"),
    ("UpdateReplacePolicy", None, "Retain", "policy", "UpdateReplacePolicy"),
    ("DependsOn", "A", ["A", "B"], "policy", "DependsOn"),
    (
        "UpdatePolicy",
        {"AutoScalingRollingUpdate": {"MinInstancesInService": 1}},
        None,
        "policy",
        "UpdatePolicy",
    ),
]


@pytest.mark.parametrize(("name", "before", "after", "noise", "path"), ATTRIBUTES, ids=str)
def test_what_stands_beside_the_properties_is_noise(
    name: str, before: Any, after: Any, noise: str, path: str
) -> None:
    sides = [side({"It": {"Type": "AWS::SQS::Queue", name: value}}) for value in (before, after)]
    [change] = changes(*sides).values()
    [row] = change.properties

    assert (row.path, row.noise, change.replacement) == (path, noise, "no")
    assert change.is_noise


def test_the_order_of_what_it_depends_on_is_nothing() -> None:
    sides = [
        side({"It": {"Type": "AWS::SQS::Queue", "DependsOn": value}})
        for value in (["A", "B"], ["B", "A"])
    ]

    assert changes(*sides) == {}
