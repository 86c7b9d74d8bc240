"""What could not be known is said, once."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.changes import compared
from ecs_blocks.review.unknowns import unknowns
from tests.review.stacks import body, side

LB: Final = "ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "ElasticLoadBalancingV2::Listener"
RULE: Final = "ElasticLoadBalancingV2::ListenerRule"
DECLARED: Final = {"Scheme": {"Type": "String"}}
LOOKED_UP: Final = {"Scheme": "!Ssm /scheme"}


def told(before: dict[str, Any], after: dict[str, Any], /, **more: Any) -> list[str]:
    """What is said of a change of resources."""
    found = compared(side(before), side(after, Parameters=DECLARED, **more))
    return list(unknowns(found.after, found.resources))


def test_nothing_is_unknown_of_plain_values() -> None:
    assert told({"It": body(LB, Scheme="a")}, {"It": body(LB, Scheme="b")}) == []


def test_what_follows_is_told_with_what_it_follows() -> None:
    def resources(scheme: Any) -> dict[str, Any]:
        return {
            "Balancer": body(LB, Scheme=scheme),
            "Listener": body(LISTENER, LoadBalancerArn={"Ref": "Balancer"}),
            "Rule": body(RULE, ListenerArn={"Ref": "Listener"}),
        }

    found = told(resources("internal"), resources({"Ref": "Scheme"}), lookups=LOOKED_UP)

    assert found == [
        "whether Balancer (and Listener and Rule with it) is replaced: only if Scheme changes; "
        "!Ssm /scheme is looked up when it is deployed",
        "the value of Scheme: it is looked up when it is deployed",
    ]


CASES: Final[list[tuple[dict[str, Any], dict[str, Any], list[str]]]] = [
    (
        {"It": {**body("SQS::Queue"), "Condition": "Is"}},
        {"Conditions": {"Is": {"Fn::Equals": [{"Ref": "Scheme"}, "a"]}}, "lookups": LOOKED_UP},
        [
            "whether It will be there: the condition Is is still open",
            "the value of Scheme: it is looked up when it is deployed",
        ],
    ),
    (
        {"It": {**body("SQS::Queue"), "Condition": "Is"}},
        {
            "Conditions": {"Is": {"Fn::Equals": [{"Ref": "Scheme"}, "a"]}},
            "parameters": {"Scheme": "a"},
        },
        [],
    ),
    (
        {"It": body("CloudFormation::Stack", TemplateURL="https://example.com/a.yaml")},
        {},
        ["what changes inside the nested stack It: its template is not here"],
    ),
    (
        {"Fn::ForEach::Queues": ["Letter", {"Ref": "A"}, {"Queue${Letter}": body("SQS::Queue")}]},
        {"Transform": "AWS::LanguageExtensions"},
        [
            "what the transform AWS::LanguageExtensions makes of the template",
            "what Fn::ForEach::Queues makes: CloudFormation runs the loop when it is deployed",
        ],
    ),
]


@pytest.mark.parametrize(("resources", "more", "expected"), CASES, ids=lambda one: str(one)[:40])
def test_what_only_the_deploy_tells(
    resources: dict[str, Any], more: dict[str, Any], expected: list[str]
) -> None:
    assert told({}, resources, **more) == expected


def test_of_ssm_parameters_that_the_template_reads() -> None:
    read = {"Type": "AWS::SSM::Parameter::Value<String>"}
    declared = {name: {**read, "Default": f"/{name}"} for name in ("A", "B")}
    queue = {"It": body("SQS::Queue", QueueName={"Ref": "A"}, KmsMasterKeyId={"Ref": "B"})}
    found = compared(side({}), side(queue, Parameters=declared))

    assert list(unknowns(found.after, found.resources)) == [
        "what the SSM parameters /A and /B hold: it is read during the deploy"
    ]
