"""Where the requests of a rule that goes are answered from then on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import balanced, group, lines, stack, web
from tests.review.impact.test_listener_rules import host, path, rule
from tests.review.stacks import body

BASE = stack(web(**balanced()), None, Group=group(Port=80))
GONE = "approval deletion: Gone: the listener rule is deleted; its"


@pytest.mark.parametrize(
    ("gone", "others", "words"),
    [
        (
            rule(path("/cart"), priority=5),
            {"Rest": rule(path("/*"), priority=9), "Last": rule(priority=20)},
            "requests go to Rest (priority 9), which sends Web",
        ),
        (
            rule(host("a.example.com"), path("/cart", "/cart/*")),
            {"Host": rule(host("*.example.com"), priority=9)},
            "requests go to Host (priority 9), which sends Web",
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
