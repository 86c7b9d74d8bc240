"""Parameters, tags, roles and texts that are odd (rows 83 to 85 and 90 of the fault table)."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.aws import Identity
from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange
from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.plan import load, save
from ecs_blocks.deploy.ui import Waits
from tests.deploy.faults.actors import refused, value, written
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, deployed, prepared

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.planning import Prepared
    from tests.fake_aws import FakeAws

pytestmark = pytest.mark.slow

SECRET = "correct-horse-battery-staple"


def with_parameter(value: str | None, **declaration: Any) -> Prepared:
    """A deploy of a template that has a second parameter, Extra."""
    template = {
        **TEMPLATE,
        "Parameters": {**TEMPLATE["Parameters"], "Extra": {"Type": "String", **declaration}},
    }
    what = prepared(template=template)
    content = structs.replace(what.content, parameters={"Name": "one", "Extra": value})
    return structs.replace(what, content=content)


def with_content(**changes: Any) -> Prepared:
    what = prepared()
    return structs.replace(what, content=structs.replace(what.content, **changes))


def planned(fake: FakeAws, what: Prepared | None = None) -> Plan:
    return Deployment(fake.aws(), what or prepared(), Person(), Waits()).plan()


def extra(fake: FakeAws) -> str:
    """The value that the stack has."""
    return fake.stack(STACK).definition.parameters["Extra"]


def asked_extra(fake: FakeAws) -> dict[str, Any]:
    """How the parameter was given the last time."""
    given = fake.asked("CreateChangeSet")[-1]["Parameters"]
    [found] = [one for one in given if one.pop("ParameterKey") == "Extra"]
    return dict(found)


@pytest.mark.slow
def test_row_83_a_secret_that_is_not_known_keeps_its_value(empty: FakeAws) -> None:
    deploy(empty, with_parameter(SECRET, NoEcho=True))

    outcome = deploy(empty, with_parameter(None, NoEcho=True))

    assert outcome.sentence == f"{STACK}: nothing to change"
    assert asked_extra(empty) == {"UsePreviousValue": True}
    assert extra(empty) == SECRET


@pytest.mark.slow
def test_row_83_the_value_of_a_secret_is_nowhere_but_in_the_request(
    empty: FakeAws, tmp_path: Path
) -> None:
    person, file = Person(), tmp_path / "plan.json"
    what = with_parameter(SECRET, NoEcho=True)

    save(planned(empty, what), file)
    outcome = deploy(empty, what, person, plan=load(file))

    shown = [repr(person.said), repr(person.snapshots), outcome.sentence, file.read_text()]
    assert outcome.code is Exit.DONE
    assert extra(empty) == SECRET
    assert not any(SECRET in text for text in shown)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.slow
def test_row_83_a_plan_that_would_need_the_secret_again_is_not_kept(
    empty: FakeAws, tmp_path: Path
) -> None:
    empty.script.resource_fails("Topic", "no")
    what = with_parameter(SECRET, NoEcho="true")
    deploy(empty, what)

    with pytest.raises(DeployError) as refusal:
        save(planned(empty, what), tmp_path / "plan.json")

    assert refusal.value.code is Exit.INPUT
    assert str(refusal.value) == (
        f"{STACK}: a plan that deletes the stack first has no change set to keep the values of "
        "Extra in, and a file is no place for them\n  deploy without --plan-only"
    )
    assert list(tmp_path.iterdir()) == []


def test_row_83_values_that_look_secret_are_not_in_a_plans_file(
    fake: FakeAws, tmp_path: Path
) -> None:
    change = Change(
        "Modify",
        "Database",
        "AWS::RDS::DBInstance",
        properties=(PropertyChange("MasterUserPassword", None, SECRET),),
    )
    save(structs.replace(planned(fake), changes=(change,)), tmp_path / "plan.json")

    [kept] = load(tmp_path / "plan.json").changes
    assert kept.properties == (PropertyChange("MasterUserPassword", None, "(hidden)"),)


def test_row_83_a_parameter_of_ssm_is_given_by_its_name(
    empty: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty.world, "parameter_value", {"/hoge/size": "3"}.__getitem__)

    outcome = deploy(empty, with_parameter("/hoge/size", Type="AWS::SSM::Parameter::Value<String>"))

    assert outcome.code is Exit.DONE
    assert asked_extra(empty) == {"ParameterValue": "/hoge/size"}


@pytest.mark.slow
def test_row_83_a_default_that_was_removed_is_asked_for(empty: FakeAws) -> None:
    deploy(empty, with_parameter("small", Default="small"))
    what = with_parameter(None)
    content = structs.replace(what.content, parameters={"Name": "one"})
    empty.calls.clear()

    refusal = refused(empty, structs.replace(what, content=content))

    assert refusal.code is Exit.INPUT
    assert refusal.message == (
        f"{STACK}: CloudFormation would refuse this:\n  parameters without a value: Extra"
    )
    assert written(empty) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("CommaDelimitedList", "subnet-1,subnet-2"),
        ("List<AWS::EC2::Subnet::Id>", "subnet-1,subnet-2"),
        ("List<Number>", "1,2"),
        ("CommaDelimitedList", ""),
    ],
)
def test_row_83_a_list_is_given_as_it_stands_and_is_the_same_again(
    empty: FakeAws, kind: str, given: str
) -> None:
    first = deploy(empty, with_parameter(given, Type=kind))
    again = deploy(empty, with_parameter(given, Type=kind))

    assert first.code is Exit.DONE
    assert again.sentence == f"{STACK}: nothing to change"
    assert asked_extra(empty) == {"ParameterValue": given}


def test_row_84_no_tags_are_no_tags_and_not_those_of_before(fake: FakeAws) -> None:
    before = fake.stack(STACK).definition.tags

    outcome = deploy(fake, with_content(tags={}))

    [asked] = fake.asked("CreateChangeSet")
    assert before == {"Application": "hoge"}
    assert outcome.code is Exit.DONE
    assert asked["Tags"] == []
    assert fake.stack(STACK).definition.tags == {}


@pytest.mark.parametrize(
    ("tags", "lines"),
    [
        pytest.param(
            {f"Tag{n}": "x" for n in range(51)}, ["51 tags; CloudFormation takes 50"], id="51 tags"
        ),
        pytest.param(
            {"Team": None, "Cost": "", "aws:team": "x"},
            [
                "the tag Team has no value; a tag that is not wanted is left out",
                "the tag Cost has no value; a tag that is not wanted is left out",
                "the tag aws:team: names that begin with aws: are AWS's own",
            ],
            id="no value, and a name of AWS",
        ),
        pytest.param(
            {"": "x", "Team": "x" * 257},
            [
                "the tag : a name has 1 to 128 characters, a value at most 256",
                "the tag Team: a name has 1 to 128 characters, a value at most 256",
            ],
            id="too short, too long",
        ),
    ],
)
def test_row_84_tags_that_cannot_be_are_all_named_before_any_write(
    fake: FakeAws, tags: dict[str, Any], lines: list[str]
) -> None:
    refusal = refused(fake, with_content(tags=tags))

    assert refusal.code is Exit.INPUT
    assert str(refusal) == "\n  ".join([f"{STACK}: CloudFormation would refuse this:", *lines])
    assert written(fake) == []


def test_row_84_fifty_tags_are_good(fake: FakeAws) -> None:
    assert deploy(fake, with_content(tags={f"T{n}": "x" for n in range(50)})).code is Exit.DONE


ROLE = "arn:aws:iam::123456789012:role/cloudformation"


def test_row_85_the_role_that_an_earlier_deploy_left_is_shown(empty: FakeAws) -> None:
    deploy(empty, with_content(role_arn=ROLE))

    plan = planned(empty, prepared("two"))

    assert "RoleARN" not in empty.asked("CreateChangeSet")[-1]
    assert plan.facts == (f"CloudFormation acts as {ROLE}, which an earlier deploy gave the stack",)


def test_row_85_the_role_that_is_given_is_shown(fake: FakeAws) -> None:
    plan = planned(fake, with_content(role_arn=ROLE))

    assert fake.asked("CreateChangeSet")[-1]["RoleARN"] == ROLE
    assert plan.facts == (f"CloudFormation acts as {ROLE}",)


def test_row_90_a_text_that_aws_shows_as_question_marks_is_no_difference(empty: FakeAws) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "会計 é"}}
    template = {**TEMPLATE, "Description": "会計", "Resources": {"Topic": topic}}
    deploy(empty, prepared(template=template))
    shown = empty.aws().client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
    empty.calls.clear()

    outcome = deploy(empty, prepared(template=template))

    assert "?" in str(shown)
    assert outcome.sentence == f"{STACK}: nothing to change"
    assert empty.asked("GetTemplate") == empty.asked("ExecuteChangeSet") == []


@pytest.mark.slow
def test_the_one_who_plans_is_in_the_plan(fake: FakeAws) -> None:
    deployed(fake, "two")
    who = Identity("123456789012", "arn:aws:iam::123456789012:user/anna")

    plan = planned(fake, structs.replace(prepared(), identity=who))

    assert plan.made_by == who.arn
    assert value(fake) == "two"
