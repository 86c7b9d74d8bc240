"""What a change set would do, whole and in words: rows 27 to 32 and 88 of the fault table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.deployment import Deployment
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.show.plan_view import plan_view
from ecs_blocks.deploy.ui import Waits
from tests.deploy.faults.actors import PROPERTY, cloudformation, refused, value
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, prepared
from tests.fake_aws import FakeAws, changed, denied, error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.deploy.plan import Plan

pytestmark = pytest.mark.slow

DESCRIBE = "DescribeChangeSet"


def planned(fake: FakeAws) -> Plan:
    return Deployment(fake.aws(), prepared(), Person(), Waits()).plan()


def is_detailed(request: Mapping[str, Any]) -> bool:
    return bool(request.get("IncludePropertyValues"))


WARNING = {**PROPERTY, "ValidationFailureMode": "WARN", "ValidationStatusReason": "is not empty"}


def test_row_27_a_warning_is_shown_and_has_to_be_agreed_to(fake: FakeAws) -> None:
    fake.script.change_set_warns(events=(WARNING,))

    plan = planned(fake)

    assert plan.warnings == ("Topic /Resources/Topic/Properties/DisplayNam: is not empty",)
    assert not plan.is_calm
    assert "! warning: Topic /Resources/Topic/Properties/DisplayNam: is not empty\n" in plan_view(
        plan
    )


def test_a_warning_repeats_no_secret(fake: FakeAws) -> None:
    reason = "hunter2-and-more is too short"
    fake.script.change_set_warns(events=({**WARNING, "ValidationStatusReason": reason},))
    parameters = {"Name": {"Type": "String", "NoEcho": True}}
    what = prepared("hunter2-and-more", {**TEMPLATE, "Parameters": parameters})
    plan = Deployment(fake.aws(), what, Person(), Waits()).plan()

    assert plan.warnings[0].endswith(": (hidden) is too short")


@pytest.mark.slow
def test_row_27_warnings_that_cannot_be_read_are_no_reason_to_stop(fake: FakeAws) -> None:
    fake.script.change_set_warns(events=(WARNING,))
    fake.fault("DescribeEvents", denied, times=None)

    plan = planned(fake)

    assert plan.warnings == ()
    assert plan.facts == ("warnings are not shown: cloudformation:DescribeEvents is denied to you",)


LARGE = {
    **TEMPLATE,
    "Resources": {
        f"Topic{n}": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Name"}}}
        for n in range(7)
    },
}


def test_row_28_every_page_is_read_again_where_a_token_runs_out(empty: FakeAws) -> None:
    empty.cloudformation.page_size = 3
    ran_out: list[str] = []

    def once(request: Mapping[str, Any]) -> bool:
        if request.get("NextToken") and not ran_out:
            ran_out.append(request["NextToken"])
            empty.world.expire_pages()
        return False

    empty.fault(DESCRIBE, error("never"), where=once)
    person = Person()

    outcome = deploy(empty, prepared(template=LARGE), person)

    assert outcome.code is Exit.DONE
    assert len(ran_out) == 1
    assert [change.logical_id for change in person.plans[0].changes] == list(LARGE["Resources"])


def test_row_28_a_token_that_always_runs_out_shows_no_half_of_a_plan(empty: FakeAws) -> None:
    empty.cloudformation.page_size = 3
    empty.fault(
        DESCRIBE,
        error("ValidationError", "Invalid pagination token"),
        where=lambda request: bool(request.get("NextToken")),
        times=None,
    )

    refusal = refused(empty, prepared(template=LARGE))

    assert refusal.message == (
        f"reading the change set of {STACK}: ValidationError: Invalid pagination token"
    )
    assert empty.asked("ExecuteChangeSet") == []


def without_queue(answer: dict[str, Any]) -> None:
    answer["Changes"] = [
        one
        for one in answer.get("Changes", ())
        if one["ResourceChange"]["LogicalResourceId"] != "Queue"
    ]
    answer["StatusReason"] = (
        "[WARN] --include-property-values option can return incomplete ChangeSet data"
    )


@pytest.mark.slow
def test_row_29_what_the_answer_with_values_leaves_out_is_in_the_plan(fake: FakeAws) -> None:
    fake.fault(DESCRIBE, changed(without_queue), where=is_detailed, times=None)
    what = prepared()
    content = structs.replace(what.content, tags={"Application": "fuga"})
    person = Person(agrees=False)

    deploy(fake, structs.replace(what, content=content), person)

    topic, queue = person.plans[0].changes
    assert (topic.logical_id, topic.scope) == ("Topic", ("Properties", "Tags"))
    assert [(one.before, one.after) for one in topic.properties] == [("zero", "one"), (None, None)]
    assert (queue.logical_id, queue.scope) == ("Queue", ("Tags",))


def altered(change: Callable[[dict[str, Any]], object]) -> Any:
    """The answer, with each of its changes altered."""

    def alter(answer: dict[str, Any]) -> None:
        for one in answer.get("Changes", ()):
            change(one["ResourceChange"])

    return changed(alter)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("Import", "exists already, and becomes part of the stack"),
        ("Dynamic", "what happens to it is decided during deploy"),
        ("SyncWithActual", "stays as it is; CloudFormation takes note of it"),
        ("Foo", "Foo: not known to this version of ecs_blocks"),
    ],
)
def test_row_30_every_action_is_shown(fake: FakeAws, action: str, words: str) -> None:
    fake.fault(DESCRIBE, altered(lambda one: one.update(Action=action)), times=None)

    assert f"Topic (AWS::SNS::Topic): {words}\n" in plan_view(planned(fake))


def with_values(name: str, before: str, after: str) -> Any:
    def alter(change: dict[str, Any]) -> None:
        for detail in change["Details"]:
            if "BeforeValue" in detail["Target"]:
                detail["Target"].update(
                    Name=name, Path=f"/Properties/{name}", BeforeValue=before, AfterValue=after
                )

    return altered(alter)


def test_row_31_values_that_were_cut_are_marked_and_secrets_are_hidden(fake: FakeAws) -> None:
    kind = with_values("MasterUserPassword", "hunter2 and more", "hunter3 and mo...")
    fake.fault(DESCRIBE, kind, where=is_detailed, times=None)

    text = " ".join(plan_view(planned(fake)).split())

    assert "hunter" not in text
    assert "MasterUserPassword: changes, the value is hidden" in text
    assert "AWS cut the values" in text


@pytest.mark.slow
def test_row_32_a_nested_change_set_that_failed_gives_its_reason(fake: FakeAws) -> None:
    inner = failed_child(fake, "inner", "the AMI does not exist")
    outer = failed_child(fake, "outer", f"Nested change set {inner} was not successfully created.")
    reason = f"Nested change set {outer} was not successfully created: Currently in FAILED."
    fake.script.change_set_fails(reason)

    assert str(refused(fake)) == "\n  ".join(
        [
            f"{STACK}: CloudFormation refuses this: {reason}",
            f"outer: Nested change set {inner} was not successfully created.",
            "inner: the AMI does not exist",
        ]
    )
    assert value(fake) == "zero"


def failed_child(fake: FakeAws, name: str, reason: str) -> str:
    """A change set of another stack that failed."""
    fake.deployed(name, TEMPLATE, {"Name": "zero"})
    fake.script.change_set_fails(reason)
    made = cloudformation(fake).create_change_set(
        StackName=name,
        ChangeSetName="nested",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "one"}],
    )
    fake.clock.advance(10)
    return str(made["Id"])


@pytest.mark.parametrize("status", ["MODIFIED", "DELETED"])
@pytest.mark.parametrize("name", ["zero", "one"])
def test_row_88_no_plan_reverts_by_itself_what_was_changed_by_hand(
    fake: FakeAws, name: str, status: str
) -> None:
    """CloudFormation would with ``REVERT_DRIFT``; there is no option for it, and nobody asks."""
    fake.script.drifted["Queue"] = {"StackResourceDriftStatus": status}
    cloudformation(fake).detect_stack_drift(StackName=STACK)
    fake.clock.advance(60)
    person = Person()
    outcome = deploy(fake, prepared(name), person)
    changed_resources = [[one.logical_id for one in plan.changes] for plan in person.plans]
    [asked] = fake.asked("CreateChangeSet")

    assert outcome.code is Exit.DONE
    assert changed_resources == ([] if name == "zero" else [["Topic"]])
    assert "DeploymentMode" not in asked
