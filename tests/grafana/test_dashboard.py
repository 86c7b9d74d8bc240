"""The Grafana dashboard: what is drawn and chosen, and that Grafana's own types hold it."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from grafana_foundation_sdk.models import dashboard as schema
from grafana_foundation_sdk.models.cloudwatch import CloudWatchMetricsQuery

from ecs_blocks.cli.grafana import grafana
from ecs_blocks.grafana.dashboard import grafana_dashboard
from tests.blocks.test_dashboard import of_web
from tests.grafana.types_of_grafana import decoded, faults

if TYPE_CHECKING:
    from collections.abc import Callable

MADE: Final = grafana_dashboard()
GRAPHS: Final = {one["title"]: one for one in MADE["panels"] if one["type"] == "timeseries"}
CHOICES: Final = {one["name"]: one for one in MADE["templating"]["list"]}
ALB: Final = "AWS/ApplicationELB"
TARGETS: Final = {"TargetGroup": "$targetgroup", "LoadBalancer": "*"}
SERVICE: Final = {"ClusterName": "$cluster", "ServiceName": "$service"}
OF: Final = " of ${PROP('Dim.TargetGroup')}"


# -- What is drawn


@pytest.mark.parametrize(
    ("title", "unit", "rings", "namespace", "dimensions", "lines"),
    [
        (
            "Requests in a minute",
            "short",
            None,
            ALB,
            TARGETS,
            [("RequestCount", "Sum", f"requests{OF}")],
        ),
        (
            "Errors in a minute",
            "short",
            10,
            ALB,
            TARGETS,
            [
                ("HTTPCode_Target_5XX_Count", "Sum", f"5xx{OF}"),
                ("HTTPCode_Target_4XX_Count", "Sum", f"4xx{OF}"),
                ("TargetConnectionErrorCount", "Sum", f"failed connections{OF}"),
            ],
        ),
        (
            "Response time, in seconds",
            "s",
            1.0,
            ALB,
            TARGETS,
            [("TargetResponseTime", stat, f"{stat}{OF}") for stat in ("p50", "p95")],
        ),
        (
            "Errors of the load balancer itself in a minute",
            "short",
            10,
            ALB,
            {"LoadBalancer": "$loadbalancer"},
            [
                ("HTTPCode_ELB_5XX_Count", "Sum", "5xx"),
                ("RejectedConnectionCount", "Sum", "rejected connections"),
            ],
        ),
        (
            "Tasks",
            "short",
            None,
            "ECS/ContainerInsights",
            SERVICE,
            [
                ("RunningTaskCount", "Average", "running"),
                ("DesiredTaskCount", "Average", "desired"),
            ],
        ),
        *(
            (
                f"{title}, in percent",
                "percent",
                85,
                "AWS/ECS",
                SERVICE,
                [(metric, stat, stat.lower()) for stat in ("Average", "Maximum")],
            )
            for title, metric in (("CPU", "CPUUtilization"), ("Memory", "MemoryUtilization"))
        ),
    ],
)
def test_a_graph_asks_for_its_metrics(
    title: str,
    unit: str,
    rings: float | None,
    namespace: str,
    dimensions: dict[str, str],
    lines: list[tuple[str, str, str]],
) -> None:
    field, targets = GRAPHS[title]["fieldConfig"]["defaults"], GRAPHS[title]["targets"]
    steps = field.get("thresholds", {}).get("steps", [{"value": None}])

    assert (field["unit"], steps[-1]["value"]) == (unit, rings)
    assert [(one["metricName"], one["statistic"], one["label"]) for one in targets] == lines
    assert {one["namespace"] for one in targets} == {namespace}
    assert [one["dimensions"] for one in targets] == [dimensions] * len(targets)
    assert [one["refId"] for one in targets] == list("ABC")[: len(targets)]


def test_it_shows_what_the_dashboard_of_cloudwatch_shows() -> None:
    widgets = [one["properties"] for one in of_web()["DashboardBody"]["widgets"]]
    drawn = {
        one["title"]: [(row[0], row[1], row[-1]["stat"], one["period"]) for row in one["metrics"]]
        for one in widgets
    }

    assert list(GRAPHS) == list(drawn)
    assert {
        title: [
            (one["namespace"], one["metricName"], one["statistic"], int(one["period"]))
            for one in graph["targets"]
        ]
        for title, graph in GRAPHS.items()
    } == drawn


def test_graphs_stand_two_beside_each_other_below_headings() -> None:
    places = [(one["type"], *one["gridPos"].values()) for one in MADE["panels"]]

    assert places == [
        ("row", 0, 0, 24, 1),
        *(("timeseries", x, y, 12, 8) for y in (1, 9) for x in (0, 12)),
        ("row", 0, 17, 24, 1),
        *(("timeseries", x, y, 12, 8) for x, y in ((0, 18), (12, 18), (0, 26))),
    ]
    assert [one["id"] for one in MADE["panels"]] == list(range(1, len(places) + 1))


# -- What is chosen


def test_each_choice_depends_on_those_before_it() -> None:
    known: list[str] = []
    for name, choice in CHOICES.items():
        used = re.findall(r"\$\{?(\w+)", json.dumps(choice.get("query")))
        assert set(used) <= set(known), name
        known.append(name)

    assert known == [
        *("datasource", "region", "cluster", "service", "stack", "targetgroup", "loadbalancer")
    ]


def test_clusters_and_services_are_those_with_metrics() -> None:
    kinds = {
        "region": "$region",
        "queryType": "dimensionValues",
        "namespace": "AWS/ECS",
        "metricName": "CPUUtilization",
    }

    assert CHOICES["cluster"]["query"] == {
        **kinds,
        "refId": "cluster",
        "dimensionKey": "ClusterName",
        "dimensionFilters": {},
    }
    assert CHOICES["service"]["query"] == {
        **kinds,
        "refId": "service",
        "dimensionKey": "ServiceName",
        "dimensionFilters": {"ClusterName": "$cluster"},
    }


def test_a_service_brings_the_target_groups_and_the_balancer_of_its_stack() -> None:
    tags = {"aws:cloudformation:stack-name": ["$stack"]}

    for name in ("targetgroup", "loadbalancer"):
        assert CHOICES[name]["query"] == {
            "refId": name,
            "region": "$region",
            "queryType": "resourceARNs",
            "resourceType": f"elasticloadbalancing:{name}",
            "tags": tags,
        }
    assert CHOICES["targetgroup"]["multi"]  # blue/green has two
    assert CHOICES["targetgroup"]["includeAll"]
    assert CHOICES["stack"]["hide"] == schema.VariableHide.HIDE_VARIABLE


def chosen(name: str, found: str) -> dict[str, str] | None:
    """What Grafana makes of *found*: a regular expression in slashes, with its names for groups."""
    pattern = re.fullmatch("/(.*)/", CHOICES[name]["regex"])
    assert pattern is not None
    matched = re.search(pattern[1].replace("(?<", "(?P<"), found)
    return None if matched is None else matched.groupdict() or {"value": matched[1]}


ELB: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("stack", "hoge-prod-HogeService-1A2B3C4D5E6F", {"value": "hoge-prod"}),
        ("stack", "a-long-app-dev-WebService-X", {"value": "a-long-app-dev"}),
        ("stack", "made-elsewhere", None),
        (
            "targetgroup",
            f"{ELB}:targetgroup/hoge-p-HogeT-1A2B/0123456789abcdef",
            {
                "value": "targetgroup/hoge-p-HogeT-1A2B/0123456789abcdef",
                "text": "hoge-p-HogeT-1A2B",
            },
        ),
        (
            "loadbalancer",
            f"{ELB}:loadbalancer/app/hoge-p-HogeL-1A2B/fedcba9876543210",
            {"value": "app/hoge-p-HogeL-1A2B/fedcba9876543210", "text": "hoge-p-HogeL-1A2B"},
        ),
        ("loadbalancer", f"{ELB}:loadbalancer/net/hoge-p-HogeL-1A2B/fedcba9876543210", None),
    ],
)
def test_names_are_taken_out_of_what_aws_answers(
    name: str, found: str, expected: dict[str, str] | None
) -> None:
    assert chosen(name, found) == expected


def test_it_is_bound_to_no_data_source_and_no_installation() -> None:
    bound = {"type": "cloudwatch", "uid": "${datasource}"}
    sources = [
        *(one["datasource"] for one in GRAPHS.values()),
        *(target["datasource"] for one in GRAPHS.values() for target in one["targets"]),
        *(one["datasource"] for name, one in CHOICES.items() if name != "datasource"),
    ]

    assert sources == [bound] * len(sources)
    assert (MADE["id"], MADE["uid"]) == (None, "ecs-blocks-services")
    assert re.fullmatch(r"[\w-]{8,40}", MADE["uid"])
    assert MADE["editable"]


# -- Grafana's own types


def test_grafanas_own_types_hold_all_of_it() -> None:
    panels = decoded(MADE).panels or []
    queries = [
        query for one in panels if isinstance(one, schema.Panel) for query in one.targets or []
    ]

    assert faults(MADE) == []
    assert {type(query) for query in queries} == {CloudWatchMetricsQuery}


def first_graph(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["panels"][1]
    return found


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            lambda body: first_graph(body)["targets"][0].update(metricname="RequestCount"),
            ".panels[1].targets[0].metricname",
        ),
        (
            lambda body: first_graph(body)["targets"][0].update(period=60),
            ".panels[1].targets[0].period",
        ),
        (
            lambda body: first_graph(body)["gridPos"].update(w="half"),
            ".panels[1].grid_pos.w",
        ),
        (
            lambda body: first_graph(body)["options"]["tooltip"].update(mode="some"),
            ".panels[1].options.tooltip.mode",
        ),
        (lambda body: body.update(uuid="ecs"), ".uuid"),
        (
            lambda body: body["templating"]["list"][1].update(refresh="always"),
            ".templating.list_val[1].refresh",
        ),
    ],
)
def test_what_grafana_does_not_know_would_be_seen(
    spoil: Callable[[dict[str, Any]], None], expected: str
) -> None:
    body = copy.deepcopy(MADE)
    spoil(body)

    assert faults(body) == [expected]


# -- The command


def test_the_command_prints_it_the_same_every_time() -> None:
    first, second = (CliRunner().invoke(grafana, []) for _ in range(2))

    assert first.exit_code == 0
    assert json.loads(first.stdout) == MADE
    assert first.stdout == second.stdout
    assert first.stdout.endswith("}\n")
