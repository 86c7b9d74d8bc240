"""A dashboard of a service: each graph, and the lines in it."""

from __future__ import annotations

import json
from typing import Any

import ecs_blocks as eb
from ecs_blocks.templates.stack import encode
from tests.blocks.test_shared_front import ENV, FIELDS
from tests.blocks.web import on_fargate

BALANCER = "${WebLoadBalancer.LoadBalancerFullName}"
FIRST = ["TargetGroup", "${WebTargetGroup3FF6B5.TargetGroupFullName}", "LoadBalancer", BALANCER]
SECOND = [FIRST[0], "${WebAlternateTargetGroup3FF6B5.TargetGroupFullName}", *FIRST[2:]]
SERVICE = ["ClusterName", "${ClusterName}", "ServiceName", "${WebService.Name}"]


def properties(stack: eb.Stack, fields: Any, dashboard: eb.Dashboard) -> dict[str, Any]:
    """Those of the dashboard; its body as a tree, in which tokens are as ``!Sub`` has them."""
    stack.add("Web", dashboard)
    found: dict[str, Any] = encode(stack, fields)["Resources"]["WebDashboard"]["Properties"]
    return {**found, "DashboardBody": json.loads(found["DashboardBody"]["Fn::Sub"])}


def graphs(body: dict[str, Any]) -> dict[str, list[list[Any]]]:
    return {
        one["properties"]["title"]: one["properties"]["metrics"]
        for one in body["DashboardBody"]["widgets"]
    }


def of_web(**changed: Any) -> dict[str, Any]:
    made = on_fargate(**changed)
    shop = made.handle
    alternate = None if shop.traffic is None else shop.traffic.alternate
    dashboard = eb.Dashboard(service=shop.service, entrance=shop.entrance, alternate=alternate)
    return properties(made.stack, made.fields, dashboard)


def line(*row: Any, stat: str, label: str) -> list[Any]:
    return [*row, {"stat": stat, "label": label}]


def test_what_callers_notice_and_what_tasks_do() -> None:
    alb, own = "AWS/ApplicationELB", ["LoadBalancer", BALANCER]

    assert graphs(of_web()) == {
        "Requests in a minute": [line(alb, "RequestCount", *FIRST, stat="Sum", label="requests")],
        "Errors in a minute": [
            line(alb, "HTTPCode_Target_5XX_Count", *FIRST, stat="Sum", label="5xx"),
            line(alb, "HTTPCode_Target_4XX_Count", *FIRST, stat="Sum", label="4xx"),
            line(alb, "TargetConnectionErrorCount", *FIRST, stat="Sum", label="failed connections"),
        ],
        "Response time, in seconds": [
            line(alb, "TargetResponseTime", *FIRST, stat=stat, label=stat)
            for stat in ("p50", "p95")
        ],
        "Errors of the load balancer itself in a minute": [
            line(alb, "HTTPCode_ELB_5XX_Count", *own, stat="Sum", label="5xx"),
            line(alb, "RejectedConnectionCount", *own, stat="Sum", label="rejected connections"),
        ],
        "Tasks": [
            line("ECS/ContainerInsights", name, *SERVICE, stat="Average", label=label)
            for label, name in (("running", "RunningTaskCount"), ("desired", "DesiredTaskCount"))
        ],
        **{
            f"{title}, in percent": [
                line("AWS/ECS", name, *SERVICE, stat=stat, label=stat.lower())
                for stat in ("Average", "Maximum")
            ]
            for title, name in (("CPU", "CPUUtilization"), ("Memory", "MemoryUtilization"))
        },
    }


def test_it_is_called_like_the_stack_for_dashboards_know_no_regions() -> None:
    found = of_web()

    assert found["DashboardName"] == {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}
    assert {one["properties"]["region"] for one in found["DashboardBody"]["widgets"]} == {
        "${AWS::Region}"
    }


def test_graphs_stand_two_beside_each_other() -> None:
    places = [
        (one["x"], one["y"], one["width"], one["height"])
        for one in of_web()["DashboardBody"]["widgets"]
    ]

    assert places == [(x, y, 12, 6) for y in (0, 6, 12, 18) for x in (0, 12)][:7]


def test_both_target_groups_are_seen_where_traffic_is_shifted() -> None:
    found = graphs(of_web(deployment=eb.BlueGreen()))["Requests in a minute"]

    assert [row[2:6] for row in found] == [FIRST, SECOND]
    assert found[1][-1]["label"] == "requests of the second target group"


def test_a_further_endpoint_has_lines_of_its_own() -> None:
    admin = eb.Endpoint(name="Admin", port=9090, routes=(eb.Route(paths=("/admin/*",)),))
    container = eb.Container(ports=(eb.Port(9090, "admin"),))
    found = graphs(of_web(front=eb.Own(endpoints=(admin,)), container=container))

    labels = [row[-1]["label"] for row in found["Requests in a minute"]]
    assert labels == ["requests", "requests of Admin"]


def test_what_a_shared_balancer_itself_answers_is_not_drawn() -> None:
    stack = eb.Stack(ENV)
    front = eb.Shared(balancer=ENV.shared_balancer())
    shop = stack.add("Web", eb.WebService.standard(ENV, port=8080, front=front))
    dashboard = eb.Dashboard(service=shop.service, entrance=shop.entrance, name="shop")
    found = properties(stack, FIELDS, dashboard)

    assert found["DashboardName"] == "shop"
    assert "Errors of the load balancer itself in a minute" not in graphs(found)


def test_a_service_without_a_balancer_has_the_graphs_of_its_tasks() -> None:
    made = on_fargate()
    found = properties(made.stack, made.fields, eb.Dashboard(service=made.handle.service))

    assert list(graphs(found)) == ["Tasks", "CPU, in percent", "Memory, in percent"]
