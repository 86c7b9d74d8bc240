"""Where the requests of a rule that goes are answered from then on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import balanced, group, lines, stack, web
from tests.review.impact.test_listener_rules import FORWARD, host, path, rule
from tests.review.stacks import body

BASE = stack(web(**balanced()), None, Group=group(Port=80))
UNLESS = "where no rule before it fits"
GONE = "approval deletion: Gone: the listener rule is deleted; its"


@pytest.mark.parametrize(
    ("gone", "others", "words"),
    [
        (
            rule(path("/cart"), priority=5),
            {"Rest": rule(path("/*"), priority=9), "Last": rule(priority=20)},
            f"requests go to Rest (priority 9), which sends Web, {UNLESS}",
        ),
        (
            rule(host("a.example.com"), path("/cart", "/cart/*")),
            {"Host": rule(host("*.example.com"), priority=9)},
            f"requests go to Host (priority 9), which sends Web, {UNLESS}",
        ),
        (
            rule(path("/cart")),
            {"Other": rule(path("/shop/*")), "Narrow": rule(host("a"), path("/cart"))},
            "requests go to another app's rule on that listener, or to its default action",
        ),
        (
            rule(path("/cart", "/shop")),
            {"Half": rule(path("/cart"), priority=9)},
            "requests go to another app's rule on that listener, or to its default action",
        ),
    ],
)
def test_the_next_rule(gone: dict[str, Any], others: dict[str, Any], words: str) -> None:
    after = {**BASE, **others}

    assert lines({**after, "Gone": gone}, after) == [f"{GONE} {words}"]


def on_listener(given: dict[str, Any]) -> dict[str, Any]:
    given["Properties"]["ListenerArn"] = {"Ref": "Listener"}
    return given


def test_of_a_listener_in_the_template() -> None:
    listener = body("ElasticLoadBalancingV2::Listener", LoadBalancerArn="l", Port=443)
    before = {**BASE, "Listener": listener, "Gone": on_listener(rule(path("/x")))}
    stays = {**BASE, "Listener": listener}

    assert lines(before, stays) == [
        f"{GONE} requests go to the default action of Listener, where no other rule fits"
    ]
    assert f"{GONE} listener goes with it" in lines(before, BASE)


@pytest.mark.parametrize(
    ("others", "rest"),
    [
        ({}, ""),
        ({"Between": (path("/x/a"), 7)}, f", {UNLESS}"),
        ({"Between": (host("a"), {"Ref": "Priority"})}, f", {UNLESS}"),
        ({"Behind": (path("/x/a"), 30)}, ""),
        # what it takes never came as far as the rule that goes
        ({"Earlier": (path("/x/a"), 2)}, ""),
    ],
)
def test_a_rule_in_between_may_take_a_part(others: dict[str, Any], rest: str) -> None:
    listener = body("ElasticLoadBalancingV2::Listener", LoadBalancerArn="l", Port=443)
    beside = {
        name: on_listener(rule(condition, priority=priority))
        for name, (condition, priority) in others.items()
    }
    after = {
        **BASE,
        **beside,
        "Listener": listener,
        "Rest": on_listener(rule(path("/x/*"), priority=20)),
    }
    gone = on_listener(rule(path("/x/*"), priority=5))

    assert lines({**after, "Gone": gone}, after) == [
        f"{GONE} requests go to Rest (priority 20), which sends Web{rest}"
    ]


def test_a_successor_that_asks_for_a_sign_in() -> None:
    asks = [{"Type": "authenticate-oidc", "Order": 1}, {**FORWARD[0], "Order": 2}]
    after = {**BASE, "Rest": rule(path("/*"), priority=9, actions=asks)}

    assert lines({**after, "Gone": rule(path("/cart"))}, after) == [
        f"{GONE} requests go to Rest (priority 9), which asks for a sign-in and sends Web, {UNLESS}"
    ]


def test_a_rule_at_the_test_listener_says_so() -> None:
    advanced = {
        "AlternateTargetGroupArn": {"Ref": "Green"},
        "ProductionListenerRule": {"Ref": "Main"},
        "TestListenerRule": {"Ref": "Test"},
    }
    registered = {"ContainerName": "app", "TargetGroupArn": {"Ref": "Group"}}
    service = web(
        LoadBalancers=[{**registered, "AdvancedConfiguration": advanced}],
        DeploymentConfiguration={"Strategy": "BLUE_GREEN"},
    )
    base = stack(service, None, Group=group(Port=80), Green=group(Port=80), Main=rule(path("/*")))
    listener = body("ElasticLoadBalancingV2::Listener", LoadBalancerArn="l", Port=8443)
    own = {"Test": on_listener(rule(path("/*"), priority=1)), "Listener": listener}
    shared = {"Test": rule(path("/*"), priority=1)}

    assert (
        "notice addition: Test: a new listener rule at the test listener, port 8443 (priority 1) "
        "sends Web requests with path /*"
    ) in lines(base, {**base, **own})
    assert (
        "notice addition: Test: a new listener rule for test requests (priority 1) sends Web "
        "requests with path /*"
    ) in lines(base, {**base, **shared})
