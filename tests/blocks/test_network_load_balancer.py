"""Network Load Balancers, their listeners and their target groups.

Trap 2: no names, and what replaces a target group is in its id.
Trap 26: connections of a task that leaves are closed, after a minute.
Trap 39: open on the listeners' ports to who is named, and on to the tasks alone.
Trap 44: whether it can be deleted is a value.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.balancer_options import SSL_POLICY
from tests.blocks.helpers import (
    CERTIFICATE,
    SUBNETS,
    TOKENS,
    VPC,
    Built,
    built,
    new_stack,
    resources,
)

TASKS = eb.Group(eb.SecurityGroupId("sg-0a1b2c3d"), "the tasks")


def balancer(**changed: Any) -> eb.NetworkLoadBalancer:
    arguments: dict[str, Any] = {
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "ports": (5432,),
        "ingress": (eb.Cidr("203.0.113.0/24"),),
        "egress": (eb.Rule(5432, TASKS),),
    }
    return eb.NetworkLoadBalancer(**arguments | changed)


def target_group(**changed: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {"vpc_id": VPC, "port": 5432}
    return resources(eb.NetworkTargetGroup(**arguments | changed))


def listener(kind: eb.Tcp | eb.Tls) -> dict[str, Any]:
    stack = new_stack()
    made = stack.add("Web", balancer())
    group = stack.add("Web", eb.NetworkTargetGroup(vpc_id=VPC, port=5432))
    stack.add("Web", eb.NetworkListener(balancer=made, listener=kind, target_group=group))
    return Built(stack, None).resources


def test_a_balancer_of_literals() -> None:
    found = resources(balancer())

    assert found["WebLoadBalancer"]["Properties"] == {
        "Type": "network",
        "Scheme": "internet-facing",
        "IpAddressType": "ipv4",
        "Subnets": SUBNETS,
        "SecurityGroups": [{"Fn::GetAtt": ["WebLoadBalancerSecurityGroup", "GroupId"]}],
        "LoadBalancerAttributes": [
            {"Key": "deletion_protection.enabled", "Value": "true"},
            {"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
            {"Key": "access_logs.s3.enabled", "Value": "false"},
        ],
    }


def test_trap_39_it_is_open_on_its_ports_to_who_is_named() -> None:
    group = resources(balancer(ports=(5432, 6432)))["WebLoadBalancerSecurityGroup"]["Properties"]

    assert [(r["FromPort"], r["CidrIp"]) for r in group["SecurityGroupIngress"]] == [
        (5432, "203.0.113.0/24"),
        (6432, "203.0.113.0/24"),
    ]
    assert [
        (r["FromPort"], r["DestinationSecurityGroupId"]) for r in group["SecurityGroupEgress"]
    ] == [(5432, "sg-0a1b2c3d")]


def test_trap_44_deletion_protection_is_a_value() -> None:
    found = resources(balancer(deletion_protection=TOKENS.flag))["WebLoadBalancer"]["Properties"]

    assert found["LoadBalancerAttributes"][0]["Value"] == {"Ref": "Flag"}


def test_a_tcp_listener_hands_connections_on() -> None:
    assert listener(eb.Tcp(5432))["WebListener5432"] == {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "WebLoadBalancer"},
            "Port": 5432,
            "Protocol": "TCP",
            "DefaultActions": [
                {"Type": "forward", "TargetGroupArn": {"Ref": "WebTargetGroupB25818"}}
            ],
        },
    }


def test_a_tls_listener_ends_tls() -> None:
    kind = eb.Tls(port=443, certificate_arn=CERTIFICATE, certificates=(TOKENS.certificate_arn,))
    found = listener(kind)

    assert {
        "Port": 443,
        "Protocol": "TLS",
        "SslPolicy": SSL_POLICY,
        "Certificates": [{"CertificateArn": CERTIFICATE}],
        "AlpnPolicy": ["None"],
    }.items() <= found["WebListener443"]["Properties"].items()
    assert found["WebPort443ListenerCertificate"]["Properties"] == {
        "ListenerArn": {"Ref": "WebListener443"},
        "Certificates": [{"CertificateArn": {"Ref": "CertificateArn"}}],
    }


def test_a_target_group_of_literals() -> None:
    assert target_group() == {
        "WebTargetGroupB25818": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "VpcId": VPC,
                "TargetType": "ip",
                "Protocol": "TCP",
                "Port": 5432,
                "HealthCheckProtocol": "TCP",
                "HealthCheckPort": "traffic-port",
                "HealthCheckIntervalSeconds": 15,
                "HealthCheckTimeoutSeconds": 5,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 3,
                "TargetGroupAttributes": [
                    {"Key": "deregistration_delay.timeout_seconds", "Value": "60"},
                    {"Key": "deregistration_delay.connection_termination.enabled", "Value": "true"},
                    {"Key": "preserve_client_ip.enabled", "Value": "false"},
                    {"Key": "stickiness.enabled", "Value": "false"},
                ],
            },
        }
    }


@pytest.mark.parametrize("changed", [{"port": 6432}, {"balancer": "internal"}])
def test_trap_2_what_replaces_the_group_gives_it_another_id(changed: dict[str, Any]) -> None:
    assert not set(target_group(**changed)) & set(target_group())


def test_trap_2_it_never_has_the_id_of_a_group_for_http() -> None:
    http = resources(eb.TargetGroup(vpc_id=VPC, port=5432))

    assert not set(http) & set(target_group())


def test_trap_26_connections_of_a_leaving_task_are_closed() -> None:
    [body] = target_group(deregistration_delay_s=300).values()
    found = {one["Key"]: one["Value"] for one in body["Properties"]["TargetGroupAttributes"]}

    assert found["deregistration_delay.timeout_seconds"] == "300"
    assert found["deregistration_delay.connection_termination.enabled"] == "true"


def test_a_task_may_be_asked_by_http() -> None:
    [body] = target_group(check=eb.Answers(path="/health", port=8080)).values()

    assert {
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "8080",
        "HealthCheckPath": "/health",
        "Matcher": {"HttpCode": "200-299"},
    }.items() <= body["Properties"].items()


@pytest.mark.parametrize("interval", [5, 301])
def test_an_interval_that_elb_refuses(interval: int) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.NetworkTargetGroup(vpc_id=VPC, port=5432, health_check_interval_s=interval)

    assert str(refused.value) == f"health_check_interval_s is {interval}; allowed: 6 to 300"


@pytest.mark.parametrize(
    "make", [lambda: eb.Tcp(0), lambda: eb.Tls(port=0, certificate_arn=CERTIFICATE)]
)
def test_a_port_that_there_is_not(make: Any) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == "port 0 is not between 1 and 65535"


def test_the_handle_hands_on_what_records_and_alarms_ask_for() -> None:
    handle = built(balancer()).handle

    assert [token.to_dict() for token in (handle.dns_name, handle.zone_id, handle.full_name)] == [
        {"Fn::GetAtt": ["WebLoadBalancer", "DNSName"]},
        {"Fn::GetAtt": ["WebLoadBalancer", "CanonicalHostedZoneID"]},
        {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
    ]
    assert handle.group.label == "the load balancer"


def test_a_listener_by_udp_is_refused_where_clients_may_come_by_ipv6() -> None:
    for kind in ("dualstack", TOKENS.word):
        with pytest.raises(eb.BlockError) as refused:
            eb.NetworkLoadBalancer(
                vpc_id=VPC,
                subnet_ids=SUBNETS,
                ports=(),
                udp_ports=(53,),
                ingress=(eb.Cidr("0.0.0.0/0"),),
                egress=(eb.Rule(53, eb.Cidr("10.0.0.0/8"), "udp"),),
                ip_address_type=kind,  # type: ignore[arg-type]
            )

        assert str(refused.value) == (
            "a listener by UDP on a load balancer that may be dualstack: its targets would need "
            "IPv6 addresses, and tasks here have IPv4; take ipv4"
        )
