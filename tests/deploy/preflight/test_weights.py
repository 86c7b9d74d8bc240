"""The weights that ECS moved are not written over where requests would find no task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.preflight.subject import Running
from ecs_blocks.deploy.preflight.weights import check, weights_that_stay
from ecs_blocks.review.side import Side
from tests.deploy.preflight.scripted import DENIED
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from ecs_blocks.deploy.preflight.subject import Subject
    from tests.deploy.preflight.scripted import Scripted

ELB = "ElasticLoadBalancingV2"
BASE = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"
ROUTE, ONE, TWO = (
    f"{BASE}:listener-rule/r",
    f"{BASE}:targetgroup/one/1",
    f"{BASE}:targetgroup/two/2",
)
HAS = {
    "One": (f"{ELB}::TargetGroup", ONE),
    "Two": (f"{ELB}::TargetGroup", TWO),
    "Service": ("ECS::Service", "arn:aws:ecs:ap-northeast-1:123456789012:service/main/hoge"),
}
Resources = dict[str, tuple[str, dict[str, Any]]]


def weighted(one: int, two: int, names: Any = ({"Ref": "One"}, {"Ref": "Two"})) -> list[Any]:
    groups = [
        {"TargetGroupArn": names[0], "Weight": one},
        {"TargetGroupArn": names[1], "Weight": two},
    ]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def rule(path: str, actions: Any = None) -> tuple[str, dict[str, Any]]:
    conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}]
    given = {"Priority": 5, "Conditions": conditions, "Actions": actions or weighted(100, 0)}
    return f"{ELB}::ListenerRule", {"ListenerArn": {"Ref": "L"}, **given}


def listener(policy: str) -> tuple[str, dict[str, Any]]:
    return f"{ELB}::Listener", {"SslPolicy": policy, "DefaultActions": weighted(100, 0)}


def resources(
    route: tuple[str, dict[str, Any]],
    *,
    by: str = "ProductionListenerRule",
    strategy: str = "BLUE_GREEN",
    port: int = 80,
) -> Resources:
    attached = {"AdvancedConfiguration": {by: {"Ref": "Route"}}, "TargetGroupArn": {"Ref": "One"}}
    service = {"DeploymentConfiguration": {"Strategy": strategy}, "LoadBalancers": [attached]}
    groups = {name: (f"{ELB}::TargetGroup", {"Port": port}) for name in ("One", "Two")}
    return {"Route": route, "Service": ("ECS::Service", service), **groups}


def side(of: Resources) -> Side:
    bodies = {k: {"Type": f"AWS::{kind}", "Properties": p} for k, (kind, p) in of.items()}
    return Side(stack_name="hoge-prod", template={"Resources": bodies})


def change(before: Resources, after: Resources) -> Subject:
    has = HAS | {"Route": (after["Route"][0], ROUTE)}
    return subject(after, has=has, running=Running.of(side(before), side(after)))


OTHER_PATH = change(resources(rule("/a")), resources(rule("/b")))


def now(server: Scripted, one: int, two: int) -> None:
    actions = weighted(one, two, (ONE, TWO))

    server.on("elbv2.DescribeRules", {"Rules": [{"RuleArn": ROUTE, "Actions": actions}]})
    listeners = [{"ListenerArn": ROUTE, "DefaultActions": actions}]
    server.on("elbv2.DescribeListeners", {"Listeners": listeners})


@pytest.mark.parametrize(
    ("asked", "call"),
    [
        pytest.param(OTHER_PATH, "elbv2.DescribeRules", id="a path of a rule"),
        pytest.param(
            change(resources(listener("A")), resources(listener("B"))),
            "elbv2.DescribeListeners",
            id="the TLS policy of a listener",
        ),
    ],
)
def test_tasks_in_the_second_target_group_refuse_the_change(
    server: Scripted, asked: Subject, call: str
) -> None:
    now(server, 0, 100)
    [finding] = check(server.aws, asked)

    assert f"{finding.kind}: {finding}" == (
        "problem: Route: this deploy changes it, and so writes its weights again: all to One; now "
        "it is all to Two, where the tasks of Service are: requests would go to a target group "
        "without tasks"
    )
    assert finding.hint == (
        "deploy a new version once without the change of Route, which moves the tasks to the "
        "other target group; then deploy the change"
    )
    assert [name for name, _ in server.asked] == [call]
    assert weights_that_stay(server.aws, asked) == {"Route": False}


def test_who_has_to_log_in_first_is_no_target_group(server: Scripted) -> None:
    log_in = {"Type": "authenticate-oidc", "Order": 1}
    actions = [log_in, *weighted(100, 0, (ONE, TWO))]
    server.on("elbv2.DescribeRules", {"Rules": [{"RuleArn": ROUTE, "Actions": actions}]})

    assert weights_that_stay(server.aws, OTHER_PATH) == {"Route": True}


def test_a_shift_that_stopped_half_way_is_told_in_percent(server: Scripted) -> None:
    now(server, 10, 90)

    [line] = found(check, server.aws, OTHER_PATH)

    assert "now it is 10 % to One and 90 % to Two, where" in line


def test_tasks_in_the_first_target_group_let_it_pass(server: Scripted) -> None:
    now(server, 1, 0)

    assert found(check, server.aws, OTHER_PATH) == [
        "fact: Route: changes, and keeps its weights: all to One"
    ]
    assert weights_that_stay(server.aws, OTHER_PATH) == {"Route": True}


def test_a_test_rule_is_warned_of(server: Scripted) -> None:
    now(server, 0, 100)
    sides = [resources(rule(path), by="TestListenerRule") for path in ("/a", "/b")]

    assert found(check, server.aws, change(*sides)) == [
        "warning: Route: this deploy changes it, and so writes its weights again: all to One; now "
        "it is all to Two: test requests get no answer until the next deployment"
    ]


def test_the_way_back_to_rolling_is_judged_too(server: Scripted) -> None:
    now(server, 0, 100)
    forward = [{"Type": "forward", "TargetGroupArn": {"Ref": "One"}}]
    after = resources(rule("/a", forward), strategy="ROLLING")

    [line] = found(check, server.aws, change(resources(rule("/a")), after))

    assert line.startswith("problem: Route: ")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(change(resources(rule("/a")), resources(rule("/a"))), id="nothing changes"),
        pytest.param(
            change(resources(rule("/a"), strategy="ROLLING"), resources(rule("/b"))),
            id="nothing was shifted yet",
        ),
        pytest.param(
            change(resources(rule("/a")), resources(rule("/b"), port=81)),
            id="its target groups are new",
        ),
        pytest.param(subject(resources(rule("/a"))), id="the stack is new"),
    ],
)
def test_what_is_not_asked_about(server: Scripted, asked: Subject) -> None:
    now(server, 0, 100)

    assert found(check, server.aws, asked) == []
    assert server.asked == []


def test_what_may_not_be_read_is_said_not_to_be_checked(server: Scripted) -> None:
    server.on("elbv2.DescribeRules", DENIED)

    assert found(check, server.aws, OTHER_PATH) == [
        "skipped: which target group has the tasks of Service: not checked: the permission "
        "elasticloadbalancing:DescribeRules is missing"
    ]
    assert weights_that_stay(server.aws, OTHER_PATH) == {}


def test_a_template_that_may_not_be_read_is_said(server: Scripted) -> None:
    why = Gap("the permission cloudformation:GetTemplate is missing")

    assert found(check, server.aws, subject(resources(rule("/b")), running=why)) == [
        "skipped: which target group has the tasks: not checked: the permission "
        "cloudformation:GetTemplate is missing"
    ]
