"""Target groups.

Trap 2: a group of a fixed name cannot be replaced, and one that stays cannot move to a second
load balancer; what replaces it is in its logical id, so that a new one stands beside the old.
Trap 9: what is left out stays as it was; an algorithm or a slow start is undone by saying so.
Trap 26: 300 seconds make each deploy slow, 0 cuts requests off.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, VPC, built, resources

GROUP = set(eb.TargetGroup.__struct_fields__)


def group(**changed: Any) -> eb.TargetGroup:
    """A group; *changed* are its arguments, or those of its options."""
    arguments: dict[str, Any] = {"vpc_id": VPC, "port": 8080}
    own = {name: changed.pop(name) for name in list(changed) if name in GROUP}
    return eb.TargetGroup(**arguments | own, options=eb.TargetOptions(**changed))


def properties(**changed: Any) -> dict[str, Any]:
    [found] = resources(group(**changed)).values()
    body: dict[str, Any] = found["Properties"]
    return body


def attributes(**changed: Any) -> dict[str, Any]:
    return {one["Key"]: one["Value"] for one in properties(**changed)["TargetGroupAttributes"]}


def test_a_target_group_of_literals() -> None:
    assert resources(group()) == {
        "WebTargetGroup3FF6B5": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "VpcId": VPC,
                "TargetType": "ip",
                "Protocol": "HTTP",
                "ProtocolVersion": "HTTP1",
                "Port": 8080,
                "HealthCheckProtocol": "HTTP",
                "HealthCheckPort": "traffic-port",
                "HealthCheckPath": "/",
                "HealthCheckIntervalSeconds": 15,
                "HealthCheckTimeoutSeconds": 5,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 3,
                "Matcher": {"HttpCode": "200-299"},
                "TargetGroupAttributes": [
                    {"Key": "deregistration_delay.timeout_seconds", "Value": "60"},
                    {"Key": "stickiness.enabled", "Value": "false"},
                ],
            },
        }
    }


def test_a_target_group_of_tokens() -> None:
    arguments: dict[str, Any] = {
        "vpc_id": TOKENS.vpc_id,
        "deregistration_delay_s": TOKENS.number,
    }

    assert properties(**arguments)["VpcId"] == {"Ref": "VpcId"}
    assert attributes(**arguments)["deregistration_delay.timeout_seconds"] == {"Ref": "Number"}


IDS = [
    pytest.param({}, "WebTargetGroup3FF6B5", id="as it is"),
    pytest.param({"balancer": "internal"}, "WebTargetGroup124886", id="another scheme"),
    pytest.param({"port": 9000}, "WebTargetGroupFBF775", id="another port"),
    pytest.param({"protocol_version": "HTTP2"}, "WebTargetGroup7AD818", id="HTTP/2"),
    pytest.param({"protocol_version": "GRPC"}, "WebTargetGroup421492", id="gRPC"),
]


@pytest.mark.parametrize(("changed", "id_"), IDS)
def test_trap_2_what_replaces_the_group_gives_it_another_id(
    changed: dict[str, Any], id_: str
) -> None:
    assert built(group(**changed)).ids == [id_]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"health_check_path": "/health"}, id="health check path"),
        pytest.param({"health_check_interval_s": 30}, id="health check interval"),
        pytest.param({"deregistration_delay_s": 30}, id="deregistration delay"),
        pytest.param({"vpc_id": TOKENS.vpc_id}, id="VPC, which no literal can tell"),
    ],
)
def test_trap_2_what_does_not_replace_the_group_leaves_its_id(changed: dict[str, Any]) -> None:
    assert built(group(**changed)).ids == ["WebTargetGroup3FF6B5"]


def test_trap_2_the_group_has_no_name_that_a_second_one_could_collide_with() -> None:
    assert "Name" not in properties()


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        pytest.param({}, "60", id="default"),
        pytest.param({"deregistration_delay_s": 30}, "30", id="30 seconds"),
        pytest.param({"deregistration_delay_s": 0}, "0", id="at once, if somebody asks for it"),
    ],
)
def test_trap_26_a_leaving_task_gets_a_minute_unless_another_time_is_asked_for(
    asked: dict[str, Any], written: str
) -> None:
    assert attributes(**asked)["deregistration_delay.timeout_seconds"] == written


@pytest.mark.parametrize(
    ("version", "matcher"),
    [
        ("HTTP1", {"HttpCode": "200-299"}),
        ("HTTP2", {"HttpCode": "200-299"}),
        ("GRPC", {"GrpcCode": "0"}),
    ],
)
def test_a_grpc_service_answers_with_a_status_of_grpc(
    version: str, matcher: dict[str, str]
) -> None:
    assert properties(protocol_version=version)["Matcher"] == matcher


@pytest.mark.parametrize("interval", [6, 15, 300])
def test_an_interval_that_elb_takes(interval: int) -> None:
    found = properties(health_check_interval_s=interval)

    assert found["HealthCheckIntervalSeconds"] == interval


@pytest.mark.parametrize("interval", [0, 5, 301])
def test_an_interval_that_elb_refuses(interval: int) -> None:
    with pytest.raises(eb.BlockError) as refused:
        group(health_check_interval_s=interval)

    assert str(refused.value) == f"health_check_interval_s is {interval}; allowed: 6 to 300"


def test_trap_9_what_was_said_once_is_undone_by_saying_so() -> None:
    never = attributes()
    undone = attributes(algorithm="round_robin", slow_start_s=0)

    assert set(undone) - set(never) == {
        "load_balancing.algorithm.type",
        "slow_start.duration_seconds",
    }
    assert undone["load_balancing.algorithm.type"] == "round_robin"
    assert undone["slow_start.duration_seconds"] == "0"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        pytest.param(
            {"algorithm": "least_outstanding_requests"},
            {"load_balancing.algorithm.type": "least_outstanding_requests"},
            id="algorithm",
        ),
        pytest.param({"slow_start_s": 120}, {"slow_start.duration_seconds": "120"}, id="slow"),
        pytest.param(
            {"stickiness": eb.BalancerCookie(duration_s=3600)},
            {
                "stickiness.enabled": "true",
                "stickiness.type": "lb_cookie",
                "stickiness.lb_cookie.duration_seconds": "3600",
            },
            id="a cookie of the balancer's",
        ),
        pytest.param(
            {"stickiness": eb.ApplicationCookie(name="JSESSIONID")},
            {
                "stickiness.enabled": "true",
                "stickiness.type": "app_cookie",
                "stickiness.app_cookie.cookie_name": "JSESSIONID",
                "stickiness.app_cookie.duration_seconds": "86400",
            },
            id="a cookie of the application's",
        ),
    ],
)
def test_how_a_task_is_chosen(asked: dict[str, Any], written: dict[str, str]) -> None:
    found = attributes(**asked)

    assert {key: found[key] for key in written} == written
    assert properties(**asked).keys() == properties().keys()


def test_how_often_and_for_what_it_asks() -> None:
    found = properties(
        health_check_interval_s=30,
        health_check_timeout_s=10,
        healthy_count=3,
        unhealthy_count=5,
        healthy_codes="200,204",
    )

    assert {
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 10,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 5,
        "Matcher": {"HttpCode": "200,204"},
    }.items() <= found.items()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        pytest.param("/", "/grpc.health.v1.Health/Check", id="gRPC's own by default"),
        pytest.param("/shop.Health/Check", "/shop.Health/Check", id="the service's own"),
    ],
)
def test_a_grpc_service_is_asked_by_a_method(path: str, asked: str) -> None:
    found = properties(protocol_version="GRPC", health_check_path=path)

    assert found["HealthCheckPath"] == asked


REFUSED = [
    pytest.param(
        {"protocol_version": "GRPC", "health_check_path": "/health"},
        "health_check_path '/health' is no method; with GRPC it is one, like "
        "/grpc.health.v1.Health/Check",
        id="a path for gRPC",
    ),
    pytest.param(
        {"deregistration_delay_s": 3601},
        "deregistration_delay_s is 3601; allowed: 0 to 3600",
        id="a long goodbye",
    ),
    pytest.param(
        {"health_check_timeout_s": 15},
        "health_check_interval_s is 15; allowed: 16 to 300",
        id="as long as the interval",
    ),
    pytest.param(
        {"health_check_timeout_s": 1},
        "health_check_timeout_s is 1; allowed: 2 to 120",
        id="no time",
    ),
    pytest.param({"healthy_count": 1}, "healthy_count is 1; allowed: 2 to 10", id="healthy"),
    pytest.param({"unhealthy_count": 11}, "unhealthy_count is 11; allowed: 2 to 10", id="un"),
    pytest.param(
        {"slow_start_s": 20}, "slow_start_s is 20; allowed: 0, or 30 to 900", id="hardly slow"
    ),
    pytest.param(
        {"slow_start_s": 60, "algorithm": "weighted_random"},
        "slow_start_s works with round_robin, not with weighted_random",
        id="slow and weighted",
    ),
]


@pytest.mark.parametrize(("asked", "message"), REFUSED)
def test_what_elb_refuses_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        group(**asked)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("cookie", "message"),
    [
        pytest.param(
            lambda: eb.ApplicationCookie(name="AWSALBX"),
            "'AWSALBX' cannot be the application's cookie: AWSALB… is ELB's",
            id="ELB's",
        ),
        pytest.param(
            lambda: eb.BalancerCookie(duration_s=0),
            "duration_s is 0; allowed: 1 to 604800",
            id="for no time",
        ),
    ],
)
def test_a_cookie_that_elb_refuses(cookie: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        cookie()

    assert str(refused.value) == message


def test_a_path_begins_with_a_slash() -> None:
    with pytest.raises(eb.BlockError) as refused:
        group(health_check_path="health")

    assert str(refused.value) == "health_check_path 'health' begins with no slash"


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(group())

    made.handle.HealthyThresholdCount = 5

    assert made.resources["WebTargetGroup3FF6B5"]["Properties"]["HealthyThresholdCount"] == 5
