"""Faults strike when they are told to, and leave AWS in the state that they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.fake_aws import (
    FakeAws,
    Killed,
    changed,
    denied,
    error,
    expired,
    http_500_empty,
    http_500_empty_after,
    lag,
    reset_after,
    reset_before,
    stale,
    throttled,
    timeout,
    timeout_after,
)
from tests.fake_aws.examples import NAME, client, made, refused, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.faults import Kind


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        fake.deployed(NAME, template())
        yield fake


def protect(fake: FakeAws) -> None:
    client(fake).update_termination_protection(StackName=NAME, EnableTerminationProtection=True)


@pytest.mark.parametrize(
    ("kind", "seen", "is_done"),
    [
        (throttled, ClientError, False),
        (denied, ClientError, False),
        (expired, ClientError, False),
        (error("InternalFailure", "", 500), ClientError, False),
        (reset_before, ConnectionClosedError, False),
        (reset_after, ConnectionClosedError, True),
        (timeout, ReadTimeoutError, False),
        (timeout_after, ReadTimeoutError, True),
        (http_500_empty, ClientError, False),
        (http_500_empty_after, ClientError, True),
    ],
)
def test_a_fault_is_seen_and_aws_did_it_or_not(
    fake: FakeAws,
    kind: Kind,
    seen: type[Exception],
    is_done: bool,  # noqa: FBT001 - a row
) -> None:
    fake.fault("UpdateTerminationProtection", kind)
    with pytest.raises(seen):
        protect(fake)

    assert fake.stack(NAME).protected is is_done
    assert [one.done for one in fake.calls] == [is_done]


def test_a_fault_that_is_over_is_over(fake: FakeAws) -> None:
    fake.fault("DescribeStacks", throttled, nth=2, times=2, every=2)
    aws = client(fake)
    found = [refused(aws.describe_stacks)[:10] for _ in range(7)]

    assert found == ["done", "Throttling", "done", "Throttling", "done", "done", "done"]


def test_a_fault_may_be_meant_for_one_stack(fake: FakeAws) -> None:
    fake.fault("DescribeStacks", denied, where=lambda asked: asked.get("StackName") == NAME)
    aws = client(fake)

    assert refused(aws.describe_stacks) == "done"
    assert refused(aws.describe_stacks, StackName=NAME).startswith("AccessDenied")


def test_botocore_retries_where_it_is_allowed_to(fake: FakeAws) -> None:
    fake.fault("DescribeStacks", reset_before)
    fake.aws(attempts=2).client("cloudformation").describe_stacks()

    assert [one.done for one in fake.calls] == [False, True]


def test_what_was_made_is_not_found_at_first(fake: FakeAws) -> None:
    fake.fault("DescribeChangeSet", lag(2))
    change_set = made(fake, StackName="fuga", ChangeSetType="CREATE")
    aws = client(fake)
    found = [
        refused(aws.describe_change_set, ChangeSetName=change_set).partition(":")[0]
        for _ in range(3)
    ]

    assert found == ["ChangeSetNotFound", "ChangeSetNotFound", "done"]


def test_an_answer_may_be_of_before(fake: FakeAws) -> None:
    aws = client(fake)
    aws.describe_stacks(StackName=NAME)
    fake.fault("DescribeStacks", stale, times=2, after="DeleteStack")
    aws.delete_stack(StackName=NAME)
    found = [
        aws.describe_stacks(StackName=fake.cloudformation.stacks.all[0].id)["Stacks"][0]
        for _ in range(3)
    ]

    assert [one["StackStatus"] for one in found] == [
        "CREATE_COMPLETE",
        "CREATE_COMPLETE",
        "DELETE_IN_PROGRESS",
    ]


def test_an_answer_may_be_changed(fake: FakeAws) -> None:
    fake.fault("DescribeStacks", changed(lambda answer: answer["Stacks"].clear()))

    assert client(fake).describe_stacks()["Stacks"] == []


@pytest.mark.parametrize(("after", "is_done"), [(False, False), (True, True)])
def test_a_killed_process_does_nothing_any_more(
    fake: FakeAws,
    after: bool,  # noqa: FBT001 - a row
    is_done: bool,  # noqa: FBT001 - a row
) -> None:
    aws = fake.aws()
    cloudformation = aws.client("cloudformation")
    fake.kill_at(2, after=after)
    cloudformation.describe_stacks()
    with pytest.raises(Killed):
        cloudformation.update_termination_protection(
            StackName=NAME, EnableTerminationProtection=True
        )

    assert fake.stack(NAME).protected is is_done
    with pytest.raises(Killed):
        aws.client("ecs").describe_clusters()

    protect(fake)

    assert fake.stack(NAME).protected


def test_calls_are_kept_in_their_order(fake: FakeAws) -> None:
    aws = client(fake)
    aws.describe_stacks(StackName=NAME)
    fake.fault("DescribeStacks", throttled)
    refused(aws.describe_stacks)

    assert fake.operations == ["DescribeStacks"]
    assert fake.asked("DescribeStacks") == [{"StackName": NAME}]
    assert [one.error for one in fake.calls] == ["", "Throttling"]


def test_what_the_fake_does_not_know_is_given_to_it(fake: FakeAws) -> None:
    answer: dict[str, Any] = {"Quotas": [{"QuotaName": "ALBs", "Value": 50.0}]}
    fake.canned("service-quotas", "ListServiceQuotas", answer)
    found = fake.aws().client("service-quotas").list_service_quotas(ServiceCode="elb")

    assert found["Quotas"] == answer["Quotas"]


def test_what_the_fake_does_not_know_fails_the_test() -> None:
    told = "the fake has no cloudformation DescribeStackSet"
    with pytest.raises(AssertionError, match=told), FakeAws() as fake:
        refused(client(fake).describe_stack_set, StackSetName=NAME)


@pytest.mark.slow
def test_a_process_without_our_client_really_waits_for_a_timeout(fake: FakeAws) -> None:
    fake.fault("GetCallerIdentity", timeout)
    session = botocore.session.Session()
    session.set_credentials("a", "b")
    sts = session.create_client(
        "sts",
        region_name="ap-northeast-1",
        endpoint_url=fake.url,
        config=Config(read_timeout=0.2, retries={"total_max_attempts": 1}, proxies={}),
    )

    with pytest.raises(ReadTimeoutError):
        sts.get_caller_identity()
