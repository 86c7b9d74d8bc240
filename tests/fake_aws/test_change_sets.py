"""Change sets keep CloudFormation's rules: names, kinds, tokens, statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import NAME, client, made, parameters, refused, template

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        yield fake


@pytest.fixture
def stack_id(fake: FakeAws) -> str:
    return fake.deployed(NAME, template()).id


CREATE: dict[str, Any] = {
    "StackName": NAME,
    "ChangeSetName": "eb-1",
    "TemplateBody": template(),
    "Capabilities": ["CAPABILITY_IAM"],
}


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"ChangeSetType": "UPDATE"}, "ValidationError: Stack [hoge-prod] does not exist"),
        (
            {"ChangeSetType": "CREATE", "Capabilities": []},
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            {"ChangeSetType": "CREATE", "Parameters": parameters(Foo="1", Bar="2")},
            "ValidationError: Parameters: [Foo, Bar] do not exist in the template",
        ),
        (
            {
                "ChangeSetType": "CREATE",
                "Parameters": [{"ParameterKey": "Days", "UsePreviousValue": True}],
            },
            "ValidationError: Invalid input for parameter key Days. Cannot specify "
            "usePreviousValue as true for a parameter key not in the previous template",
        ),
        (
            {
                "ChangeSetType": "CREATE",
                "TemplateBody": template(Parameters={"Days": {"Type": "Number"}}),
            },
            "ValidationError: Parameters: [Days] must have values",
        ),
        (
            {"ChangeSetType": "CREATE", "Parameters": parameters(Days="many")},
            "ValidationError: Parameter 'Days' must be a number",
        ),
        (
            {"ChangeSetType": "CREATE", "TemplateURL": "https://b.s3.amazonaws.com/k"},
            "ValidationError: S3 error: The specified bucket does not exist\nFor more information "
            "check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        ),
        (
            {"ChangeSetType": "CREATE", "TemplateBody": "{}"},
            "ValidationError: Template format error: At least one Resources member must be "
            "defined.",
        ),
        (
            {
                "ChangeSetType": "CREATE",
                "TemplateBody": template(
                    Resources={"A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"}}
                ),
            },
            "ValidationError: Template format error: Unresolved resource dependencies [B] in the "
            "Resources block of the template",
        ),
    ],
)
def test_a_bad_request_for_a_new_stack_is_refused_and_makes_none(
    fake: FakeAws, request_: dict[str, Any], answer: str
) -> None:
    wanted = {**CREATE, **request_}
    if "TemplateURL" in wanted:
        del wanted["TemplateBody"]

    assert refused(client(fake).create_change_set, **wanted) == answer
    assert fake.cloudformation.stacks.all == []


@pytest.mark.parametrize(
    ("size", "answer"), [(51_199, "done"), (51_200, "done"), (51_201, "ValidationError")]
)
def test_a_template_in_the_request_has_51200_bytes_at_most(
    fake: FakeAws, size: int, answer: str
) -> None:
    body = template(Description="日")
    body = body.replace("\\u65e5", "日" * 1000)
    body += " " * (size - len(body.encode()))
    found = refused(
        client(fake).create_change_set, **{**CREATE, "TemplateBody": body}, ChangeSetType="CREATE"
    )

    assert len(body.encode()) == size
    assert found.partition(":")[0] == answer


def test_a_template_comes_from_a_bucket(fake: FakeAws) -> None:
    fake.world.s3.bucket("templates").objects["a/b.yaml"] = template().encode()
    url = "https://templates.s3.ap-northeast-1.amazonaws.com/a/b.yaml"
    wanted = {**CREATE, "ChangeSetType": "CREATE", "TemplateURL": url}
    del wanted["TemplateBody"]

    assert refused(client(fake).create_change_set, **wanted) == "done"


def test_a_change_set_for_a_new_stack_is_a_stack_in_review(fake: FakeAws) -> None:
    change_set = made(fake, ChangeSetType="CREATE")
    found = client(fake).describe_change_set(ChangeSetName=change_set)

    assert fake.stack(NAME).status == "REVIEW_IN_PROGRESS"
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert [one["ResourceChange"]["Action"] for one in found["Changes"]] == ["Add"] * 3


def test_a_change_set_passes_through_its_statuses(fake: FakeAws) -> None:
    aws = client(fake)
    aws.create_change_set(**CREATE, ChangeSetType="CREATE")
    seen = []
    for _ in range(5):
        found = aws.describe_change_set(StackName=NAME, ChangeSetName="eb-1")
        seen.append(f"{found['Status']} {found['ExecutionStatus']}")
        fake.clock.sleep(1)

    assert list(dict.fromkeys(seen)) == [
        "CREATE_PENDING UNAVAILABLE",
        "CREATE_IN_PROGRESS UNAVAILABLE",
        "CREATE_COMPLETE AVAILABLE",
    ]


def test_creating_is_for_new_stacks_only(fake: FakeAws, stack_id: str) -> None:
    found = refused(client(fake).create_change_set, **CREATE, ChangeSetType="CREATE")

    assert stack_id
    assert found == (
        "ValidationError: Stack [hoge-prod] already exists and cannot be created again with the "
        "changeSet [eb-1]."
    )


def test_the_same_change_set_fails_because_nothing_changes(fake: FakeAws, stack_id: str) -> None:
    found = client(fake).describe_change_set(ChangeSetName=made(fake))

    assert stack_id
    assert (found["Status"], found["ExecutionStatus"], found["StatusReason"]) == (
        "FAILED",
        "UNAVAILABLE",
        "The submitted information didn't contain changes. Submit different information to create "
        "a change set.",
    )


@pytest.mark.parametrize(
    ("again", "answer"),
    [
        ({"ClientToken": "c1"}, "done"),
        ({"ClientToken": "c2"}, "AlreadyExistsException: ChangeSet [eb-1] already exists"),
        ({}, "AlreadyExistsException: ChangeSet [eb-1] already exists"),
        (
            {"ClientToken": "c1", "Description": "another"},
            "AlreadyExistsException: ChangeSet eb-1 cannot be created due to a mismatch with "
            "existing attribute Description",
        ),
        (
            {"ClientToken": "c1", "TemplateBody": template(Description="x")},
            "AlreadyExistsException: ChangeSet eb-1 cannot be created due to a mismatch with "
            "existing attribute Template",
        ),
    ],
)
def test_a_name_is_given_once_and_a_token_brings_the_same_answer(
    fake: FakeAws, again: dict[str, Any], answer: str
) -> None:
    first = made(fake, ChangeSetType="CREATE", ClientToken="c1")
    found = refused(
        client(fake).create_change_set, **{**CREATE, "ChangeSetType": "CREATE", **again}
    )

    assert found == answer
    assert [one.id for one in fake.cloudformation.change_sets] == [first]


def test_a_change_set_is_executed_once(fake: FakeAws) -> None:
    change_set = made(fake, ChangeSetType="CREATE")
    aws = client(fake)
    aws.execute_change_set(ChangeSetName=change_set, ClientRequestToken="x1")

    assert refused(aws.execute_change_set, ChangeSetName=change_set) == (
        f"InvalidChangeSetStatus: ChangeSet [{change_set}] cannot be executed in its current "
        "execution status of [EXECUTE_IN_PROGRESS]"
    )
    assert refused(
        aws.execute_change_set, ChangeSetName=change_set, ClientRequestToken="x1"
    ).startswith("TokenAlreadyExistsException: ")


def test_a_change_set_that_is_being_made_cannot_be_executed(fake: FakeAws) -> None:
    aws = client(fake)
    change_set = aws.create_change_set(**CREATE, ChangeSetType="CREATE")["Id"]

    assert refused(aws.execute_change_set, ChangeSetName=change_set) == (
        f"InvalidChangeSetStatus: ChangeSet [{change_set}] cannot be executed in its current "
        "status of [CREATE_PENDING]"
    )


def test_an_executed_change_set_is_found_by_its_arn_only(fake: FakeAws) -> None:
    change_set = made(fake, ChangeSetType="CREATE")
    aws = client(fake)
    aws.execute_change_set(ChangeSetName=change_set)
    fake.clock.advance(120)
    found = aws.describe_change_set(ChangeSetName=change_set)

    assert found["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert aws.list_change_sets(StackName=NAME)["Summaries"] == []
    assert refused(aws.describe_change_set, ChangeSetName="eb-1", StackName=NAME) == (
        "ChangeSetNotFound: ChangeSet [eb-1] does not exist"
    )


def test_executing_makes_the_others_obsolete_and_then_deletes_them(
    fake: FakeAws, stack_id: str
) -> None:
    one = made(fake, ChangeSetName="one", Parameters=parameters(Days="1"))
    two = made(fake, ChangeSetName="two", Parameters=parameters(Days="2"))
    aws = client(fake)
    aws.execute_change_set(ChangeSetName=one)

    assert aws.describe_change_set(ChangeSetName=two)["ExecutionStatus"] == "OBSOLETE"

    fake.clock.advance(120)

    assert stack_id
    assert fake.stack(NAME).status == "UPDATE_COMPLETE"
    assert refused(aws.describe_change_set, ChangeSetName=two).startswith("ChangeSetNotFound")


def test_a_limit_of_change_sets_is_kept(fake: FakeAws, stack_id: str) -> None:
    fake.cloudformation.change_set_limit = 1
    made(fake)
    found = refused(client(fake).create_change_set, **{**CREATE, "ChangeSetName": "eb-2"})

    assert stack_id
    assert found == "LimitExceededException: ChangeSet limit exceeded for stack [hoge-prod]"


def test_changes_come_in_pages(fake: FakeAws) -> None:
    fake.cloudformation.page_size = 2
    change_set = made(fake, ChangeSetType="CREATE")
    aws = client(fake)
    first = aws.describe_change_set(ChangeSetName=change_set)
    fake.world.expire_pages()

    assert len(first["Changes"]) == 2
    assert refused(
        aws.describe_change_set, ChangeSetName=change_set, NextToken=first["NextToken"]
    ).startswith("ValidationError: Invalid pagination token")


def test_a_script_lets_a_change_set_fail_with_events(fake: FakeAws) -> None:
    fake.script.change_set_fails(
        "AWS::EarlyValidation::PropertyValidation failed",
        events=({"EventType": "VALIDATION_ERROR", "ValidationPath": "/Resources/Group"},),
    )
    change_set = made(fake, ChangeSetType="CREATE")
    aws = client(fake)
    events = aws.describe_events(ChangeSetName=change_set, Filters={"FailedEvents": True})

    assert aws.describe_change_set(ChangeSetName=change_set)["Status"] == "FAILED"
    assert [one["ValidationPath"] for one in events["OperationEvents"]] == ["/Resources/Group"]
