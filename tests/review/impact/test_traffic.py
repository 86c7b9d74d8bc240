"""Times without a task for requests: target groups, names and health checks that change first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import balanced, details, group, lines, rolling, stack, web
from tests.review.stacks import body, side

ELB = "ElasticLoadBalancingV2"
RULE = f"{ELB}::ListenerRule"


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def to(name: str) -> list[dict[str, Any]]:
    return [{"Type": "forward", "TargetGroupArn": ref(name)}]


def test_a_rule_points_to_an_empty_target_group() -> None:
    def sides(name: str) -> dict[str, Any]:
        rule = body(RULE, ListenerArn="l", Priority=1, Actions=to(name))
        return stack(web(**balanced(name)), None, Rule=rule, **{name: group(Port=80)})

    assert lines(sides("GroupA"), sides("GroupB"), "downtime", "deletion", "rollout") == [
        "approval downtime: Web: requests may get 503 until its new tasks are healthy: Rule points "
        "to GroupB, which is empty at first",
        "notice deletion: GroupA: the target group is deleted; GroupB takes its place",
        "notice rollout: Web: rolling, 2→2 tasks, peak 4, requests may get 503; the target groups "
        "change; old tasks drain 300 s",
    ]
    assert lines(sides("GroupA"), sides("GroupA"), "downtime") == []


def test_what_moves_along_to_the_new_target_group_is_calm() -> None:
    def sides(name: str) -> dict[str, Any]:
        names = {"Fn::GetAtt": [name, "TargetGroupFullName"]}
        dimensions = [{"Name": "TargetGroup", "Value": names}]
        alarms = {n: body("CloudWatch::Alarm", Dimensions=dimensions) for n in ("A", "B")}
        return stack(web(**balanced(name)), None, **alarms, **{name: group(Port=80)})

    assert lines(sides("GroupA"), sides("GroupB"), "configuration") == [
        "calm configuration: 2 resources (A and B) take what GroupB gives"
    ]


def test_a_successor_is_no_twin() -> None:
    """The target group has another id because it cannot be changed: no advice to keep the id."""

    def sides(name: str) -> dict[str, Any]:
        return stack(web(**balanced(name)), None, **{name: group(Port=80)})

    assert "keep the logical id" not in " ".join(details(sides("GroupA"), sides("GroupB")))


def fronted(
    scheme: str, target: str, *, record: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A service behind a load balancer of its own, with a name."""
    alias = {"DNSName": {"Fn::GetAtt": ["Lb", "DNSName"]}, "HostedZoneId": "Z"}
    return stack(
        web(**balanced(target)),
        None,
        Lb=body(f"{ELB}::LoadBalancer", Scheme=scheme),
        Listener=body(
            f"{ELB}::Listener", LoadBalancerArn=ref("Lb"), Port=443, DefaultActions=to(target)
        ),
        Name=body(
            "Route53::RecordSet",
            Name="hoge.example.com",
            Type="A",
            HostedZoneId="Z",
            AliasTarget=record or alias,
        )
        | more,
        **{target: group(Port=80)},
    )


GAP = (
    "approval downtime: Web: requests may get 503 until its new tasks are healthy: "
    "hoge.example.com leads to another load balancer at once, and GroupB behind it is empty at "
    "first"
)


def test_a_name_moves_before_the_tasks() -> None:
    """CloudFormation changes the record as soon as the new load balancer is there."""
    before = fronted("internal", "GroupA")

    assert lines(before, fronted("internet-facing", "GroupB"), "downtime") == [GAP]
    waits = fronted("internet-facing", "GroupB", DependsOn="Web")
    assert lines(before, waits, "downtime") == []


@pytest.mark.parametrize("back", [False, True])
def test_a_name_moves_between_an_own_and_a_shared_load_balancer(*, back: bool) -> None:
    def shared(target: str) -> dict[str, Any]:
        rule = body(RULE, ListenerArn=ref("Shared"), Priority=7, Actions=to(target))
        alias = {"DNSName": ref("SharedName"), "HostedZoneId": "Z"}
        resources = fronted("internal", target, record=alias)
        return {**resources, "Rule": rule, "Lb": None, "Listener": None}

    def sided(resources: dict[str, Any]) -> Any:
        declared = {name: {"Type": "String"} for name in ("Shared", "SharedName")}
        looked_up = {name: f"!StackOutput cluster.{name}" for name in declared}
        kept = {name: one for name, one in resources.items() if one is not None}
        return side(kept, Parameters=declared, lookups=looked_up)

    own = sided(fronted("internal", "GroupA" if not back else "GroupB"))
    other = sided(shared("GroupB" if not back else "GroupA"))

    assert lines(*((other, own) if back else (own, other)), "downtime") == [GAP]


def test_a_target_group_cannot_serve_two_load_balancers() -> None:
    """Elastic Load Balancing API, CreateListener: TargetGroupAssociationLimit."""
    assert (
        "approval blocked: Group: the deploy fails: the target group still serves the old load "
        "balancer, and cannot serve the new Lb too; give the target group another logical id, so "
        "that there is a second one"
    ) in lines(fronted("internal", "Group"), fronted("internet-facing", "Group"))
    assert lines(fronted("internal", "Group"), fronted("internal", "Group"), "blocked") == []
    assert lines(fronted("internal", "A"), fronted("internet-facing", "B"), "blocked") == []


