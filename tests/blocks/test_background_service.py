"""A service without a load balancer.

Trap 25: without a balancer there is no grace period.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import SUBNETS, TOPIC, VPC, Built, fargate_task, new_stack
from tests.blocks.standard import MADE_FROM, Standard

IDS = [
    "WebLogGroup",
    "WebExecutionRole",
    "WebTaskRole",
    "WebTaskDefinition",
    "WebSecurityGroup",
    "WebService",
    "WebScalableTarget",
    "WebCpuScaling",
    "WebMemoryScaling",
    "WebCpuAlarm",
    "WebMemoryAlarm",
    "WebRunningBelowDesiredAlarm",
]
KINDS = [
    pytest.param(eb.BackgroundServiceEnvironment, id="on instances"),
    pytest.param(eb.FargateBackgroundServiceEnvironment, id="on Fargate"),
]


def made(kind: Any = eb.FargateBackgroundServiceEnvironment, **changed: Any) -> Standard[Any, Any]:
    return Standard(kind, lambda env: eb.BackgroundService.standard(env, **changed))


@pytest.mark.parametrize("kind", KINDS)
def test_the_logical_ids_are_a_contract(kind: Any) -> None:
    assert made(kind).ids == IDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_the_environment_is_used(kind: Any) -> None:
    assert made(kind).unused == MADE_FROM


def test_a_worker_offers_nothing_and_lets_nobody_in() -> None:
    found = made()
    [container] = found.properties("WebTaskDefinition")["ContainerDefinitions"]

    assert "PortMappings" not in container
    assert "SecurityGroupIngress" not in found.properties("WebSecurityGroup")
    assert found.properties("WebService")["ServiceConnectConfiguration"] == {"Enabled": False}


def test_its_clients_may_vary_by_environment() -> None:
    standard = Standard(
        eb.BackgroundServiceEnvironment,
        lambda env: eb.BackgroundService.standard(
            env, port=8080, clients=(eb.Cidr(env.cluster_name),)
        ),
    )
    [rule] = standard.properties("WebSecurityGroup")["SecurityGroupIngress"]

    assert rule["CidrIp"] == {"Ref": "ClusterName"}


def test_trap_25_there_is_no_grace_period_where_nobody_asks() -> None:
    assert "HealthCheckGracePeriodSeconds" not in made().properties("WebService")


def test_clients_are_let_in_on_the_port_and_nobody_else() -> None:
    shop = eb.SecurityGroupId("sg-0a1b2c3d")
    clients = (eb.Group(shop, "the shop"), eb.Cidr("10.0.0.0/8"))
    stack = new_stack()
    service = eb.BackgroundService(
        cluster_name="main",
        task=fargate_task(),
        network=eb.TaskNetwork(
            vpc_id=VPC,
            subnet_ids=SUBNETS,
            ingress=tuple(eb.Rule(8080, one) for one in clients),
        ),
        scaling=eb.UtilizationTargets(min_count=1, max_count=2),
        notify=eb.Notify(topic_arn=TOPIC),
    )
    group = Built(stack, stack.add("Web", service)).resources["WebSecurityGroup"]["Properties"]

    assert group["SecurityGroupIngress"] == [
        {
            "Description": "port 8080 from the shop",
            "IpProtocol": "tcp",
            "FromPort": 8080,
            "ToPort": 8080,
            "SourceSecurityGroupId": "sg-0a1b2c3d",
        },
        {
            "Description": "port 8080 from 10.0.0.0/8",
            "IpProtocol": "tcp",
            "FromPort": 8080,
            "ToPort": 8080,
            "CidrIp": "10.0.0.0/8",
        },
    ]


@pytest.mark.parametrize("port", [9000, eb.Port(9000, app_protocol="http")])
def test_clients_of_a_standard_service_come_to_its_port(port: Any) -> None:
    found = made(port=port, clients=(eb.Cidr("10.0.0.0/8"),)).properties("WebSecurityGroup")

    assert [one["FromPort"] for one in found["SecurityGroupIngress"]] == [9000]


def test_clients_without_a_port_are_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(clients=(eb.Cidr("10.0.0.0/8"),))

    assert str(refused.value) == "there are clients, and no port for them; say port=8080"


def test_what_tasks_may_connect_to_comes_beside_https() -> None:
    found = made(egress=(eb.Rule(5432, eb.Cidr("10.1.0.0/16")),)).properties("WebSecurityGroup")

    assert [one["FromPort"] for one in found["SecurityGroupEgress"]] == [443, 443, 5432]


def test_it_is_found_by_service_connect() -> None:
    server = eb.ServiceConnectServer(namespace_arn="arn:aws:x", discovery_name="web")
    found = made(port=8080, discovery=server).properties("WebService")

    assert found["ServiceConnectConfiguration"]["Services"][0]["DiscoveryName"] == "web"
    assert found["ServiceRegistries"] == []


def test_it_is_found_by_cloud_map() -> None:
    found = made(port=8080, discovery=eb.CloudMapName(namespace_id="ns-1", name="web"))

    assert found.ids == [*IDS[:5], "WebDiscoveryService", *IDS[5:]]
    assert found.properties("WebService")["ServiceRegistries"] == [
        {"RegistryArn": {"Fn::GetAtt": ["WebDiscoveryService", "Arn"]}}
    ]


def test_what_it_tells_others() -> None:
    assert made().outputs == ["ServiceName", "SecurityGroupId", "TaskRoleArn", "LogGroupName"]


def test_settings_of_the_container_and_those_beside_it_are_handed_on() -> None:
    sidecar = eb.Sidecar(name="proxy", image="proxy:1", memory_mib=64)
    found = made(container=eb.Container(command=("serve",)), sidecars=(sidecar,))
    app, proxy = found.properties("WebTaskDefinition")["ContainerDefinitions"]

    assert (app["Command"], proxy["Name"]) == (["serve"], "proxy")


def test_an_alarm_can_fail_its_deployment() -> None:
    stack = new_stack()
    service = eb.BackgroundService(
        cluster_name="main",
        task=fargate_task(port=None),
        network=eb.TaskNetwork(vpc_id=VPC, subnet_ids=SUBNETS),
        scaling=eb.UtilizationTargets(min_count=1, max_count=2),
        notify=eb.Notify(topic_arn=TOPIC),
        deployment=eb.Rolling(alarms=("Memory",)),
    )
    found = Built(stack, stack.add("Web", service)).resources["WebService"]["Properties"]

    assert found["DeploymentConfiguration"]["Alarms"] == {
        "AlarmNames": [{"Fn::Sub": "${AWS::StackName}-memory"}],
        "Enable": True,
        "Rollback": True,
    }


def test_the_handle_is_a_peer_and_every_part_of_it_is_reachable() -> None:
    found = made()
    found.handle.service.resource.EnableExecuteCommand = True
    found.handle.scaling.target.MinCapacity = 7

    assert found.handle.group.id.to_dict() == {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}
    assert found.handle.registry is None
    assert found.properties("WebService")["EnableExecuteCommand"] is True
    assert found.properties("WebScalableTarget")["MinCapacity"] == 7
