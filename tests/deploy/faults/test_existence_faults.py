"""Is there a stack? An error is never an answer (rows 1 to 6 of the fault table)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.aws import CONFIG
from ecs_blocks.deploy.errors import DeployError, Exit
from tests.deploy.faults.actors import refused, value, written
from tests.deploy.stage import STACK, deploy
from tests.fake_aws import FakeAws, changed, denied, error, expired, throttled

if TYPE_CHECKING:
    from tests.fake_aws.faults import Kind

pytestmark = pytest.mark.slow

READ = "DescribeStacks"


def no_stacks(answer: dict[str, Any]) -> None:
    answer["Stacks"] = []


def test_row_1_throttled_five_times_nothing_is_written_before_the_answer(
    fake: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)  # botocore's own wait before it tries again
    fake.fault(READ, throttled, times=5)

    outcome = deploy(fake, aws=fake.aws(config=CONFIG))

    assert outcome.code is Exit.DONE
    assert [call.operation for call in fake.calls[:6]] == [READ] * 6
    assert [call.error for call in fake.calls[:6]] == ["Throttling"] * 5 + [""]
    assert len(slept) == 5


@pytest.mark.parametrize(
    ("kind", "code", "sentence"),
    [
        pytest.param(
            denied,
            Exit.CREDENTIALS,
            f"reading the stack {STACK}: permission is missing: User: "
            "arn:aws:sts::123456789012:assumed-role/ci/ci is not authorized to perform this action",
            id="row 2: denied",
        ),
        pytest.param(
            throttled,
            Exit.STILL_RUNNING,
            f"reading the stack {STACK}: AWS could not be reached: Rate exceeded",
            id="row 1: throttled for ever",
        ),
        pytest.param(
            error("ValidationError", "An export of Stack hoge-prod does not exist"),
            Exit.REJECTED,
            f"reading the stack {STACK}: ValidationError: An export of Stack hoge-prod does not "
            "exist",
            id="row 5: something else does not exist",
        ),
    ],
)
def test_without_an_answer_nothing_is_written(
    fake: FakeAws, kind: Kind, code: Exit, sentence: str
) -> None:
    fake.fault(READ, kind, times=None)

    refusal = refused(fake)

    assert (refusal.code, refusal.message) == (code, sentence)
    assert {call.operation for call in fake.calls} == {READ}
    assert value(fake) == "zero"


def test_row_3_credentials_that_expired_are_renewed_once(fake: FakeAws) -> None:
    fake.fault(READ, expired)

    assert deploy(fake).code is Exit.DONE


def test_row_3_credentials_that_stay_expired_end_the_deploy(fake: FakeAws) -> None:
    fake.fault(READ, expired, times=None)

    refusal = refused(fake)

    assert refusal.code is Exit.CREDENTIALS
    assert str(refusal) == (
        f"reading the stack {STACK}: AWS does not accept the credentials: The security token "
        "included in the request is expired\n  log in again (aws sso login, or your role), then "
        "run the same command"
    )
    assert [call.operation for call in fake.calls] == [READ] * 2


def test_row_4_an_empty_answer_is_asked_again(fake: FakeAws) -> None:
    fake.fault(READ, changed(no_stacks))

    outcome = deploy(fake)

    tried = [call.parameters for call in fake.calls if call.operation == "CreateChangeSet"]
    assert outcome.code is Exit.DONE
    assert [one["ChangeSetType"] for one in tried] == ["UPDATE"]


@pytest.mark.slow
def test_row_4_an_empty_answer_that_is_wrong_twice_makes_no_second_stack(fake: FakeAws) -> None:
    fake.fault(READ, changed(no_stacks), times=2)

    outcome = deploy(fake)

    assert outcome.code is Exit.DONE
    assert value(fake) == "one"
    assert len(list(fake.cloudformation.stacks.all)) == 1


ARN = f"arn:aws:cloudformation:ap-northeast-1:123456789012:stack/{STACK}/0a1b"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        f"Stack with id {STACK} does not exist",
        f"Stack with id {ARN} does not exist",
        f"Stack [{STACK}] does not exist",
        f"Stack [{ARN}] does not exist",
        f"Stack with id [{STACK}] does not exist",
        f"Stack:{ARN} does not exist",
        f"Stack: {STACK} does not exist",
    ],
)
def test_row_5_every_form_of_absence_is_understood(empty: FakeAws, text: str) -> None:
    empty.fault(READ, error("ValidationError", text))

    outcome = deploy(empty)

    [asked] = empty.asked("CreateChangeSet")
    assert outcome.code is Exit.DONE
    assert asked["ChangeSetType"] == "CREATE"


def test_row_6_of_another_account_nothing_else_is_asked() -> None:
    with FakeAws(account="999999999999") as fake:
        with pytest.raises(DeployError) as refusal:
            fake.aws().guard("123456789012", "prod")

        assert refusal.value.code is Exit.INPUT
        assert str(refusal.value) == (
            "prod is account 123456789012 in platform.yaml, but your credentials are of account "
            "999999999999 (arn:aws:sts::999999999999:assumed-role/deployer/ci); nothing was done\n"
            "  log in to 123456789012, or give prod a RoleArn under deploy: in platform.yaml"
        )
        assert fake.operations == ["GetCallerIdentity"]


def test_row_6_of_the_right_account_the_caller_is_known(fake: FakeAws) -> None:
    identity = fake.aws().guard("123456789012", "prod")

    assert identity.account_id == "123456789012"
    assert identity.arn == "arn:aws:sts::123456789012:assumed-role/deployer/ci"
    assert written(fake) == []
