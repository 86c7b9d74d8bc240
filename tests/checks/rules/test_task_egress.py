"""EB419."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.task_egress import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}
OURS = {"Fn::GetAtt": ["Group", "GroupId"]}
FARGATE = {"LaunchType": "FARGATE"}


def tcp(port: Any, **more: Any) -> dict[str, Any]:
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}
    return rule | more


def template(
    *egress: Any, groups: Any = (OURS,), on: Any = None, compatible: Any = (), **others: Any
) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"SecurityGroups": list(groups)}}
    return {
        "Service": resource(
            "AWS::ECS::Service",
            NetworkConfiguration=network,
            **({"TaskDefinition": {"Ref": "Task"}} | (FARGATE if on is None else on)),
        ),
        "Task": resource("AWS::ECS::TaskDefinition", RequiresCompatibilities=list(compatible)),
        "Provider": resource("AWS::ECS::CapacityProvider"),
        "Group": resource("AWS::EC2::SecurityGroup", SecurityGroupEgress=list(egress)),
        **others,
    }


def provided_by(*providers: Any) -> dict[str, Any]:
    return {"CapacityProviderStrategy": [{"CapacityProvider": one} for one in providers]}


def separate(port: int) -> dict[str, Any]:
    return {"Rule": resource("AWS::EC2::SecurityGroupEgress", GroupId=OURS, **tcp(port))}


PLACE = ["Service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"]
DATABASE = tcp(5432)
GOOD = [
    pytest.param(template(), id="no rules let all out"),
    pytest.param(template(tcp(443)), id="HTTPS"),
    pytest.param(template(DATABASE, tcp(443)), id="HTTPS among others"),
    pytest.param(
        template(
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "DestinationPrefixListId": 1}
        ),
        id="to a prefix list",
    ),
    pytest.param(template({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}), id="everything"),
    pytest.param(template(DATABASE, **separate(443)), id="a rule of its own"),
    pytest.param(template(DATABASE, groups=()), id="no groups"),
    pytest.param(template(DATABASE, on={"LaunchType": "EC2"}), id="EC2"),
    pytest.param(template(DATABASE, on=provided_by({"Ref": "Provider"})), id="own provider"),
    pytest.param(template(DATABASE, on={}, compatible=("EC2", "FARGATE")), id="either"),
    pytest.param(
        template(
            DATABASE, groups=(OURS, {"Ref": "Open"}), Open=resource("AWS::EC2::SecurityGroup")
        ),
        id="a second group without rules",
    ),
]
BAD = [
    pytest.param(template(DATABASE), PLACE, id="the database only"),
    pytest.param(template(tcp(443, IpProtocol="udp")), PLACE, id="UDP"),
    pytest.param(template(**separate(5432)), PLACE, id="a rule of its own ends what is open"),
    pytest.param(
        template(DATABASE, on=provided_by("FARGATE", "FARGATE_SPOT")), PLACE, id="providers"
    ),
    pytest.param(template(DATABASE, on={}, compatible=("FARGATE",)), PLACE, id="by the task"),
]
UNKNOWN = [
    pytest.param(template(DATABASE, groups=(OURS, OUTSIDE)), PLACE, id="a group of another stack"),
    pytest.param(template(tcp(OUTSIDE)), PLACE, id="port"),
    pytest.param(
        template(DATABASE, on=provided_by(OUTSIDE)),
        ["Service.CapacityProviderStrategy.0.CapacityProvider"],
        id="provider",
    ),
    pytest.param(
        template(DATABASE, on={"TaskDefinition": "web:1"}), ["Service.TaskDefinition"], id="task"
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
