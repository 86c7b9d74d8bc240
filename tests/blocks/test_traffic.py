"""Two target groups behind one rule: what ECS gets, and what looks at both.

Trap 2: two target groups that are replaced together carry the same hash.
Trap 36: the weights belong to ECS, and nothing of a new version touches the rule.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.templates.stack import Scope
from tests.blocks.helpers import TOKENS, TOPIC, Parts, fargate_task, parts
from tests.blocks.web import IDS, on_fargate, on_instances

SHIFTS = [eb.BlueGreen(), eb.Canary(), eb.Linear()]
ADDED = ["WebAlternateTargetGroup3FF6B5", "WebTrafficRole"]
TEST = eb.TestListener(ingress=(eb.Cidr("10.1.0.0/16"), eb.Cidr("10.2.0.0/16")))
FORWARD_ONLY = (
    "traffic can be shifted only where the listener rule forwards and does nothing else; ECS "
    "refuses one that also authenticates or redirects"
)


def resources(deployment: eb.Deployment, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = on_fargate(deployment=deployment, **changed).template["Resources"]
    return found


def looks_at(resource: dict[str, Any]) -> list[str]:
    """The target groups that a resource's metrics are of, in order."""
    return [
        group
        for group in ("WebTargetGroup3FF6B5", "WebAlternateTargetGroup3FF6B5")
        if json.dumps([group, "TargetGroupFullName"]) in json.dumps(resource)
    ]


@pytest.mark.parametrize("deployment", SHIFTS, ids=lambda d: d.strategy)
def test_a_shift_adds_these_ids_and_changes_none(deployment: eb.Deployment) -> None:
    assert [id_ for id_ in resources(deployment) if id_ not in IDS] == ADDED
    assert set(IDS) <= resources(deployment).keys()


def test_rolling_adds_nothing() -> None:
    assert list(resources(eb.Rolling())) == list(resources_by_default())


def resources_by_default() -> dict[str, Any]:
    found: dict[str, Any] = on_fargate().template["Resources"]
    return found


def test_the_service_knows_the_second_group_the_rule_and_the_role() -> None:
    [attached] = resources(eb.BlueGreen())["WebService"]["Properties"]["LoadBalancers"]

    assert attached == {
        "ContainerName": "app",
        "ContainerPort": 8080,
        "TargetGroupArn": {"Ref": "WebTargetGroup3FF6B5"},
        "AdvancedConfiguration": {
            "AlternateTargetGroupArn": {"Ref": "WebAlternateTargetGroup3FF6B5"},
            "ProductionListenerRule": {"Ref": "WebListenerRule"},
            "RoleArn": {"Fn::GetAtt": ["WebTrafficRole", "Arn"]},
        },
    }


def test_the_reference_to_the_rule_is_the_order() -> None:
    assert "DependsOn" not in resources(eb.BlueGreen())["WebService"]


def test_ecs_gets_aws_s_own_policy_for_this() -> None:
    role = resources(eb.BlueGreen())["WebTrafficRole"]["Properties"]

    assert role["ManagedPolicyArns"] == [
        {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/"
            "AmazonECSInfrastructureRolePolicyForLoadBalancers"
        }
    ]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": ["ecs.amazonaws.com"]
    }


def test_trap_36_the_rule_begins_with_all_requests_at_the_first_group() -> None:
    [action] = resources(eb.Canary())["WebListenerRule"]["Properties"]["Actions"]

    assert action == {
        "Type": "forward",
        "ForwardConfig": {
            "TargetGroups": [
                {"TargetGroupArn": {"Ref": "WebTargetGroup3FF6B5"}, "Weight": 100},
                {"TargetGroupArn": {"Ref": "WebAlternateTargetGroup3FF6B5"}, "Weight": 0},
            ]
        },
    }


def test_trap_36_the_rule_is_the_same_whatever_varies_with_a_version() -> None:
    """CloudFormation changes a rule only where the template's own text of it does."""
    plain = resources(eb.Canary())["WebListenerRule"]
    other = resources(
        eb.Canary(percent=50, wait_minutes=1, bake_minutes=1, alarms=("Cpu",)),
        variables={"A": "b"},
        architecture="ARM64",
        task_policies=(eb.grant_topic(TOPIC, name="News"),),
    )["WebListenerRule"]

    assert plain == other
    assert plain == resources(eb.BlueGreen())["WebListenerRule"]


def test_both_groups_are_the_same_but_for_their_id() -> None:
    found = resources(eb.BlueGreen(), health_check_path="/health")

    assert found["WebAlternateTargetGroup3FF6B5"] == found["WebTargetGroup3FF6B5"]


