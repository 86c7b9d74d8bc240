"""What CloudFormation says no to: rows 15 to 18 of the fault table."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.capabilities import capabilities
from ecs_blocks.deploy.errors import Exit
from tests.deploy.faults.actors import cloudformation, refused, value, written
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, prepared
from tests.fake_aws import FakeAws, changed, error

pytestmark = pytest.mark.slow

CREATE = "CreateChangeSet"


def test_row_15_the_capability_that_is_missing_is_named(fake: FakeAws) -> None:
    text = "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    fake.fault(CREATE, error("InsufficientCapabilitiesException", text))

    refusal = refused(fake)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == f"{STACK}: CloudFormation wants a capability acknowledged: {text}"
    assert fake.asked("ExecuteChangeSet") == []


TOPIC = {"Type": "AWS::SNS::Topic"}
MACRO = {"Fn::Transform": {"Name": "Own", "Parameters": {}}}


@pytest.mark.parametrize(
    ("template", "needed"),
    [
        ({"Resources": {"A": TOPIC}}, []),
        ({"Resources": {"A": {"Type": "AWS::IAM::Role"}}}, ["CAPABILITY_NAMED_IAM"]),
        ({"Resources": {"A": TOPIC}, "Transform": "Own"}, ["CAPABILITY_AUTO_EXPAND"]),
        ({"Resources": {"A": {**TOPIC, "Properties": MACRO}}}, ["CAPABILITY_AUTO_EXPAND"]),
        ({"Resources": {"A": {**TOPIC, "X": [1, [MACRO]]}}}, ["CAPABILITY_AUTO_EXPAND"]),
        ({"Resources": {"A": {"Type": "Own::Kind::Of::MODULE"}}}, ["CAPABILITY_AUTO_EXPAND"]),
        (
            {"Resources": {"A": {"Type": "AWS::CloudFormation::Stack"}}},
            ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        ),
    ],
)
def test_row_15_what_a_template_needs_is_acknowledged(
    template: dict[str, Any], needed: list[str]
) -> None:
    assert capabilities(template) == needed


def at(status: str) -> Any:
    """An answer of a moment ago, when the stack had this status."""

    def before(answer: dict[str, Any]) -> None:
        answer["Stacks"][0]["StackStatus"] = status

    return changed(before)


@pytest.mark.slow
def test_row_16_a_creation_that_was_rolled_back_meanwhile_is_planned_as_such(
    empty: FakeAws,
) -> None:
    empty.script.resource_fails("Topic", "no")
    deploy(empty)
    empty.script.mended("Topic")
    empty.fault("DescribeStacks", at("UPDATE_COMPLETE"))
    person = Person()

    outcome = deploy(empty, person=person)

    assert outcome.code is Exit.DONE
    assert [plan.kind for plan in person.plans] == ["REPLACE"]


@pytest.mark.slow
def test_row_17_an_operation_that_began_meanwhile_is_waited_for(fake: FakeAws) -> None:
    fake.script.resource_takes("Topic", 60)
    cloudformation(fake).update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "theirs"}],
    )
    fake.fault("DescribeStacks", at("UPDATE_COMPLETE"))
    person = Person()

    outcome = deploy(fake, person=person)

    assert outcome.code is Exit.DONE
    assert len(person.plans) == 1
    assert "another operation runs" in person.said[0]
    assert value(fake) == "one"


@pytest.mark.parametrize(
    ("parameters", "lines"),
    [
        pytest.param({}, ["parameters without a value: Name"], id="missing"),
        pytest.param(
            {"Name": "one", "Size": "1", "Kind": None},
            [
                "parameters that the template does not have: Size, Kind",
                "parameters that are to stay as they are, and that the stack does not have: Kind",
            ],
            id="unknown, and no value to keep",
        ),
    ],
)
def test_row_18_parameters_that_do_not_fit_are_all_named_before_any_write(
    fake: FakeAws, parameters: dict[str, str | None], lines: list[str]
) -> None:
    what = prepared()
    content = structs.replace(what.content, parameters=parameters)

    refusal = refused(fake, structs.replace(what, content=content))

    assert refusal.code is Exit.INPUT
    assert str(refusal) == "\n  ".join([f"{STACK}: CloudFormation would refuse this:", *lines])
    assert written(fake) == []


@pytest.mark.parametrize(
    "text",
    [
        "Parameters: [Name, Size] must have values",
        "Parameters: [Size] do not exist in the template",
        "Parameter 'Size' must be a number not less than 1",
        "Parameter Name failed to satisfy constraint: one word",
        "Invalid input for parameter key Kind. Cannot specify usePreviousValue as true for a "
        "parameter key not in the previous template",
        "Unable to fetch parameters [/a,/b] from parameter store for this account.",
    ],
)
def test_row_18_what_cloudformation_says_of_parameters_is_bad_input(
    fake: FakeAws, text: str
) -> None:
    fake.fault(CREATE, error("ValidationError", text))

    refusal = refused(fake)

    assert refusal.code is Exit.INPUT
    assert str(refusal) == f"{STACK}: CloudFormation refuses the parameters: {text}"


def test_another_refusal_is_in_cloudformations_words(fake: FakeAws) -> None:
    template = {**TEMPLATE, "Resources": {"A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"}}}

    refusal = refused(fake, prepared(template=template))

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == (
        f"making a change set of {STACK}: ValidationError: Template format error: Unresolved "
        "resource dependencies [B] in the Resources block of the template"
    )
