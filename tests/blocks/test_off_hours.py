"""Other bounds by the clock, as environment.yaml says them."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import SameAs
from tests.blocks.standard import MADE_FROM, Standard

NIGHT = "cron(0 20 ? * MON-FRI *)"


class Web(eb.OffHours, eb.WebServiceEnvironment):
    """A web service."""


class Background(eb.OffHours, eb.FargateBackgroundServiceEnvironment):
    """A service without a balancer."""


class Network(eb.OffHours, eb.NetworkServiceEnvironment):
    """A service behind a network balancer."""


class Worker(eb.OffHours, eb.FargateQueueWorkerEnvironment):
    """A worker."""


def network(env: Network) -> eb.NetworkService:
    return eb.NetworkService.standard(
        env,
        port=5432,
        endpoints=(eb.NetworkEndpoint(listener=eb.Tcp(5432)),),
        ingress=(eb.Cidr("10.0.0.0/8"),),
    )


KINDS: list[Any] = [
    pytest.param(Web, lambda env: eb.WebService.standard(env, port=8080), id="web"),
    pytest.param(Background, eb.BackgroundService.standard, id="background"),
    pytest.param(Network, network, id="network"),
    pytest.param(Worker, eb.QueueWorker.standard, id="worker"),
]


@pytest.mark.parametrize(("kind", "block"), KINDS)
def test_every_service_that_scales_has_them(kind: Any, block: Any) -> None:
    made = Standard(kind, block)

    assert made.properties("WebScalableTarget")["ScheduledActions"] == [
        {
            "ScheduledActionName": name,
            "Schedule": {"Ref": when},
            "Timezone": {"Ref": "OffHoursTimeZone"},
            "ScalableTargetAction": {"MinCapacity": {"Ref": low}, "MaxCapacity": {"Ref": high}},
        }
        for name, when, low, high in (
            ("OffHours", "OffHoursBegin", "OffHoursMinCount", "OffHoursMaxCount"),
            ("WorkingHours", "OffHoursEnd", "ServiceDesiredCount", "ServiceMaxCount"),
        )
    ]
    assert made.unused == MADE_FROM


def test_an_environment_that_says_nothing_has_the_same_bounds_at_all_hours() -> None:
    fields = fields_of(Web)

    assert fields["off_hours_min_count"].spec.default == SameAs("service_desired_count")
    assert fields["off_hours_max_count"].spec.default == SameAs("service_max_count")


@pytest.mark.parametrize(("kind", "block"), [KINDS[0], KINDS[2]])
def test_who_is_switched_off_by_the_clock_is_not_down(kind: Any, block: Any) -> None:
    alarm = Standard(kind, block).properties("WebNoHealthyHostAlarm")
    metrics = {one["Id"]: one for one in alarm["Metrics"]}

    assert metrics["result"]["Expression"] == (
        "IF(FILL(desired, 0) > 0, IF(FILL(healthy, 0) < 1, 1, 0), 0)"
    )
    assert metrics["desired"]["MetricStat"]["Metric"]["MetricName"] == "DesiredTaskCount"
    assert metrics["desired"]["MetricStat"]["Metric"]["Namespace"] == "ECS/ContainerInsights"
    assert alarm["TreatMissingData"] == "notBreaching"


def test_who_is_not_is_down_where_nothing_is_heard() -> None:
    made = Standard(
        eb.WebServiceEnvironment, lambda env: eb.WebService.standard(env, port=8080)
    ).properties("WebNoHealthyHostAlarm")

    assert made["TreatMissingData"] == "breaching"
    assert len(made["Metrics"]) == 2


def problems(kind: type[eb.OffHours], **changed: Any) -> list[tuple[str, str]]:
    fields = fields_of(kind)
    values: dict[str, Any] = {name: field.token() for name, field in fields.items()}
    values |= {"image_repository_url": "a/b", "image_tag": ""}
    found = kind(app="web", images=("a/b",), values=values | changed).problems()
    return [(name, message) for name, message in found if name.startswith("off_hours")]


PROBLEMS: list[Any] = [
    (Web, {"off_hours_begin": NIGHT, "off_hours_end": "rate(1 day)"}, []),
    (Web, {"off_hours_min_count": 0, "off_hours_max_count": 0}, []),
    (Worker, {"off_hours_min_count": 0, "off_hours_max_count": 4}, []),
    (
        Web,
        {"off_hours_min_count": 0, "off_hours_max_count": 4},
        [
            (
                "off_hours_min_count",
                "0 stops a service only with an OffHoursMaxCount of 0 too; scaling cannot start it",
            )
        ],
    ),
    (
        Worker,
        {"off_hours_min_count": 3, "off_hours_max_count": 2},
        [("off_hours_max_count", "at most 2 tasks are fewer than the 3 of OffHoursMinCount")],
    ),
    (Web, {"off_hours_time_zone": "Asia/Tokyo"}, []),
    (
        Web,
        {"off_hours_time_zone": "Tokyo"},
        [("off_hours_time_zone", "there is no time zone Tokyo; did you mean Asia/Tokyo?")],
    ),
    (
        Web,
        {"off_hours_end": "cron(0 7 * * MON-FRI *)"},
        [
            (
                "off_hours_end",
                "cron(0 7 * * MON-FRI *): one of day of the month and day of the week has to be ?",
            )
        ],
    ),
]


@pytest.mark.parametrize(("kind", "changed", "expected"), PROBLEMS)
def test_what_does_not_go_together_is_told(
    kind: type[eb.OffHours], changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(kind, **changed) == expected
