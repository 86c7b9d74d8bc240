"""Priorities on listeners of other stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import listeners
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

ELB = "ElasticLoadBalancingV2"
LISTENER = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/1a/2b"
RULE = f"{LISTENER.replace(':listener/', ':listener-rule/')}/3c"


def rule(priority: object, listener: object = LISTENER) -> tuple[str, dict[str, Any]]:
    return f"{ELB}::ListenerRule", {"ListenerArn": listener, "Priority": priority}


THERE = {
    "Rules": [
        {
            "RuleArn": RULE,
            "Priority": "1",
            "Conditions": [
                {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example.com"]}}
            ],
        },
        {"RuleArn": f"{RULE}d", "Priority": "2", "Conditions": []},
        {"RuleArn": f"{RULE}e", "Priority": "default"},
    ]
}


@pytest.mark.parametrize(
    ("rules", "has", "expected"),
    [
        ({"Rule": rule(3)}, {}, []),
        ({"Rule": rule(1)}, {"Rule": (f"{ELB}::ListenerRule", RULE)}, []),
        ({"Rule": rule(1, {"Ref": "Own"})}, {}, []),
        (
            {"Rule": rule(1)},
            {},
            [f"problem: Rule: priority 1 of {LISTENER} is taken by a rule for a.example.com"],
        ),
        (
            {"Rule": rule("2")},
            {"Rule": (f"{ELB}::ListenerRule", RULE)},
            [f"problem: Rule: priority 2 of {LISTENER} is taken by a rule for {RULE}d"],
        ),
        (
            {"New": rule(1)},
            {"Old": (f"{ELB}::ListenerRule", RULE)},
            [
                f"problem: New: priority 1 of {LISTENER} is taken by Old of this stack, which is "
                "removed only after it"
            ],
        ),
    ],
)
def test_a_priority_on_a_shared_listener_has_to_be_free(
    server: Scripted, rules: Any, has: Any, expected: list[str]
) -> None:
    server.on("elbv2.DescribeRules", THERE)

    assert found(listeners.check, server.aws, subject(rules, has=has)) == expected


def test_the_lowest_free_priority_is_told(server: Scripted) -> None:
    server.on("elbv2.DescribeRules", THERE)
    [finding] = listeners.check(server.aws, subject({"Rule": rule(1)}))

    assert finding.hint == "take a free priority: 3 is the lowest"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refused("ListenerNotFound"), f"problem: A, B: there is no listener {LISTENER}"),
        (
            DENIED,
            "skipped: A, B: not checked: the permission elasticloadbalancing:DescribeRules is "
            "missing",
        ),
    ],
)
def test_a_listener_that_cannot_be_read_is_told_once(
    server: Scripted, answer: Any, expected: str
) -> None:
    server.on("elbv2.DescribeRules", answer)

    of = subject({"A": rule(1), "B": rule(2)})
    assert found(listeners.check, server.aws, of) == [expected]
