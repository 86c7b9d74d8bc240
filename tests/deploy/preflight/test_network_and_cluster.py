"""VPC and subnets, and the ECS cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import cluster, network
from tests.deploy.preflight.scripted import DENIED
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

BALANCER = "ElasticLoadBalancingV2::LoadBalancer"
ARN = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default"


def subnet(name: str, zone: str = "a", free: int = 100, vpc: str = "vpc-1") -> dict[str, Any]:
    return {
        "SubnetId": name,
        "VpcId": vpc,
        "AvailabilityZone": f"ap-northeast-1{zone}",
        "AvailableIpAddressCount": free,
    }


TEMPLATE: dict[str, Any] = {
    "Group": ("EC2::SecurityGroup", {"VpcId": "vpc-1"}),
    "Balancer": (BALANCER, {"Subnets": ["s-1", "s-2"]}),
    "Service": (
        "ECS::Service",
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["s-3", {"Ref": "S"}]}}},
    ),
}
GOOD = [subnet("s-1"), subnet("s-2", "c"), subnet("s-3")]


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        (GOOD, []),
        (
            GOOD[1:],
            [
                "problem: s-1: there is no such subnet in this account and region; it is for "
                "Balancer"
            ],
        ),
        (
            [*GOOD[:2], subnet("s-3", vpc="vpc-2")],
            ["problem: s-3: it is in vpc-2, but Service in vpc-1"],
        ),
        ([*GOOD[:2], subnet("s-3", free=8)], []),
        (
            [*GOOD[:2], subnet("s-3", free=7)],
            ["warning: s-3: it has 7 free addresses left; it is for Service"],
        ),
        (
            [subnet("s-1"), subnet("s-2"), subnet("s-3")],
            ["problem: Balancer: all its subnets are in ap-northeast-1a; it needs two zones"],
        ),
    ],
)
def test_subnets_exist_belong_to_the_vpc_and_have_addresses(
    server: Scripted, subnets: list[Any], expected: list[str]
) -> None:
    server.on("ec2.DescribeVpcs", {"Vpcs": [{"VpcId": "vpc-1"}]})
    server.on("ec2.DescribeSubnets", {"Subnets": subnets})

    assert found(network.check, server.aws, subject(TEMPLATE)) == expected


def test_the_vpc_has_to_exist(server: Scripted) -> None:
    server.on("ec2.DescribeVpcs", {"Vpcs": []})
    server.on("ec2.DescribeSubnets", {"Subnets": GOOD})

    assert found(network.check, server.aws, subject(TEMPLATE)) == [
        "problem: vpc-1: there is no such VPC in this account and region"
    ]


def test_what_may_not_be_read_of_the_network_is_told(server: Scripted) -> None:
    assert found(network.check, server.aws, subject(TEMPLATE)) == [
        "skipped: vpc-1: not checked: the permission ec2:DescribeVpcs is missing",
        "skipped: subnets: not checked: the permission ec2:DescribeSubnets is missing",
    ]


def test_instances_and_mapped_balancers_have_subnets_too(server: Scripted) -> None:
    server.on("ec2.DescribeSubnets", {"Subnets": []})
    of = subject(
        {
            "Balancer": (BALANCER, {"Type": "network", "SubnetMappings": [{"SubnetId": "s-1"}]}),
            "Instances": ("AutoScaling::AutoScalingGroup", {"VPCZoneIdentifier": ["s-1", "s-2"]}),
        }
    )

    assert found(network.check, server.aws, of) == [
        "problem: s-1: there is no such subnet in this account and region; it is for Balancer, "
        "Instances",
        "problem: s-2: there is no such subnet in this account and region; it is for Instances",
    ]


def test_a_template_without_a_network_asks_nothing(server: Scripted) -> None:
    assert found(network.check, server.aws, subject({"Group": ("Logs::LogGroup", {})})) == []
    assert server.asked == []


def clusters(**more: Any) -> dict[str, Any]:
    one = {"clusterName": "default", "clusterArn": ARN, "status": "ACTIVE", **more}
    return {"clusters": [one], "failures": []}


def service(**properties: Any) -> dict[str, Any]:
    return {"Service": ("ECS::Service", {"Cluster": "default", **properties})}


def strategy(*names: object) -> dict[str, Any]:
    return {"CapacityProviderStrategy": [{"CapacityProvider": name} for name in names]}


ACTIVE = "fact: cluster default: ACTIVE"
ABSENT = "problem: cluster default: there is no such cluster; it is for Service"


@pytest.mark.parametrize(
    ("properties", "answer", "expected"),
    [
        ({}, clusters(), [ACTIVE]),
        ({}, clusters(runningTasksCount=4), [f"{ACTIVE}, 4 tasks run on it"]),
        ({}, clusters(runningTasksCount=1), [f"{ACTIVE}, 1 task runs on it"]),
        ({"Cluster": ARN}, clusters(), [f"fact: cluster {ARN}: ACTIVE"]),
        (
            {},
            {"clusters": [], "failures": [{"arn": ARN, "reason": "MISSING"}]},
            [ABSENT],
        ),
        ({}, clusters(status="INACTIVE"), [ABSENT]),
        (
            {},
            clusters(status="PROVISIONING"),
            ["problem: cluster default: the cluster is PROVISIONING, not ACTIVE"],
        ),
        (
            strategy("FARGATE", "FARGATE_SPOT"),
            clusters(capacityProviders=["FARGATE", "FARGATE_SPOT"]),
            [ACTIVE],
        ),
        (
            strategy("FARGATE", "FARGATE_SPOT", {"Ref": "Own"}),
            clusters(capacityProviders=["FARGATE", "ec2"]),
            [
                "problem: Service: its capacity provider FARGATE_SPOT is not one of the cluster "
                "default, which has FARGATE, ec2",
                ACTIVE,
            ],
        ),
        (
            strategy("FARGATE"),
            clusters(),
            [
                "problem: Service: its capacity provider FARGATE is not one of the cluster "
                "default, which has none",
                ACTIVE,
            ],
        ),
        (
            {},
            clusters(registeredContainerInstancesCount=0),
            [
                "warning: Service: the cluster default has no instance and no default capacity "
                "provider: no task would find a place",
                ACTIVE,
            ],
        ),
        ({"LaunchType": "FARGATE"}, clusters(registeredContainerInstancesCount=0), [ACTIVE]),
        (
            {},
            clusters(
                registeredContainerInstancesCount=0,
                defaultCapacityProviderStrategy=[{"capacityProvider": "ec2"}],
            ),
            [ACTIVE],
        ),
        (
            {},
            DENIED,
            [
                "skipped: cluster default: not checked: the permission ecs:DescribeClusters is "
                "missing"
            ],
        ),
    ],
)
def test_the_cluster_is_active_and_has_what_the_service_asks_for(
    server: Scripted, properties: Any, answer: Any, expected: list[str]
) -> None:
    server.on("ecs.DescribeClusters", answer)

    assert found(cluster.check, server.aws, subject(service(**properties))) == expected


def test_a_missing_cluster_says_what_to_type(server: Scripted) -> None:
    server.on("ecs.DescribeClusters", {"clusters": []})
    [finding] = cluster.check(server.aws, subject(service()))

    assert finding.hint == (
        "deploy the stack that makes it first, say: ecs-blocks deploy cluster --env prod"
    )


def test_a_cluster_of_the_template_itself_is_not_asked_for(server: Scripted) -> None:
    own = {"Cluster": ("ECS::Cluster", {"ClusterName": "default"})}
    of = subject({**own, **service(), "Other": ("ECS::Service", {"Cluster": {"Ref": "Cluster"}})})

    assert found(cluster.check, server.aws, of) == []
    assert server.asked == []
