"""A change set's changes: what differs, why, and what it replaces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import NAME, client, made, parameters, template

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        fake.deployed(NAME, template(), tags={"App": "hoge"})
        yield fake


def resources(edit: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The example's resources, some of them edited or added."""
    found = json.loads(template())["Resources"]
    for name, change in edit.items():
        old = found.get(name, {})
        both = {**old.get("Properties", {}), **change.get("Properties", {})}
        found[name] = {**old, **change, "Properties": both}
    return dict(found)


def changes(fake: FakeAws, *, values: bool = True, **request: Any) -> list[dict[str, Any]]:
    change_set = made(fake, **request)
    found = client(fake).describe_change_set(ChangeSetName=change_set, IncludePropertyValues=values)
    return [one["ResourceChange"] for one in found["Changes"]]


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        ({"Role": {"Properties": {"Description": "two"}}}, "Modify Role False Properties"),
        ({"Group": {"DeletionPolicy": "Retain"}}, "Modify Group False DeletionPolicy"),
        ({"Group": {"Metadata": {"a": "b"}}}, "Modify Group False Metadata"),
        ({"Role": {"Properties": {"Path": "/a/"}}}, "Modify Role True Properties"),
        ({"More": {"Type": "AWS::SNS::Topic"}}, "Add More None "),
    ],
)
def test_an_edit_of_the_template_is_a_change(fake: FakeAws, edit: dict[str, Any], row: str) -> None:
    found = changes(fake, TemplateBody=template(Resources=resources(edit)))[0]
    told = [found["Action"], found["LogicalResourceId"], str(found.get("Replacement"))]

    assert " ".join([*told, ",".join(found["Scope"])]) == row


def test_what_is_gone_is_removed_as_its_policy_says(fake: FakeAws) -> None:
    kept = resources({"Topic": {"DeletionPolicy": "Retain"}})
    fake.deployed("fuga", template(Resources=kept, Outputs={}))
    less = {key: one for key, one in kept.items() if key != "Topic"}
    found = changes(fake, StackName="fuga", TemplateBody=template(Resources=less, Outputs={}))

    assert [(one["Action"], one["LogicalResourceId"], one["PolicyAction"]) for one in found] == [
        ("Remove", "Topic", "Retain")
    ]


def test_a_parameter_is_named_as_the_cause(fake: FakeAws) -> None:
    found = changes(fake, Parameters=parameters(Days="30"))[0]["Details"]
    target = found[0]["Target"]

    assert [(x["Evaluation"], x["ChangeSource"], x.get("CausingEntity")) for x in found] == [
        ("Dynamic", "DirectModification", None),
        ("Static", "ParameterReference", "Days"),
    ]
    assert (target["Path"], target["BeforeValue"], target["AfterValue"]) == (
        "/Properties/RetentionInDays",
        "7",
        "30",
    )


def test_what_refers_to_a_replaced_resource_changes_too(fake: FakeAws) -> None:
    edit = {"Group": {"Properties": {"LogGroupName": "/new"}}}
    found = changes(fake, TemplateBody=template(Resources=resources(edit)))
    topic = next(one for one in found if one["LogicalResourceId"] == "Topic")

    assert [(one["ChangeSource"], one["CausingEntity"]) for one in topic["Details"]] == [
        ("ResourceReference", "Group")
    ]
    assert "{{changeSet:KNOWN_AFTER_APPLY}}" in topic["Details"][0]["Target"]["AfterValue"]


def test_a_tag_of_the_stack_changes_everything_that_has_tags(fake: FakeAws) -> None:
    found = changes(fake, Tags=[{"Key": "App", "Value": "other"}])

    assert [(one["LogicalResourceId"], one["Scope"]) for one in found] == [
        ("Group", ["Tags"]),
        ("Role", ["Tags"]),
        ("Topic", ["Tags"]),
    ]


def test_values_are_shown_only_when_they_are_asked_for(fake: FakeAws) -> None:
    found = changes(fake, values=False, Parameters=parameters(Days="30"))[0]

    assert "AfterContext" not in found
    assert {key for one in found["Details"] for key in one["Target"]} == {
        "Attribute",
        "Name",
        "RequiresRecreation",
    }


def test_the_metadata_of_a_template_alone_is_no_change(fake: FakeAws) -> None:
    change_set = made(fake, TemplateBody=template(Metadata={"by": "ci"}))

    assert client(fake).describe_change_set(ChangeSetName=change_set)["Status"] == "FAILED"


def test_an_output_alone_is_a_change_set_without_changes(fake: FakeAws) -> None:
    outputs = {"Other": {"Value": {"Ref": "Topic"}}}
    outputs |= json.loads(template())["Outputs"]
    change_set = made(fake, TemplateBody=template(Outputs=outputs))
    found = client(fake).describe_change_set(ChangeSetName=change_set)

    assert (found["Status"], found["Changes"]) == ("CREATE_COMPLETE", [])