def test_what_is_changed_in_one_group_is_changed_in_both() -> None:
    made = on_fargate(deployment=eb.BlueGreen())
    made.handle.target_group.HealthCheckPath = "/ready"

    assert made.properties("WebAlternateTargetGroup3FF6B5")["HealthCheckPath"] == "/ready"


def test_trap_2_what_replaces_one_group_replaces_both() -> None:
    groups = [
        id_
        for id_ in resources(eb.BlueGreen(), port=9000)
        if "TargetGroup" in id_ and id_ not in ADDED
    ]

    assert len(groups) == 2
    assert len({id_[-6:] for id_ in groups}) == 1
    assert "3FF6B5" not in groups[0]


@pytest.mark.parametrize(
    ("alarm", "expression"),
    [
        pytest.param("TargetErrors", "SUM([primary, alternate])", id="errors add up"),
        pytest.param("TargetConnectionErrors", "SUM([primary, alternate])", id="so do these"),
        pytest.param("UnhealthyHosts", "MAX([primary, alternate])", id="one unhealthy is enough"),
        pytest.param("ResponseTime", "MAX([primary, alternate])", id="the slower one counts"),
        pytest.param(
            "NoHealthyHost",
            "IF(MAX([healthy, healthyAlternate]) < 1, 1, 0)",
            id="none is healthy in neither",
        ),
    ],
)
def test_an_alarm_on_one_group_looks_at_both(alarm: str, expression: str) -> None:
    resource = resources(eb.BlueGreen())[f"Web{alarm}Alarm"]
    metrics = resource["Properties"]["Metrics"]

    assert looks_at(resource) == ["WebTargetGroup3FF6B5", "WebAlternateTargetGroup3FF6B5"]
    assert [one["Expression"] for one in metrics if "Expression" in one] == [expression]
    assert [one["ReturnData"] for one in metrics] == [False, False, True]
    assert len({one["MetricStat"]["Stat"] for one in metrics if "MetricStat" in one}) == 1
    for key in ("MetricName", "Namespace", "Dimensions", "Period", "Statistic"):
        assert key not in resource["Properties"], "an alarm has a metric or metrics, not both"


@pytest.mark.parametrize(
    "alarm", ["Cpu", "Memory", "BalancerErrors", "RejectedConnections", "RunningBelowDesired"]
)
def test_an_alarm_on_no_group_stays(alarm: str) -> None:
    title = f"Web{alarm}Alarm"
    shifted = resources(eb.BlueGreen(alarms=()))[title]

    assert shifted == resources_by_default()[title]


def test_requests_are_counted_in_both_groups() -> None:
    policy = resources(eb.BlueGreen())["WebRequestsScaling"]
    tracking = policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    metrics = tracking["CustomizedMetricSpecification"]["Metrics"]

    assert "PredefinedMetricSpecification" not in tracking
    assert looks_at(policy) == ["WebTargetGroup3FF6B5", "WebAlternateTargetGroup3FF6B5"]
    assert metrics[2]["Expression"] == "SUM([primary, alternate])"
    assert [one["ReturnData"] for one in metrics] == [False, False, True]
    assert tracking["TargetValue"] == {"Ref": "ScalingRequestsPerMinute"}


def test_other_scaling_stays() -> None:
    for kind in ("Cpu", "Memory"):
        title = f"Web{kind}Scaling"
        shifted = on_instances(deployment=eb.BlueGreen()).template["Resources"][title]
        assert shifted == on_instances().template["Resources"][title]


def test_a_calculation_with_a_token_looks_at_both_too() -> None:
    made = parts()
    service = made.running()
    group = {"TargetGroup": eb.get_att(made.target_group, "TargetGroupFullName")}
    metric = eb.Metric(namespace="A", name="B", statistic="Average", dimensions=group)
    alarm = made.stack.add(
        "Web",
        eb.Alarm(
            suffix="Share",
            description="too much",
            watches=eb.Calculation(
                expression=eb.text("IF(some > ", TOKENS.number, ", 1, 0)"),
                label="1 while it is",
                metrics={"some": metric},
            ),
            above=0,
            notify=eb.Notify(topic_arn=TOKENS.topic_arn),
        ),
    )
    shift(made, service, eb.BlueGreen(alarms=()), alarms=(alarm,))
    metrics = made.resources["WebShareAlarm"]["Properties"]["Metrics"]

    assert metrics[-1]["Expression"] == {
        "Fn::Sub": "IF(MAX([some, someAlternate]) > ${Number}, 1, 0)"
    }


def shift(made: Parts, service: Any, deployment: eb.Deployment, **changed: Any) -> None:
    """Attach *deployment* to a service of *made*; *changed* are arguments of ``Exposed``."""
    given: dict[str, Any] = {
        "service": service.resource,
        "target_group": made.target_group,
        "rules": (made.rule,),
        "balancer": made.balancer,
    }
    deployment.attach(Scope(made.stack, "Web"), eb.Exposed(**given | changed))


