"""Which requests a new or changed listener rule takes, and whose service gets them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import balanced, details, group, lines, stack, web
from tests.review.stacks import body

FORWARD = [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]


def condition(field: str, config: str, **settings: Any) -> dict[str, Any]:
    return {"Field": field, config: settings}


def host(*values: Any) -> dict[str, Any]:
    return condition("host-header", "HostHeaderConfig", Values=list(values))


def path(*values: str) -> dict[str, Any]:
    return condition("path-pattern", "PathPatternConfig", Values=list(values))


def rule(*conditions: Any, priority: Any = 5, actions: Any = None) -> dict[str, Any]:
    return body(
        "ElasticLoadBalancingV2::ListenerRule",
        ListenerArn="l",
        Priority=priority,
        Conditions=list(conditions),
        Actions=FORWARD if actions is None else actions,
    )


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is said of rules beside a service that stays as it is."""
    base = stack(web(**balanced()), None, Group=group(Port=80))
    return lines({**base, **before}, {**base, **after})


@pytest.mark.parametrize(
    ("conditions", "taken"),
    [
        ([host("a.example.com")], "requests with host a.example.com"),
        (
            [host("a.example.com"), path("/x", "/x/*", "/y")],
            "requests with host a.example.com and path /x, /x/* or /y",
        ),
        ([{"Field": "path-pattern", "Values": ["/old"]}], "requests with path /old"),
        (
            [condition("path-pattern", "PathPatternConfig", RegexValues=["^/v[12]/"])],
            "requests with path like ^/v[12]/",
        ),
        (
            [condition("http-header", "HttpHeaderConfig", HttpHeaderName="X-V", Values=["2"])],
            "requests with header X-V 2",
        ),
        (
            [
                condition(
                    "http-header",
                    "HttpHeaderConfig",
                    HttpHeaderName="X-Api-Key",
                    Values=["hunter2"],
                )
            ],
            "requests with header X-Api-Key (hidden)",
        ),
        (
            [condition("query-string", "QueryStringConfig", Values=[{"Key": "v", "Value": "2"}])],
            "requests with query v=2",
        ),
        (
            [
                condition("http-request-method", "HttpRequestMethodConfig", Values=["GET", "HEAD"]),
                condition("source-ip", "SourceIpConfig", Values=["10.0.0.0/8"]),
            ],
            "requests with method GET or HEAD and source 10.0.0.0/8",
        ),
        ([host({"Ref": "Name"})], "requests with host Name"),
        ([], "all requests"),
    ],
)
def test_a_new_rule(conditions: list[Any], taken: str) -> None:
    assert told({}, {"Rule": rule(*conditions)}) == [
        f"notice addition: Rule: a new listener rule (priority 5) sends Web {taken}"
    ]


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([{"Type": "redirect"}], "redirects requests with path /x"),
        (
            [{"Type": "authenticate-cognito"}, *FORWARD],
            "asks for a sign-in and sends Web requests with path /x",
        ),
        ([{"Type": "fixed-response"}], "answers by itself requests with path /x"),
        (
            [{"Type": "forward", "TargetGroupArn": "arn:of:another"}],
            "sends on requests with path /x",
        ),
    ],
)
def test_a_rule_without_a_service(actions: Any, words: str) -> None:
    assert told({}, {"Rule": rule(path("/x"), actions=actions)}) == [
        f"notice addition: Rule: a new listener rule (priority 5) {words}"
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            rule(host("a"), path("/x")),
            rule(host("a"), path("/y")),
            "sends Web requests with host a and path /y; until now those with path /x",
        ),
        (
            rule(host("a")),
            rule(host("a"), path("/y")),
            "sends Web requests with host a and path /y; until now requests with host a",
        ),
        (
            rule(path("/x"), priority=5),
            rule(path("/x"), priority=40),
            "priority 5 → 40 (it is asked later than before)",
        ),
        (
            rule(path("/x"), priority=5),
            rule(path("/x"), priority={"Ref": "Priority"}),
            "priority 5 → Priority",
        ),
    ],
)
def test_a_changed_rule(before: Any, after: Any, words: str) -> None:
    assert told({"Rule": before}, {"Rule": after}) == [f"notice configuration: Rule: {words}"]


def test_the_same_conditions_in_another_order_are_nothing_new() -> None:
    sides = rule(host("a"), path("/x")), rule(path("/x"), host("a"))

    assert [
        one for one in told({"Rule": sides[0]}, {"Rule": sides[1]}) if not one.startswith("calm")
    ] == []


def test_of_a_new_stack_rules_are_told_with_the_rest() -> None:
    after = stack(web(**balanced()), None, Group=group(Port=80), Rule=rule(path("/x")))

    assert not [one for one in lines(None, after) if "sends" in one]


def test_a_rule_that_goes_says_what_it_took() -> None:
    rules = {"Rule": rule(host("a"), path("/x")), "Other": rule(path("/y"))}
    base = stack(web(**balanced()), None, Group=group(Port=80))

    assert details({**base, "Rule": rules["Rule"]}, base) == [
        "Rule took requests with host a and path /x"
    ]
    assert details({**base, **rules}, base) == [
        "Rule took requests with host a and path /x",
        "Rule: its requests go to another app's rule on that listener, or to its default action",
        "Other took requests with path /y",
        "Other: its requests go to another app's rule on that listener, or to its default action",
    ]
