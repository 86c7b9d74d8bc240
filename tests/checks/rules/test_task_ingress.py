"""EB418."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.task_ingress import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}
OURS = {"Fn::GetAtt": ["Group", "GroupId"]}


def tcp(low: Any, high: Any = None, **more: Any) -> dict[str, Any]:
    ports = {"FromPort": low, "ToPort": low if high is None else high}
    return {"IpProtocol": "tcp", "CidrIp": "10.0.0.0/8", **ports, **more}


def template(
    *ingress: Any, port: Any = 8080, groups: Any = (OURS,), protocol: Any = "HTTP", **others: Any
) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"SecurityGroups": list(groups)}}
    target = {"ContainerName": "app", "ContainerPort": port, "TargetGroupArn": {"Ref": "Targets"}}
    return {
        "Service": resource(
            "AWS::ECS::Service", NetworkConfiguration=network, LoadBalancers=[target]
        ),
        "Group": resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=list(ingress)),
        "Targets": resource("AWS::ElasticLoadBalancingV2::TargetGroup", Protocol=protocol),
        **others,
    }


def separate(group: Any) -> dict[str, Any]:
    return {"Rule": resource("AWS::EC2::SecurityGroupIngress", GroupId=group, **tcp(8080))}


def with_task(resources: dict[str, Any], mapped: Any) -> dict[str, Any]:
    resources["Service"]["Properties"]["TaskDefinition"] = {"Ref": "Task"}
    container = {"Name": "app", "PortMappings": [{"ContainerPort": mapped}]}
    return resources | {
        "Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=[container])
    }


PLACE = ["Service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"]
GOOD = [
    pytest.param(template(tcp(8080)), id="the port"),
    pytest.param(template(tcp("8000", "9000")), id="a range as text"),
    pytest.param(template(tcp(0, 65535)), id="all ports"),
    pytest.param(template({"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}), id="all protocols"),
    pytest.param(template(tcp(22), tcp(8080)), id="one of two"),
    pytest.param(template(tcp(8080, IpProtocol="6")), id="protocol by number"),
    pytest.param(template(tcp(8080, IpProtocol="udp"), protocol="UDP"), id="UDP"),
    pytest.param(template(**separate(OURS)), id="a rule of its own"),
    pytest.param(template(tcp(8080), groups=(OUTSIDE, OURS)), id="beside one of another stack"),
    pytest.param(template(OUTSIDE, tcp(8080)), id="beside a rule that is not known"),
    pytest.param(template(groups=()), id="no groups"),
    pytest.param(with_task(template(), 80), id="a port that the task lacks is EB404's matter"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no load balancer"),
]
BAD = [
    pytest.param(template(), PLACE, id="no rules"),
    pytest.param(template(tcp(80)), PLACE, id="another port"),
    pytest.param(with_task(template(tcp(80)), 8080), PLACE, id="a port that the task has"),
    pytest.param(template(tcp(8080, IpProtocol="udp")), PLACE, id="another protocol"),
    pytest.param(template(**separate("sg-1")), PLACE, id="a rule of another group"),
]
UNKNOWN = [
    pytest.param(template(tcp(80), groups=(OUTSIDE, OURS)), PLACE, id="one of another stack"),
    pytest.param(template(tcp(OUTSIDE)), PLACE, id="port of the rule"),
    pytest.param(template(OUTSIDE), PLACE, id="rule"),
    pytest.param(with_task(template(), OUTSIDE), ["Service.TaskDefinition"], id="port of the task"),
    pytest.param(
        template(port=OUTSIDE), ["Service.LoadBalancers.0.ContainerPort"], id="port of the tasks"
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
