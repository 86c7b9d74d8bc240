"""A hook that is against it is told with its own words: of a change set, a stack, a resource."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.deploy.errors import Exit
from tests.deploy.faults.actors import refused, value
from tests.deploy.stage import STACK, deploy
from tests.fake_aws import FakeAws, denied

pytestmark = pytest.mark.slow

NAME: Final = "Company::Topics::Encrypted"
REASON: Final = f"The following hook(s) failed: [{NAME}]"
RESULT: Final[dict[str, Any]] = {
    "HookResultId": "0a1b2c3d-0000-4000-8000-000000000001",
    "TypeName": NAME,
    "FailureMode": "FAIL",
    "Status": "HOOK_COMPLETE_FAILED",
    "HookStatusReason": "1 of 2 rules failed",
    "Annotations": [
        {
            "AnnotationName": "encrypted",
            "Status": "FAILED",
            "StatusMessage": "Topic is not encrypted",
            "RemediationMessage": "set KmsMasterKeyId",
            "RemediationLink": "https://example.com/topics",
            "SeverityLevel": "HIGH",
        },
        {"AnnotationName": "named", "Status": "PASSED", "StatusMessage": "it has a name"},
    ],
}
PASSED: Final = {**RESULT, "HookResultId": "2", "Status": "HOOK_COMPLETE_SUCCEEDED"}
HOOK: Final = f"hook {NAME} (it has to pass): 1 of 2 rules failed"
FINDING: Final = (
    "encrypted (high): Topic is not encrypted; set KmsMasterKeyId; https://example.com/topics"
)


def test_a_change_set_that_a_hook_refuses_says_what_the_hook_found(fake: FakeAws) -> None:
    fake.script.change_set_fails(REASON)
    fake.script.hook_results["*"] = [PASSED, RESULT]

    refusal = refused(fake)

    assert refusal.code is Exit.REJECTED
    assert refusal.message.splitlines() == [
        f"{STACK}: CloudFormation refuses this: {REASON}",
        f"  {HOOK}",
        f"  {FINDING}",
    ]
    assert fake.asked("ListHookResults")[0]["TargetType"] == "CHANGE_SET"


@pytest.mark.slow
def test_a_hook_that_says_nothing_more_is_told_by_its_reason(fake: FakeAws) -> None:
    fake.script.change_set_fails(REASON)
    fake.script.hook_results["*"] = [RESULT]
    fake.fault("GetHookResult", denied, times=None)

    assert refused(fake).message.splitlines()[1:] == [f"  {HOOK}"]


def test_who_may_not_ask_is_told_which_permission_is_missing(fake: FakeAws) -> None:
    fake.script.change_set_fails(REASON)
    fake.fault("ListHookResults", denied, times=None)

    assert refused(fake).message.splitlines()[1:] == [
        "  what its hooks said is not shown: cloudformation:ListHookResults is denied to you"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("of", ["a resource", "the stack"])
def test_an_operation_that_a_hook_ends_says_what_the_hook_found(fake: FakeAws, of: str) -> None:
    if of == "a resource":
        fake.script.hook_fails("Topic", RESULT)
    else:
        fake.script.resource_fails("Topic", REASON)
        fake.script.hook_results[fake.stack(STACK).id] = [RESULT]

    outcome = deploy(fake)

    place = "Topic: " if of == "a resource" else ""
    assert outcome.code is Exit.ROLLED_BACK
    assert outcome.causes == (
        f"Topic: UPDATE_FAILED: {REASON}",
        f"{place}{HOOK}",
        f"{place}{FINDING}",
    )
    assert value(fake) == "zero"


def test_without_a_hook_nobody_asks_about_hooks(fake: FakeAws) -> None:
    fake.script.resource_fails("Topic", "no")
    deploy(fake)

    assert not {"ListHookResults", "GetHookResult"} & set(fake.operations)
