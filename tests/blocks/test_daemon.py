"""A task on every instance.

Trap 6: a broken deployment is stopped and rolled back.
Trap 17: it takes no network interface of an instance.
Trap 37: it cannot be rebalanced, and says so.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import SUBNETS, TOPIC, VPC, fargate_task
from tests.blocks.standard import MADE_FROM, Standard


def made(**changed: Any) -> Standard[Any, Any]:
    return Standard(eb.DaemonEnvironment, lambda env: eb.Daemon.standard(env, **changed))


def test_the_logical_ids_are_a_contract() -> None:
    assert made().ids == [
        "WebLogGroup",
        "WebExecutionRole",
        "WebTaskRole",
        "WebTaskDefinition",
        "WebService",
        "WebCpuAlarm",
        "WebMemoryAlarm",
        "WebRunningBelowDesiredAlarm",
    ]


def test_every_parameter_of_the_environment_is_used() -> None:
    assert made().unused == MADE_FROM


def test_one_on_each_instance_the_old_one_first() -> None:
    found = made().properties("WebService")

    assert found == {
        "Cluster": {"Ref": "ClusterName"},
        "TaskDefinition": {"Ref": "WebTaskDefinition"},
        "SchedulingStrategy": "DAEMON",
        "LaunchType": "EC2",
        "LoadBalancers": [],
        "ServiceRegistries": [],
        "DeploymentConfiguration": {
            "MinimumHealthyPercent": 0,
            "MaximumPercent": 100,
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
            "Alarms": {"AlarmNames": [], "Enable": False, "Rollback": False},
        },
        "AvailabilityZoneRebalancing": "DISABLED",
        "EnableExecuteCommand": False,
        "ServiceConnectConfiguration": {"Enabled": False},
        "EnableECSManagedTags": True,
        "PropagateTags": "SERVICE",
    }


def test_a_strategy_which_ecs_refuses_for_a_daemon_is_not_inherited_from_the_cluster() -> None:
    found = made().properties("WebService")

    assert found["LaunchType"] == "EC2"
    assert "CapacityProviderStrategy" not in found


def test_trap_6_a_broken_deployment_is_stopped_and_rolled_back() -> None:
    breaker = made().properties("WebService")["DeploymentConfiguration"]

    assert breaker["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}


@pytest.mark.parametrize("mode", ["bridge", "host"])
def test_trap_17_it_uses_the_instance_s_own_network(mode: Any) -> None:
    found = made(network_mode=mode)

    assert found.properties("WebTaskDefinition")["NetworkMode"] == mode
    assert "NetworkConfiguration" not in found.properties("WebService")


def test_trap_37_it_is_not_rebalanced() -> None:
    assert made().properties("WebService")["AvailabilityZoneRebalancing"] == "DISABLED"


def test_what_it_watches_is_mounted_from_the_instance() -> None:
    logs = eb.HostVolume("logs", "/var/log/ecs")
    settings = eb.Container(mounts=(eb.Mount(logs, "/logs", read_only=True),))
    found = made(container=settings).properties("WebTaskDefinition")

    assert found["Volumes"] == [{"Name": "logs", "Host": {"SourcePath": "/var/log/ecs"}}]
    assert found["ContainerDefinitions"][0]["MountPoints"] == [
        {"SourceVolume": "logs", "ContainerPath": "/logs", "ReadOnly": True}
    ]


def test_what_it_tells_others() -> None:
    assert made().outputs == ["ServiceName", "TaskRoleArn", "LogGroupName"]


def test_there_is_none_on_fargate() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Daemon(cluster_name="main", task=fargate_task(), notify=eb.Notify(topic_arn=TOPIC))

    assert str(refused.value) == "a daemon runs on instances; its size is an eb.Ec2Size(...)"


def test_no_disk_is_made_for_it() -> None:
    mounts = (eb.Mount(eb.EbsVolume(name="cache", size_gib=10), "/cache"),)
    with pytest.raises(eb.BlockError) as refused:
        made(container=eb.Container(mounts=mounts))

    assert str(refused.value) == (
        "a daemon has no EbsVolume: ECS makes none for it; use a HostVolume"
    )


def test_every_property_is_reachable_through_the_handle() -> None:
    found = made()

    found.handle.service.resource.PlatformVersion = "x"

    assert found.properties("WebService")["PlatformVersion"] == "x"


def test_it_may_have_an_address_of_its_own() -> None:
    network = eb.TaskNetwork(
        vpc_id=VPC, subnet_ids=SUBNETS, ingress=(eb.Rule(8125, eb.Cidr("10.0.0.0/8")),)
    )
    found = made(network_mode=network)

    assert found.ids[4:6] == ["WebSecurityGroup", "WebService"]
    assert found.properties("WebTaskDefinition")["NetworkMode"] == "awsvpc"
    assert found.properties("WebService")["NetworkConfiguration"] == {
        "AwsvpcConfiguration": {
            "AssignPublicIp": "DISABLED",
            "Subnets": SUBNETS,
            "SecurityGroups": [{"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}],
        }
    }
