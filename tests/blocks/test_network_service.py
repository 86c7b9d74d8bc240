"""A service behind a Network Load Balancer.

Trap 1: how many tasks run is the scalable target's.
Trap 3: the service comes after its listeners.
Trap 39: the balancer reaches the ports that it sends to and asks on, and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.templates.stack import encode
from tests.blocks.helpers import CERTIFICATE, REPOSITORY

KIND = eb.FargateNetworkServiceEnvironment
FIELDS = fields_of(KIND)
ENV = KIND(
    app="my-web",
    images=(REPOSITORY,),
    values={name: field.token() for name, field in FIELDS.items()},
)
ANYBODY = (eb.Cidr("0.0.0.0/0"),)
ONE = (eb.NetworkEndpoint(listener=eb.Tcp(5432)),)
HEALTH = eb.Answers(path="/health", port=8080)
TWO = (
    eb.NetworkEndpoint(listener=eb.Tls(port=443, certificate_arn=CERTIFICATE), check=HEALTH),
    eb.NetworkEndpoint(listener=eb.Tcp(9001), port=9001),
)


def template(**changed: Any) -> dict[str, Any]:
    stack = eb.Stack(ENV)
    arguments: dict[str, Any] = {"port": 5432, "endpoints": ONE, "ingress": ANYBODY}
    stack.add("Web", eb.NetworkService.standard(ENV, **arguments | changed))
    return encode(stack, FIELDS)


def resources(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = template(**changed)["Resources"]
    return found


def two() -> dict[str, Any]:
    ports = eb.Container(ports=(eb.Port(8080, "health"), eb.Port(9001, "other")))
    return resources(endpoints=TWO, container=ports)


def test_the_logical_ids_are_a_contract() -> None:
    assert list(resources()) == [
        "WebLogGroup",
        "WebExecutionRole",
        "WebTaskRole",
        "WebTaskDefinition",
        "WebSecurityGroup",
        "WebLoadBalancerSecurityGroup",
        "WebLoadBalancer",
        "WebFromLoadBalancer",
        "WebTargetGroupB25818",
        "WebListener5432",
        "WebRecordA",
        "WebRecordAaaa",
        "WebService",
        "WebScalableTarget",
        "WebCpuScaling",
        "WebMemoryScaling",
        "WebCpuAlarm",
        "WebMemoryAlarm",
        "WebRunningBelowDesiredAlarm",
        "WebUnhealthyHostsAlarm",
        "WebNoHealthyHostAlarm",
    ]


def test_trap_1_how_many_tasks_run_is_the_target_s() -> None:
    assert "DesiredCount" not in resources()["WebService"]["Properties"]


def test_trap_3_the_service_comes_after_its_listeners() -> None:
    assert two()["WebService"]["DependsOn"] == ["WebListener443", "WebListener9001"]


def test_each_port_has_a_target_group() -> None:
    found = two()["WebService"]["Properties"]["LoadBalancers"]

    assert [one["ContainerPort"] for one in found] == [5432, 9001]
    assert len({one["TargetGroupArn"]["Ref"] for one in found}) == 2


def test_trap_39_it_reaches_the_ports_that_it_sends_to_and_asks_on() -> None:
    found = two()
    group = found["WebLoadBalancerSecurityGroup"]["Properties"]
    into = [
        body["Properties"]["FromPort"]
        for name, body in found.items()
        if name.startswith("WebFromLoadBalancer")
    ]

    assert [rule["FromPort"] for rule in group["SecurityGroupIngress"]] == [443, 9001]
    assert [rule["FromPort"] for rule in group["SecurityGroupEgress"]] == [5432, 9001, 8080]
    assert into == [5432, 9001, 8080]


@pytest.mark.parametrize(
    ("scheme", "subnets"),
    [("internet-facing", "PublicSubnetIds"), ("internal", "PrivateSubnetIds")],
)
def test_where_the_balancer_is(scheme: Any, subnets: str) -> None:
    found = resources(scheme=scheme)["WebLoadBalancer"]["Properties"]

    assert (found["Scheme"], found["Subnets"]) == (scheme, {"Ref": subnets})


def test_its_alarms_are_those_of_a_network_load_balancer() -> None:
    found = resources()["WebUnhealthyHostsAlarm"]["Properties"]

    assert found["Namespace"] == "AWS/NetworkELB"
    assert found["Dimensions"] == [
        {
            "Name": "TargetGroup",
            "Value": {"Fn::GetAtt": ["WebTargetGroupB25818", "TargetGroupFullName"]},
        },
        {
            "Name": "LoadBalancer",
            "Value": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
        },
    ]


def test_others_look_its_address_up() -> None:
    assert template()["Outputs"]["Address"]["Value"] == {"Fn::Sub": "my-web.${HostedZoneName}:5432"}


REFUSED = [
    pytest.param(
        {"endpoints": ()}, "a network load balancer needs ports, each of them once", id="no port"
    ),
    pytest.param(
        {"endpoints": ONE * 2},
        "a network load balancer needs ports, each of them once",
        id="one port twice",
    ),
    pytest.param(
        {"endpoints": (*ONE, eb.NetworkEndpoint(listener=eb.Tcp(6432)))},
        "two endpoints go to one port of the task; give each one of its own",
        id="one port behind two",
    ),
    pytest.param({"ingress": ()}, "ingress names nobody who may connect", id="for nobody"),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        template(**changed)

    assert str(refused.value) == message