def test_one_that_may_be_replaced_only_may_be_empty() -> None:
    def sides(template: str) -> dict[str, Any]:
        vpc = {"Fn::GetAtt": ["Net", "Outputs.Vpc"]}
        rule = body(RULE, ListenerArn="l", Priority=1, Actions=to("Group"))
        net = body("CloudFormation::Stack", TemplateURL=template)
        named = {"Group": group(Port=80, VpcId=vpc), "Rule": rule, "Net": net}
        return stack(web(**balanced()), None, **named)

    assert lines(sides("a"), sides("b"), "downtime", "unknown") == [
        "approval downtime: Web: requests may get 503, should Group be replaced, until its new "
        "tasks are healthy: Rule points to Group, which is empty at first",
        "approval unknown: Net: its TemplateURL changes: what that does inside the nested stack is "
        "not in this review",
    ]


def shifted(strategy: str | None, *groups: str) -> dict[str, Any]:
    """A service that moves traffic between two groups, or has one."""
    one = {"ContainerName": "app", "TargetGroupArn": ref(groups[0])}
    if groups[1:]:
        one["AdvancedConfiguration"] = {"AlternateTargetGroupArn": ref(groups[1])}
    configuration = {} if strategy is None else {"Strategy": strategy}
    service = web(LoadBalancers=[one], DeploymentConfiguration=configuration)
    return stack(service, None, **{name: group(Port=80) for name in groups})


def test_back_from_blue_green() -> None:
    """Which of the two is in use only the account knows."""
    found = lines(shifted("BLUE_GREEN", "One", "Two"), shifted("ROLLING", "One"), "downtime")

    assert found == [
        "approval downtime: Web: requests may get 503 until its new tasks are healthy, should Two "
        "be the one in use now: requests go to One then, which is empty at first"
    ]
    canary = shifted("CANARY", "One", "Two")
    assert lines(shifted("BLUE_GREEN", "One", "Two"), canary, "downtime", "blocked") == []


def test_a_strategy_that_is_left_out_is_kept() -> None:
    found = lines(shifted("CANARY", "One", "Two"), shifted(None, "One"), "blocked", "rollout")

    assert found[0] == (
        "approval blocked: Web: the deploy is refused: it is deployed by CANARY, and the template "
        "says no strategy any more: ECS keeps the old one, without the second target group that it "
        "needs; write Strategy: ROLLING, with eb.Rolling(explicit=True)"
    )
    assert found[1].startswith("notice rollout: Web: canary, 2→2 tasks, peak 4")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"HealthCheckPath": "/health"},
            {"HealthCheckPath": "/ready"},
            ["the path /health → /ready"],
        ),
        (
            {"HealthCheckPort": "8080"},
            {"HealthCheckPort": "9090", "HealthCheckPath": "/"},
            ["the path unset → / and the port 8080 → 9090"],
        ),
        ({"HealthCheckIntervalSeconds": 30}, {"HealthCheckIntervalSeconds": 10}, []),
    ],
)
def test_running_tasks_meet_the_new_health_check(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    sides = [stack(web(**balanced()), None, Group=group(**one)) for one in (before, after)]

    assert lines(sides[0], sides[1], "downtime") == [
        f"approval downtime: Group: another health check, at once and of the tasks that run now "
        f"({words}): those that do not pass it are stopped"
        for words in expected
    ]


def test_a_health_check_of_no_running_task() -> None:
    sides = [{"Group": group(HealthCheckPath=path)} for path in ("/a", "/b")]
    stopped = [stack(web(0, **balanced()), None, **one) for one in sides]

    assert lines(sides[0], sides[1], "downtime") == []
    assert lines(stopped[0], stopped[1], "downtime") == []


def test_another_port_of_a_listener() -> None:
    sides = [{"L": body(f"{ELB}::Listener", LoadBalancerArn="lb", Port=n)} for n in (443, 8443)]

    assert lines(sides[0], sides[1]) == [
        "approval address: L: port 443 of the load balancer answers no more; port 8443 does"
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            rolling(100, 200),
            rolling(50, 100),
            "notice rollout: Web: from the next deployment on: peak 2, no downtime expected, but "
            "only 1 of 2 tasks may serve",
        ),
        (
            rolling(100, 200),
            rolling(0, 100),
            "approval downtime: Web: from the next deployment on: peak 2, downtime: the old tasks "
            "stop before the new ones start (minimum 0 %)",
        ),
        (
            rolling(0, 100),
            rolling(100, 150),
            "notice rollout: Web: from the next deployment on: peak 3, no downtime expected",
        ),
        (
            rolling(0, 100),
            rolling(0, 150),
            "notice rollout: Web: from the next deployment on: peak 3, downtime possible: old "
            "tasks may all stop before new ones are healthy (minimum 0 %)",
        ),
    ],
)
def test_percentages_hold_from_the_next_deployment_on(
    before: dict[str, Any], after: dict[str, Any], expected: str
) -> None:
    assert lines(stack(web(**before)), stack(web(**after))) == [expected]


def connected(cluster: str, *names: str) -> dict[str, Any]:
    """A service that Service Connect leads to by these names."""
    aliases = [{"DnsName": name, "Port": 80} for name in names]
    services = [{"PortName": "http", "ClientAliases": aliases}]
    connect = {"Enabled": True, "Services": services}
    return stack(web(Cluster=cluster, ServiceConnectConfiguration=connect))


def test_a_service_connect_name_that_goes() -> None:
    assert lines(connected("a", "web", "old"), connected("a", "web", "new"), "address") == [
        "approval address: Web: old:80 leads to it no more (Service Connect); new:80 does"
    ]
    assert lines(connected("a", "web"), connected("a", "web", "new"), "address") == []


def test_a_service_with_service_connect_cannot_be_replaced() -> None:
    [found] = lines(connected("a", "web"), connected("b", "web"), "blocked")

    assert found.startswith(
        "approval blocked: Web: the service is replaced: the deploy fails, for the old one still "
        "has its Service Connect names http; deploy it without them first"
    )
    assert lines(connected("a"), connected("a", "web"), "blocked") == []
