"""Two answers about one change set are put together, and nothing of either is lost.

Trap 41: what replaces or removes something is never calm, so nothing holding data goes in silence.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange, changes_of, merged


def resource(logical_id: str, *details: dict[str, Any], **more: str) -> dict[str, Any]:
    return {
        "Type": "Resource",
        "ResourceChange": {
            "Action": "Modify",
            "LogicalResourceId": logical_id,
            "ResourceType": "AWS::ECS::Service",
            "Details": list(details),
            **more,
        },
    }


def detail(name: str, **more: str) -> dict[str, Any]:
    values: dict[str, str] = {k: more.pop(k) for k in ("BeforeValue", "AfterValue") if k in more}
    recreation = more.pop("RequiresRecreation", "Never")
    target = {
        "Attribute": "Properties",
        "Name": name,
        "RequiresRecreation": recreation,
        **values,
    }
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification", **more}


def test_a_resource_that_only_the_bare_answer_has_is_kept() -> None:
    rich, bare = [resource("A")], [resource("A"), resource("B")]

    assert [c.logical_id for c in changes_of(merged(rich, bare))] == ["A", "B"]


def test_a_property_that_only_the_bare_answer_has_is_kept() -> None:
    rich = [resource("A", detail("X", BeforeValue="1", AfterValue="2"))]
    bare = [resource("A", detail("X"), detail("Y"))]

    [change] = changes_of(merged(rich, bare))

    assert change.properties == (
        PropertyChange("X", "1", "2", direct=True),
        PropertyChange("Y", direct=True),
    )


@pytest.mark.parametrize("action", ["Import", "Dynamic", "SyncWithActual", "Foo"])
def test_an_action_that_is_new_to_us_stays_as_it_is(action: str) -> None:
    [change] = changes_of([resource("A", Action=action)])

    assert change.action == action


def test_the_causes_of_one_property_are_told_together() -> None:
    found = [
        detail("Image", ChangeSource="ParameterReference", CausingEntity="Image"),
        detail("Image", ChangeSource="ResourceAttribute", CausingEntity="Task.Arn"),
        detail("Image", ChangeSource="DirectModification"),
    ]

    [change] = changes_of([resource("A", *found)])

    [told] = change.properties
    assert told == PropertyChange("Image", cause="parameter Image, Task.Arn", direct=True)


def test_the_heaviest_recreation_counts() -> None:
    found = [detail("Name"), detail("Name", RequiresRecreation="Always")]

    [change] = changes_of([resource("A", *found)])

    assert [one.recreation for one in change.properties] == ["Always"]


@pytest.mark.parametrize(
    ("change", "calm"),
    [
        (Change("Add", "A", "AWS::S3::Bucket"), True),
        (Change("Import", "A", "AWS::S3::Bucket"), True),
        (Change("Modify", "A", "AWS::S3::Bucket", replacement="False"), True),
        (Change("Modify", "A", "AWS::S3::Bucket", replacement="True"), False),
        (Change("Modify", "A", "AWS::S3::Bucket", replacement="Conditional"), False),
        (Change("Modify", "A", "AWS::ECS::TaskDefinition", replacement="True"), True),
        (Change("Remove", "A", "AWS::ECS::TaskDefinition"), False),
        (Change("Dynamic", "A", "AWS::S3::Bucket"), False),
        (Change("Foo", "A", "AWS::S3::Bucket"), False),
    ],
)
def test_calm_is_what_destroys_nothing(change: Change, calm: bool) -> None:  # noqa: FBT001 - a row
    assert change.is_calm is calm


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("DB_PASSWORD", "hunter2", "(hidden)"),
        ("DB_HOST", "db.example.com", "db.example.com"),
        ("DB_PASSWORD", "arn:aws:ssm:eu-west-1:123456789012:parameter/a", None),
    ],
)
def test_a_value_that_its_neighbour_calls_a_secret_is_hidden(
    name: str, value: str, shown: str | None
) -> None:
    """The path tells the place only: Environment.0.Value."""
    task = {"ContainerDefinitions": [{"Environment": [{"Name": name, "Value": value}]}]}
    one = detail("ContainerDefinitions", AfterValue=value)
    one["Target"]["Path"] = "/Properties/ContainerDefinitions/0/Environment/0/Value"
    context = json.dumps({"Properties": task})

    [change] = changes_of([resource("A", one, AfterContext=context, BeforeContext="{cut ...")])

    [found] = change.properties
    assert (found.before, found.after) == (None, shown or value)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (["serve", "-w", "4"], ["serve", "-w", "8"], ("4", "8")),
        (["serve", "--password", "4"], ["serve", "--password", "8"], ("(hidden)", "(hidden)")),
        (None, ["serve", "-w", "8"], ("(hidden)", "8")),
        (["serve", "-w", "4"], None, ("4", "(hidden)")),
        (None, None, ("(hidden)", "(hidden)")),
    ],
)
def test_a_word_of_a_command_is_hidden_by_the_words_before_it(
    before: list[str] | None, after: list[str] | None, shown: tuple[str, str]
) -> None:
    """Where AWS does not tell them, it may be a secret."""
    one = detail("ContainerDefinitions", BeforeValue="4", AfterValue="8")
    one["Target"]["Path"] = "/Properties/ContainerDefinitions/0/Command/2"
    contexts = {
        key: json.dumps({"Properties": {"ContainerDefinitions": [{"Command": words}]}})
        for key, words in {"BeforeContext": before, "AfterContext": after}.items()
        if words is not None
    }

    [change] = changes_of([resource("A", one, **contexts)])

    [found] = change.properties
    assert (found.before, found.after) == shown
