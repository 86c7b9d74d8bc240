"""A load balancer that services of other stacks share.

Trap 31: what others need of it is looked up, not exported.
Trap 32: its logs go to a bucket of the same stack only once that lets them in.
Trap 39: it reaches nobody until a service lets it reach its tasks.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import (
    BUCKET,
    CERTIFICATE,
    SUBNETS,
    TOPIC,
    VPC,
    Built,
    built,
    new_stack,
)


def shared(**changed: Any) -> eb.SharedLoadBalancer:
    balancer = eb.LoadBalancer(
        vpc_id=VPC,
        subnet_ids=SUBNETS,
        certificate_arn=CERTIFICATE,
        egress=(eb.Rule(1, eb.Cidr("255.255.255.255/32")),),
        access_log_bucket=BUCKET,
    )
    arguments: dict[str, Any] = {"balancer": balancer, "notify": eb.Notify(topic_arn=TOPIC)}
    return eb.SharedLoadBalancer(**arguments | changed)


def outputs(made: Built[Any]) -> dict[str, Any]:
    return {name: body["Value"] for name, body in made.template["Outputs"].items()}


def test_the_logical_ids_are_a_contract() -> None:
    assert built(shared()).ids == [
        "WebLoadBalancerSecurityGroup",
        "WebLoadBalancer",
        "WebHttpListener",
        "WebHttpsListener",
        "WebSharedBalancerErrorsAlarm",
        "WebSharedRejectedConnectionsAlarm",
    ]


def test_trap_31_what_services_need_is_given_out_and_not_exported() -> None:
    made = built(shared())

    assert outputs(made) == {
        "SharedListenerArn": {"Ref": "WebHttpsListener"},
        "SharedSecurityGroupId": {"Fn::GetAtt": ["WebLoadBalancerSecurityGroup", "GroupId"]},
        "SharedFullName": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
        "SharedDnsName": {"Fn::GetAtt": ["WebLoadBalancer", "DNSName"]},
        "SharedZoneId": {"Fn::GetAtt": ["WebLoadBalancer", "CanonicalHostedZoneID"]},
        "SharedBalancerArn": {"Ref": "WebLoadBalancer"},
    }
    assert not [body for body in made.template["Outputs"].values() if "Export" in body]


def test_every_output_is_what_an_environment_looks_up() -> None:
    fields = vars(eb.SharedBalancerEnvironment)["_fields"].values()
    keys = {field.key for field in fields if field.key.startswith("Shared")}

    assert keys == set(outputs(built(shared()))) - {"SharedBalancerArn"}


def test_two_of_them_have_two_names() -> None:
    stack = new_stack()
    stack.add("Public", shared())
    stack.add("Internal", shared(name="Internal"))

    assert "InternalListenerArn" in Built(stack, None).template["Outputs"]


@pytest.mark.parametrize(
    ("title", "setting", "metric", "name"),
    [
        (
            "WebSharedBalancerErrorsAlarm",
            "balancer_5xx",
            "HTTPCode_ELB_5XX_Count",
            "shared-balancer-errors",
        ),
        (
            "WebSharedRejectedConnectionsAlarm",
            "rejected_connections",
            "RejectedConnectionCount",
            "shared-rejected-connections",
        ),
    ],
)
def test_what_it_does_itself_rings_here_and_nowhere_else(
    title: str, setting: str, metric: str, name: str
) -> None:
    alarm = built(shared(**{setting: 20})).resources[title]["Properties"]

    assert alarm["MetricName"] == metric
    assert alarm["Threshold"] == 20
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
    assert alarm["Dimensions"] == [
        {
            "Name": "LoadBalancer",
            "Value": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
        }
    ]


def test_its_alarms_are_reachable_through_the_handle() -> None:
    assert [one.title for one in built(shared()).handle.alarms] == [
        "WebSharedBalancerErrorsAlarm",
        "WebSharedRejectedConnectionsAlarm",
    ]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("PublicSharedBalancerErrorsAlarm", "AlarmBalancerErrors"),
        ("PublicSharedRejectedConnectionsAlarm", "AlarmRejectedConnections"),
    ],
)
def test_where_they_ring_is_a_key_of_environment_yaml(title: str, key: str) -> None:
    assert standard()[title]["Properties"]["Threshold"] == {"Ref": key}


def test_a_firewall_can_be_put_in_front() -> None:
    made = built(shared(web_acl=eb.WebAcl("arn:aws:wafv2:…")))

    assert made.handle.web_acl.title == "WebWebAclAssociation"


class Platform(eb.SharedLoadBalancerEnvironment, eb.ClusterEnvironment):
    """A cluster with a balancer."""


def standard(**changed: Any) -> dict[str, Any]:
    fields = vars(Platform)["_fields"]
    values = {name: field.token() for name, field in fields.items()}
    env = Platform(app="cluster", images=(), values=values)
    stack = eb.Stack(env)
    cluster = stack.add("Shared", eb.Cluster.standard(env))
    notify = eb.Notify(topic_arn=cluster.topic.arn)
    block = eb.SharedLoadBalancer.standard(
        env, access_log_bucket=cluster.bucket, notify=notify, **changed
    )
    stack.add("Public", block)
    from ecs_blocks.templates.stack import encode  # noqa: PLC0415 - one use

    found: dict[str, Any] = encode(stack, fields)["Resources"]
    return found


@pytest.mark.parametrize(
    ("scheme", "subnets", "peers"),
    [
        ("internet-facing", {"Ref": "PublicSubnetIds"}, ["0.0.0.0/0", "::/0"]),
        (
            "internal",
            {"Ref": "PrivateSubnetIds"},
            ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        ),
    ],
)
def test_it_is_open_to_whom_it_is_for(scheme: Any, subnets: Any, peers: list[str]) -> None:
    found = standard(scheme=scheme)
    rules = found["PublicLoadBalancerSecurityGroup"]["Properties"]["SecurityGroupIngress"]

    assert found["PublicLoadBalancer"]["Properties"]["Subnets"] == subnets
    assert [rule.get("CidrIp", rule.get("CidrIpv6")) for rule in rules] == [*peers, *peers]


def test_trap_32_the_bucket_of_the_cluster_has_its_policy_first() -> None:
    assert standard()["PublicLoadBalancer"]["DependsOn"] == ["SharedAccessLogBucketPolicy"]


def test_trap_39_it_reaches_nobody_by_itself() -> None:
    group = standard()["PublicLoadBalancerSecurityGroup"]["Properties"]

    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_trap_39_unless_users_sign_in_through_it() -> None:
    egress = (eb.Rule(443, eb.Cidr("0.0.0.0/0")),)
    group = standard(egress=egress)["PublicLoadBalancerSecurityGroup"]["Properties"]

    assert [(r["FromPort"], r["CidrIp"]) for r in group["SecurityGroupEgress"]] == [
        (443, "0.0.0.0/0")
    ]


def test_a_certificate_of_another_region_is_refused() -> None:
    fields = vars(Platform)["_fields"]
    values = {name: field.token() for name, field in fields.items()}
    arn = eb.CertificateArn("arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d")
    values |= {"certificate_arn": arn, "region": eb.Region("eu-west-1")}

    problems = list(Platform(app="cluster", images=(), values=values).problems())

    assert problems == [
        ("certificate_arn", "the certificate is not in eu-west-1, where the balancer is")
    ]


def test_how_it_works_is_said_beside_the_rest() -> None:
    found = standard(options=eb.BalancerOptions(idle_timeout_s=300))
    attributes = found["PublicLoadBalancer"]["Properties"]["LoadBalancerAttributes"]

    assert {"Key": "idle_timeout.timeout_seconds", "Value": "300"} in attributes
