"""A web service as a whole, and the traps that only its parts together keep clear of.

Trap 1: how many tasks run is the scalable target's.
Trap 2: with the scheme, the balancer and the target group change together.
Trap 3: the service comes after the rule that feeds its target group.
Trap 39: one port from the balancer to the tasks, and out of the tasks what is named.
Trap 44: deletion protection, like all that differs between environments, is a parameter.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.web import IDS, on_fargate, on_instances


def test_trap_1_how_many_tasks_run_is_the_target_s() -> None:
    made = on_instances()
    target = made.properties("WebScalableTarget")

    assert "DesiredCount" not in made.properties("WebService")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (
        {"Ref": "ServiceDesiredCount"},
        {"Ref": "ServiceMaxCount"},
    )


def test_trap_2_another_scheme_is_another_target_group() -> None:
    changed = list(on_fargate(front=eb.Own(scheme="internal")).template["Resources"])

    assert set(changed) ^ set(IDS) == {"WebTargetGroup3FF6B5", "WebTargetGroup124886"}


def test_trap_3_the_service_comes_after_the_rule() -> None:
    service = on_fargate().template["Resources"]["WebService"]

    assert service["DependsOn"] == ["WebListenerRule"]


@pytest.mark.parametrize(
    ("scheme", "subnets", "peers"),
    [
        pytest.param(
            "internet-facing",
            {"Ref": "PublicSubnetIds"},
            ["0.0.0.0/0", "::/0"],
            id="for the world",
        ),
        pytest.param(
            "internal",
            {"Ref": "PrivateSubnetIds"},
            ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
            id="for the VPC",
        ),
    ],
)
def test_trap_39_the_balancer_is_open_to_whom_it_is_for(
    scheme: Any, subnets: object, peers: list[str]
) -> None:
    made = on_fargate(front=eb.Own(scheme=scheme))
    balancer = made.properties("WebLoadBalancer")
    rules = made.properties("WebLoadBalancerSecurityGroup")["SecurityGroupIngress"]

    assert (balancer["Scheme"], balancer["Subnets"]) == (scheme, subnets)
    assert [(rule["FromPort"], rule.get("CidrIp", rule.get("CidrIpv6"))) for rule in rules] == [
        (port, peer) for port in (443, 80) for peer in peers
    ]


def test_trap_39_only_the_balancer_reaches_the_tasks_and_by_their_port() -> None:
    made = on_fargate(port=9000)

    assert "SecurityGroupIngress" not in made.properties("WebSecurityGroup")
    assert made.properties("WebFromLoadBalancer") == {
        "GroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
        "Description": "port 9000 from the load balancer",
        "IpProtocol": "tcp",
        "FromPort": 9000,
        "ToPort": 9000,
        "SourceSecurityGroupId": {"Fn::GetAtt": ["WebLoadBalancerSecurityGroup", "GroupId"]},
    }


def test_trap_39_tasks_reach_https_and_what_is_named() -> None:
    database = eb.Rule(5432, eb.Group(eb.SecurityGroupId("sg-0a1b2c3d"), "the database"))

    found = on_fargate(egress=(database,)).properties("WebSecurityGroup")["SecurityGroupEgress"]

    assert [rule["FromPort"] for rule in found] == [443, 443, 5432]
    assert found[-1]["DestinationSecurityGroupId"] == "sg-0a1b2c3d"


@pytest.mark.parametrize(
    ("id_", "path", "key"),
    [
        (
            "WebTargetGroup3FF6B5",
            ("TargetGroupAttributes", 0, "Value"),
            "DeregistrationDelaySeconds",
        ),
        ("WebLoadBalancer", ("LoadBalancerAttributes", 0, "Value"), "DeletionProtection"),
        ("WebLoadBalancer", ("IpAddressType",), "LoadBalancerIpAddressType"),
        ("WebLogGroup", ("RetentionInDays",), "LogRetentionDays"),
        ("WebCpuAlarm", ("ActionsEnabled",), "AlarmsEnabled"),
        ("WebCpuAlarm", ("AlarmActions", 0), "AlarmTopicArn"),
        ("WebService", ("Cluster",), "ClusterName"),
        ("WebTaskDefinition", ("ContainerDefinitions", 0, "Image"), "Image"),
    ],
)
def test_trap_44_what_differs_between_environments_is_a_parameter(
    id_: str, path: tuple[str | int, ...], key: str
) -> None:
    found: Any = on_fargate().properties(id_)
    for step in path:
        found = found[step]

    assert found == {"Ref": key}