def test_a_test_listener_is_production_s_on_another_port() -> None:
    found = resources(eb.BlueGreen(test=TEST))
    production = found["WebHttpsListener"]["Properties"]

    assert found["WebTestListener"]["Properties"] == {**production, "Port": 8443}
    rule = found["WebTestListenerRule"]["Properties"]
    assert rule["ListenerArn"] == {"Ref": "WebTestListener"}
    assert rule["Conditions"] == [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}
    ]
    assert rule["Actions"] == found["WebListenerRule"]["Properties"]["Actions"]
    [attached] = found["WebService"]["Properties"]["LoadBalancers"]
    advanced = attached["AdvancedConfiguration"]
    assert advanced["TestListenerRule"] == {"Ref": "WebTestListenerRule"}


def test_only_who_is_named_reaches_the_test_listener() -> None:
    found = resources(eb.BlueGreen(test=TEST))
    rules = [found[f"WebTestIngress{number}"]["Properties"] for number in (1, 2)]

    assert [(one["CidrIp"], one["FromPort"], one["ToPort"]) for one in rules] == [
        ("10.1.0.0/16", 8443, 8443),
        ("10.2.0.0/16", 8443, 8443),
    ]
    group = {"Fn::GetAtt": ["WebLoadBalancerSecurityGroup", "GroupId"]}
    assert [one["GroupId"] for one in rules] == [group, group]
    assert "WebTestIngress3" not in found


def test_the_handle_holds_what_was_added() -> None:
    traffic = on_fargate(deployment=eb.Canary(test=TEST)).handle.traffic

    assert [
        one.title
        for one in (traffic.alternate, traffic.role, traffic.test_listener, traffic.test_rule)
    ] == [*ADDED, "WebTestListener", "WebTestListenerRule"]
    assert on_fargate().handle.traffic is None


@pytest.mark.parametrize("port", [80, 443])
def test_a_port_that_the_test_listener_cannot_have(port: int) -> None:
    with pytest.raises(eb.BlockError) as caught:
        eb.TestListener(ingress=(eb.Cidr("10.0.0.0/8"),), port=port)

    assert str(caught.value) == (f"port {port} cannot be the test listener's; take one like 8443")


def test_a_test_listener_for_nobody_is_refused() -> None:
    with pytest.raises(eb.BlockError, match=r"^nobody may connect to the test listener; name"):
        eb.TestListener(ingress=())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"rules": ()},
            "traffic can be shifted only behind a load balancer; take Rolling",
            id="no rule",
        ),
        pytest.param(
            {"target_group": None},
            "traffic can be shifted only behind a load balancer; take Rolling",
            id="no target group",
        ),
    ],
)
def test_without_a_balancer_there_is_no_traffic(changed: dict[str, Any], message: str) -> None:
    made = parts(fargate_task())
    service = made.running()
    with pytest.raises(eb.BlockError) as caught:
        shift(made, service, eb.BlueGreen(), **changed)

    assert str(caught.value) == message


def test_two_rules_cannot_be_shifted_by_one() -> None:
    made = parts()
    service = made.running()
    with pytest.raises(eb.BlockError) as caught:
        shift(made, service, eb.BlueGreen(), rules=(made.rule, made.rule))

    assert str(caught.value) == (
        "traffic is shifted by one listener rule and one target group; this service has 2 and 1: "
        "take Rolling"
    )


def test_a_rule_that_does_more_than_forward_is_refused() -> None:
    made = parts()
    service = made.running()
    made.rule.Actions = [made.rule.Actions[0], made.rule.Actions[0]]
    with pytest.raises(eb.BlockError) as caught:
        shift(made, service, eb.BlueGreen())

    assert str(caught.value) == FORWARD_ONLY


def test_a_test_listener_needs_a_balancer_of_one_s_own() -> None:
    made = parts()
    service = made.running()
    with pytest.raises(eb.BlockError) as caught:
        shift(made, service, eb.BlueGreen(test=TEST, alarms=()), balancer=None)

    assert str(caught.value) == "a test listener needs a load balancer of the service's own"


@pytest.mark.parametrize("cookie", [eb.BalancerCookie(), eb.ApplicationCookie(name="JSESSIONID")])
def test_clients_that_stay_with_a_task_cannot_be_shifted(cookie: Any) -> None:
    with pytest.raises(eb.BlockError) as caught:
        on_fargate(
            deployment=eb.BlueGreen(),
            front=eb.Own(options=eb.TargetOptions(stickiness=cookie)),
        )

    assert str(caught.value) == (
        "traffic cannot be shifted where clients stay with a task: ELB takes a sticky target group "
        "behind weights only if clients stay with the group too, and so with the old version; take "
        "Rolling, or no stickiness"
    )
