"""A listener rule that ECS shifts traffic by, and a deploy that writes its weights again."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.impact.gathering import consequences
from ecs_blocks.review.impact.questions import questions
from ecs_blocks.review.live import Live
from tests.review.impact.stage import details, group, lines, stack, subject, web
from tests.review.stacks import body

ELB = "ElasticLoadBalancingV2"


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def forward(one: str = "One", two: str = "Two") -> list[dict[str, Any]]:
    groups = [
        {"TargetGroupArn": ref(one), "Weight": 100},
        {"TargetGroupArn": ref(two), "Weight": 0},
    ]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def shifted(
    route: dict[str, Any], *, by: str = "ProductionListenerRule", strategy: str = "BLUE_GREEN"
) -> dict[str, Any]:
    """A service that shifts traffic by Route."""
    balancer = {
        "ContainerName": "app",
        "TargetGroupArn": ref("One"),
        "AdvancedConfiguration": {"AlternateTargetGroupArn": ref("Two"), by: ref("Route")},
    }
    service = web(LoadBalancers=[balancer], DeploymentConfiguration={"Strategy": strategy})
    groups = {name: group(Port=80) for name in ("One", "Two")}
    return stack(service, None, Route=route, **groups)


def rule(path: str = "/", **more: Any) -> dict[str, Any]:
    return body(
        f"{ELB}::ListenerRule",
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}],
        **{"ListenerArn": "l", "Priority": 5, "Actions": forward(), **more},
    )


def listener(**more: Any) -> dict[str, Any]:
    given = {"LoadBalancerArn": "lb", "Port": 443, "DefaultActions": forward(), **more}
    return body(f"{ELB}::Listener", **given)


SAID = (
    "approval downtime: Route: this deploy writes its weights as in the template, One 100 and "
    "Two 0: if the tasks of Web are in the other target group now, requests go to an empty one"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(rule("/a"), rule("/b"), id="a path"),
        pytest.param(rule(Priority=5), rule(Priority=6), id="a priority"),
        pytest.param(
            listener(SslPolicy="A"), listener(SslPolicy="B"), id="the TLS policy of a listener"
        ),
        pytest.param(
            listener(Certificates=[{"CertificateArn": "a"}]),
            listener(Certificates=[{"CertificateArn": "b"}]),
            id="the certificate of a listener",
        ),
    ],
)
@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "CANARY", "LINEAR"])
def test_a_change_of_what_ecs_shifts_by_writes_its_weights(
    before: dict[str, Any], after: dict[str, Any], strategy: str
) -> None:
    sides = [shifted(one, strategy=strategy) for one in (before, after)]

    assert [one for one in lines(sides[0], sides[1]) if "weights" in one] == [SAID]
    assert details(sides[0], sides[1])[:2] == [
        "each deployment of the service moves its tasks to the other target group",
        "if so, deploy a new version once without this change, and then with it",
    ]


def test_test_requests_are_called_so() -> None:
    sides = [shifted(rule(path), by="TestListenerRule") for path in ("/a", "/b")]

    [found] = [one for one in lines(sides[0], sides[1]) if "weights" in one]
    assert found.endswith("in the other target group now, test requests go to an empty one")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(rule(), rule(), id="no change"),
        pytest.param(
            listener(Tags=[]), listener(Tags=[{"Key": "a", "Value": "b"}]), id="tags alone"
        ),
        pytest.param(rule(ListenerArn="l"), rule(ListenerArn="m"), id="a new rule in its place"),
    ],
)
def test_what_writes_no_weights(before: dict[str, Any], after: dict[str, Any]) -> None:
    sides = [shifted(one) for one in (before, after)]

    assert [one for one in lines(sides[0], sides[1]) if "weights" in one] == []


def test_a_rule_that_was_not_shifted_by_has_its_first_weights() -> None:
    before, after = (
        shifted(rule(path), strategy=how) for path, how in (("/a", "ROLLING"), ("/b", "CANARY"))
    )

    assert [one for one in lines(before, after) if "weights" in one] == []


def test_new_target_groups_are_empty_whatever_the_weights_are() -> None:
    before, after = shifted(rule()), shifted(rule())
    for name in ("One", "Two"):
        after[name] = group(Port=8080)

    assert [one for one in lines(before, after, "downtime") if "Route" in one] == [
        "approval downtime: Route: requests may get 503 until the new tasks of Web are healthy: "
        "it leads to One and Two, empty at first"
    ]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        pytest.param({}, [SAID], id="not read"),
        pytest.param({"Route": False}, [], id="the pre-flight refuses it"),
        pytest.param(
            {"Route": True},
            [
                "calm rollout: Route: this deploy writes its weights as they are: requests stay "
                "where the tasks of Web are"
            ],
            id="they stay",
        ),
    ],
)
def test_a_live_stack_tells_where_the_tasks_are(weights: dict[str, bool], said: list[str]) -> None:
    sides = [shifted(rule(path)) for path in ("/a", "/b")]
    found = consequences(subject(sides[0], sides[1], live=Live(weights=weights)))

    told = [f"{one.weight} {one.kind}: {one.text}" for one in found if "weights" in one.text]
    assert told == said


def test_only_the_account_knows_where_the_tasks_are() -> None:
    sides = [shifted(rule(path)) for path in ("/a", "/b")]

    asked = list(questions(subject(sides[0], sides[1])))

    assert "in which target group the tasks of Web are now: --base live tells" in asked


def test_a_way_back_that_leads_to_the_tasks_is_calm() -> None:
    """``ROLLING`` again, while the tasks are in the target group that stays."""
    to_one = [{"Type": "forward", "TargetGroupArn": ref("One")}]
    after = shifted(rule(Actions=to_one), strategy="ROLLING")
    del after["Two"]
    after["Web"]["Properties"]["LoadBalancers"][0].pop("AdvancedConfiguration")
    sides = shifted(rule()), after

    def told(live: Live | None) -> list[str]:
        found = consequences(subject(sides[0], sides[1], live=live))
        return [one.text for one in found if "requests may get 503" in one.text]

    assert told(None) != []
    assert told(Live(weights={"Route": True})) == []


def test_a_target_group_that_is_replaced_is_no_deployment_without_a_gap() -> None:
    old = shifted(rule("/"))
    new = {**old, "One": group(Port=81), "Two": group(Port=81)}
    [rollout] = [one for one in lines(old, new, "rollout", "downtime") if ": blue/green" in one]

    assert "requests may get 503" in rollout
    assert "no downtime expected" not in rollout
