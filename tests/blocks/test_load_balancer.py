"""An Application Load Balancer of one service's own.

Trap 2: it has no name, which a replacement would collide with.
Trap 32: its logs go to a bucket of another stack, whose policy stands already.
Trap 39: open to whom it is for, and to nothing behind it but the tasks.
Trap 44: whether it can be deleted is a value, and it cannot by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.balancer_options import SSL_POLICY
from tests.blocks.helpers import (
    BUCKET,
    CERTIFICATE,
    SUBNETS,
    TOKENS,
    VPC,
    Built,
    https_out,
    load_balancer,
    new_stack,
)

if TYPE_CHECKING:
    from ecs_blocks.blocks.load_balancer import BalancerHandle


def made(**changed: Any) -> Built[BalancerHandle]:
    stack = new_stack()
    tasks = stack.add(
        "Tasks", eb.SecurityGroup(description="tasks", vpc_id=VPC, egress=(https_out(),))
    )
    return Built(stack, stack.add("Web", load_balancer(tasks, **changed)))


def attributes(**changed: Any) -> dict[str, Any]:
    found = made(**changed).resources["WebLoadBalancer"]["Properties"]["LoadBalancerAttributes"]
    return {one["Key"]: one["Value"] for one in found}


def rule(port: int, direction: str, **peer: Any) -> dict[str, Any]:
    return {
        "Description": f"port {port} {direction}",
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        **peer,
    }


def test_a_balancer_of_literals() -> None:
    assert made().resources["WebLoadBalancer"] == {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {
            "Type": "application",
            "Scheme": "internet-facing",
            "IpAddressType": "ipv4",
            "Subnets": SUBNETS,
            "SecurityGroups": [{"Fn::GetAtt": ["WebLoadBalancerSecurityGroup", "GroupId"]}],
            "LoadBalancerAttributes": [
                {"Key": "deletion_protection.enabled", "Value": "true"},
                {"Key": "idle_timeout.timeout_seconds", "Value": "60"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "routing.http.desync_mitigation_mode", "Value": "defensive"},
                {"Key": "access_logs.s3.enabled", "Value": "true"},
                {"Key": "access_logs.s3.bucket", "Value": BUCKET},
                {"Key": "access_logs.s3.prefix", "Value": {"Ref": "AWS::StackName"}},
                {"Key": "connection_logs.s3.enabled", "Value": "true"},
                {"Key": "connection_logs.s3.bucket", "Value": BUCKET},
                {"Key": "connection_logs.s3.prefix", "Value": {"Ref": "AWS::StackName"}},
            ],
        },
    }


def test_a_balancer_of_tokens() -> None:
    found = made(
        vpc_id=TOKENS.vpc_id,
        subnet_ids=TOKENS.subnet_ids,
        certificate_arn=TOKENS.certificate_arn,
        ip_address_type=TOKENS.word,
    ).resources

    assert found["WebLoadBalancer"]["Properties"]["Subnets"] == {"Ref": "SubnetIds"}
    assert found["WebLoadBalancer"]["Properties"]["IpAddressType"] == {"Ref": "Word"}
    assert found["WebLoadBalancerSecurityGroup"]["Properties"]["VpcId"] == {"Ref": "VpcId"}
    assert found["WebHttpsListener"]["Properties"]["Certificates"] == [
        {"CertificateArn": {"Ref": "CertificateArn"}}
    ]


def test_trap_2_the_balancer_has_no_name() -> None:
    assert "Name" not in made().resources["WebLoadBalancer"]["Properties"]


def test_trap_32_the_bucket_is_somebody_else_s() -> None:
    found = made(access_log_bucket=TOKENS.bucket)

    assert attributes(access_log_bucket=TOKENS.bucket)["access_logs.s3.bucket"] == {"Ref": "Bucket"}
    assert not [one for one in found.resources.values() if one["Type"].startswith("AWS::S3::")]


def test_trap_39_the_world_comes_in_by_two_ports_and_goes_on_to_the_tasks_alone() -> None:
    assert made().resources["WebLoadBalancerSecurityGroup"] == {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "load balancer: HTTP and HTTPS in, the tasks out",
            "VpcId": VPC,
            "SecurityGroupIngress": [
                rule(443, "from anywhere", CidrIp="0.0.0.0/0"),
                rule(443, "from anywhere", CidrIpv6="::/0"),
                rule(80, "from anywhere", CidrIp="0.0.0.0/0"),
                rule(80, "from anywhere", CidrIpv6="::/0"),
            ],
            "SecurityGroupEgress": [
                rule(
                    8080,
                    "to the tasks",
                    DestinationSecurityGroupId={"Fn::GetAtt": ["TasksSecurityGroup", "GroupId"]},
                )
            ],
        },
    }


def test_trap_39_who_comes_in_can_be_named() -> None:
    found = made(ingress=(eb.PrefixList("pl-58a04531"),)).resources

    assert found["WebLoadBalancerSecurityGroup"]["Properties"]["SecurityGroupIngress"] == [
        rule(443, "from a prefix list", SourcePrefixListId="pl-58a04531"),
        rule(80, "from a prefix list", SourcePrefixListId="pl-58a04531"),
    ]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        pytest.param({}, "true", id="default"),
        pytest.param({"deletion_protection": False}, "false", id="off"),
        pytest.param({"deletion_protection": TOKENS.flag}, {"Ref": "Flag"}, id="a token"),
    ],
)
def test_trap_44_deletion_protection_is_a_value(asked: dict[str, Any], written: object) -> None:
    assert attributes(**asked)["deletion_protection.enabled"] == written


def test_http_is_answered_with_a_redirect() -> None:
    assert made().resources["WebHttpListener"] == {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "WebLoadBalancer"},
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [
                {
                    "Type": "redirect",
                    "RedirectConfig": {
                        "Protocol": "HTTPS",
                        "Port": "443",
                        "StatusCode": "HTTP_301",
                    },
                }
            ],
        },
    }


def test_https_is_modern_and_answers_404_where_no_rule_fits() -> None:
    assert made().resources["WebHttpsListener"] == {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "WebLoadBalancer"},
            "Port": 443,
            "Protocol": "HTTPS",
            "SslPolicy": SSL_POLICY,
            "Certificates": [{"CertificateArn": CERTIFICATE}],
            "DefaultActions": [
                {
                    "Type": "fixed-response",
                    "FixedResponseConfig": {
                        "StatusCode": "404",
                        "ContentType": "text/plain",
                        "MessageBody": "not found",
                    },
                }
            ],
            "ListenerAttributes": [
                {"Key": "routing.http.response.server.enabled", "Value": "false"},
                {
                    "Key": "routing.http.response.strict_transport_security.header_value",
                    "Value": "max-age=31536000",
                },
                {
                    "Key": "routing.http.response.x_content_type_options.header_value",
                    "Value": "nosniff",
                },
            ],
        },
    }


def test_trap_32_a_bucket_of_the_same_stack_has_its_policy_first() -> None:
    stack = new_stack()
    bucket = stack.add("Logs", eb.AccessLogBucket())
    tasks = stack.add(
        "Tasks", eb.SecurityGroup(description="tasks", vpc_id=VPC, egress=(https_out(),))
    )
    one = Built(stack, stack.add("Web", load_balancer(tasks, access_log_bucket=bucket)))

    balancer = one.resources["WebLoadBalancer"]
    found = {one["Key"]: one["Value"] for one in balancer["Properties"]["LoadBalancerAttributes"]}
    assert balancer["DependsOn"] == ["LogsAccessLogBucketPolicy"]
    assert found["access_logs.s3.bucket"] == {"Ref": "LogsAccessLogBucket"}


def test_each_certificate_more_is_a_resource() -> None:
    more = (TOKENS.certificate_arn, CERTIFICATE)

    found = made(certificates=more).resources

    assert found["WebListenerCertificate"] == {
        "Type": "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        "Properties": {
            "ListenerArn": {"Ref": "WebHttpsListener"},
            "Certificates": [{"CertificateArn": {"Ref": "CertificateArn"}}],
        },
    }
    assert found["WebListenerCertificate2"]["Properties"]["Certificates"] == [
        {"CertificateArn": CERTIFICATE}
    ]


def test_how_it_works_may_differ_by_environment() -> None:
    options = eb.BalancerOptions(
        idle_timeout_s=TOKENS.number,
        ssl_policy=TOKENS.word,
        http2=TOKENS.flag,
        client_keep_alive_s=600,
        desync_mode="strictest",
        drop_invalid_headers=False,
    )
    found = made(options=options).resources
    balancer = found["WebLoadBalancer"]["Properties"]["LoadBalancerAttributes"]
    attributes = {one["Key"]: one["Value"] for one in balancer}

    assert found["WebHttpsListener"]["Properties"]["SslPolicy"] == {"Ref": "Word"}
    assert attributes["idle_timeout.timeout_seconds"] == {"Ref": "Number"}
    assert attributes["routing.http2.enabled"] == {"Ref": "Flag"}
    assert attributes["client_keep_alive.seconds"] == "600"
    assert attributes["routing.http.desync_mitigation_mode"] == "strictest"
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "false"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"idle_timeout_s": 0}, "idle_timeout_s is 0; allowed: 1 to 4000"),
        ({"client_keep_alive_s": 30}, "client_keep_alive_s is 30; allowed: 60 to 604800"),
    ],
)
def test_an_option_that_elb_would_not_take(changed: dict[str, int], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.BalancerOptions(**changed)  # type: ignore[arg-type]

    assert str(refused.value) == message


def test_one_subnet_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(subnet_ids=SUBNETS[:1])

    assert str(refused.value) == "a load balancer in 1 subnets; it needs two, in different zones"


def test_the_handle_hands_on_what_records_and_alarms_ask_for() -> None:
    handle = made().handle

    tokens: tuple[Any, ...] = (handle.dns_name, handle.zone_id, handle.full_name)
    assert [token.to_dict() for token in tokens] == [
        {"Fn::GetAtt": ["WebLoadBalancer", "DNSName"]},
        {"Fn::GetAtt": ["WebLoadBalancer", "CanonicalHostedZoneID"]},
        {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
    ]


def test_the_logical_ids_are_a_contract() -> None:
    assert made().ids == [
        "TasksSecurityGroup",
        "WebLoadBalancerSecurityGroup",
        "WebLoadBalancer",
        "WebHttpListener",
        "WebHttpsListener",
    ]


def test_every_property_is_reachable_through_the_handle() -> None:
    one = made()

    one.handle.resource.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic = "on"
    one.handle.https_listener.SslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    one.handle.http_listener.DefaultActions[0].RedirectConfig.StatusCode = "HTTP_302"
    one.handle.security_group.GroupName = "balancer"

    found = {name: body["Properties"] for name, body in one.resources.items()}
    assert found["WebLoadBalancer"]["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "on"
    assert found["WebHttpsListener"]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-2021-06"
    [redirect] = found["WebHttpListener"]["DefaultActions"]
    assert redirect["RedirectConfig"]["StatusCode"] == "HTTP_302"
    assert found["WebLoadBalancerSecurityGroup"]["GroupName"] == "balancer"
