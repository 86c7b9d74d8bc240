"""What must not be shown is not, whatever it is part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ecs_blocks.review.changes import compared
from ecs_blocks.review.difference.causes import changed_parameters
from tests.review.stacks import body, changes, side

if TYPE_CHECKING:
    from ecs_blocks.review.side import Side

OLD: Final = "hunter2-old-one"
NEW: Final = "hunter2-new-one"
SECRET: Final = {"Ref": "Password"}
DECLARED: Final = {"Password": {"Type": "String", "NoEcho": True}, "Stage": {"Type": "String"}}


def sides(value: Any, /, **more: Any) -> tuple[Side, Side]:
    """Two sides whose NoEcho parameter has another value."""
    before, after = (
        side(
            {"It": body("ECS::TaskDefinition", **value)},
            Parameters=DECLARED,
            Conditions={"Is": {"Fn::Equals": [SECRET, OLD]}},
            parameters={"Password": password, "Stage": "prod"},
            **more,
        )
        for password in (OLD, NEW)
    )
    return before, after


def told(before: Side, after: Side) -> str:
    """All that is said, as JSON."""
    found = compared(before, after)
    parts = [*found.resources, *found.outputs, *changed_parameters(before, after)]
    return b"\n".join(map(msgspec.json.encode, parts)).decode()


PLACES: Final[list[dict[str, Any]]] = [
    {"Value": SECRET},
    {"Value": {"Fn::Sub": "postgres://hoge:${Password}@db/${Stage}"}},
    {"Value": {"Fn::Join": ["", ["a", SECRET]]}},
    {"Value": {"Fn::Sub": ["${P}", {"P": SECRET}]}},
    {"Value": {"Fn::Base64": SECRET}},
    {"Value": {"Fn::Select": [1, {"Fn::Split": ["-", SECRET]}]}},
    {"Value": {"Fn::If": ["Is", "yes", "no"]}},
    {"Value": [SECRET, "b"]},
    {"Value": {"Fn::Sub": '{"password": "${Password}"}'}},
    {"ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": "A", "Value": SECRET}]}]},
    {"ContainerDefinitions": [{"Name": SECRET, "Image": "x"}]},
    {"Items": [{"Key": {"Fn::Sub": "k-${Password}"}, "Value": "x"}]},
]


@pytest.mark.parametrize("value", PLACES, ids=str)
def test_the_value_of_a_noecho_parameter_is_nowhere(value: dict[str, Any]) -> None:
    before, after = sides(value)

    assert list(changes(before, after)) == ["It"]
    for text in (told(before, after), told(None or before, before), told(after, before)):
        assert "hunter2" not in text
    assert "hunter2" not in "".join(
        msgspec.json.encode(one).decode()
        for pair in ((None, after), (before, None))
        for one in compared(*pair).resources
    )


def test_a_noecho_parameter_is_told_to_differ_and_not_what_it_is() -> None:
    before, after = sides({"Cpu": SECRET})
    [row] = changes(before, after)["It"].properties

    assert (row.before, row.after, row.hidden) == ("(hidden)", "(hidden)", True)
    [cause] = row.causes
    assert (cause.kind, cause.name, cause.before, cause.after) == (
        "parameter",
        "Password",
        "(hidden)",
        "(hidden)",
    )
    [parameter] = changed_parameters(before, after)
    assert (parameter.before, parameter.after, parameter.hidden) == ("(hidden)", "(hidden)", True)


def test_the_same_secret_is_no_difference() -> None:
    before, _ = sides({"Cpu": SECRET})

    assert changes(before, before) == {}


def test_a_secret_that_comes_leaves_the_other_side_empty() -> None:
    before, after = sides({})[0], sides({"Cpu": SECRET})[1]
    [row] = changes(before, after)["It"].properties

    assert (row.before, row.after, row.hidden) == (None, "(hidden)", True)


def test_what_stands_beside_a_secret_is_shown() -> None:
    before = sides({"Cpu": SECRET, "Family": "a", "Role": {"Ref": "Stage"}})[0]
    after = sides({"Cpu": SECRET, "Family": "b", "Role": {"Ref": "Stage"}})[0]
    [row] = changes(before, after)["It"].properties

    assert (row.path, row.before, row.after, row.hidden) == ("Family", "a", "b", False)


def environment(name: str, value: Any) -> dict[str, Any]:
    """A task with one variable."""
    return {
        "ContainerDefinitions": [{"Name": "app", "Environment": [{"Name": name, "Value": value}]}]
    }


NAMES: Final = [
    (environment("DB_PASSWORD", OLD), environment("DB_PASSWORD", NEW), True),
    (environment("API_TOKEN", OLD), environment("API_TOKEN", NEW), True),
    (environment("A", "postgres://u:hunter2@db"), environment("A", "postgres://u:x@db"), True),
    (environment("A", "AKIAIOSFODNN7EXAMPLE"), environment("A", "b"), True),
    (environment("DB_HOST", "one"), environment("DB_HOST", "two"), False),
    (environment("TOKEN_TTL", "60"), environment("TOKEN_TTL", "90"), False),
    (
        environment("DB_PASSWORD", "arn:aws:secretsmanager:x:1:secret:a"),
        environment("DB_PASSWORD", "arn:aws:secretsmanager:x:1:secret:b"),
        False,
    ),
    ({"MasterUserPassword": OLD}, {"MasterUserPassword": NEW}, True),
    ({"SecretString": OLD}, {"SecretString": NEW}, True),
    ({"KmsKeyId": "one"}, {"KmsKeyId": "two"}, False),
]


@pytest.mark.parametrize(("before", "after", "hidden"), NAMES, ids=str)
def test_what_is_called_like_a_credential_is_hidden(
    before: dict[str, Any], after: dict[str, Any], *, hidden: bool
) -> None:
    one, other = (side({"It": body("ECS::TaskDefinition", **value)}) for value in (before, after))
    [row] = changes(one, other)["It"].properties

    assert row.hidden is hidden
    assert (row.before == row.after == "(hidden)") is hidden


def test_a_new_container_shows_all_but_its_credentials() -> None:
    task = body("ECS::TaskDefinition", **environment("DB_PASSWORD", OLD))
    [row] = changes(side({}), side({"It": task}))["It"].properties

    [container] = row.after
    assert container["Name"] == "app"
    assert container["Environment"] == [{"Name": "DB_PASSWORD", "Value": "(hidden)"}]


def test_a_parameter_that_is_called_like_a_credential_is_hidden() -> None:
    before, after = (
        side({}, Parameters={"DbPassword": {"Type": "String"}}, parameters={"DbPassword": value})
        for value in (OLD, NEW)
    )

    assert [one.hidden for one in changed_parameters(before, after)] == [True]
