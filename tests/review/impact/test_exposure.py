"""What gets nearer to the world, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import container, lines, stack, task, web
from tests.review.stacks import body

LB = "ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "ElasticLoadBalancingV2::Listener"
RULE = "ElasticLoadBalancingV2::ListenerRule"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def public(value: str) -> dict[str, Any]:
    return {"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": value}}}


def attribute(key: str, value: str) -> dict[str, Any]:
    return {"LoadBalancerAttributes": [{"Key": key, "Value": value}]}


def deployment(**configuration: Any) -> dict[str, Any]:
    return {"DeploymentConfiguration": configuration}


def actions(*types: str) -> list[dict[str, str]]:
    return [{"Type": one} for one in types]


@pytest.mark.parametrize(
    ("type_", "before", "after", "worse", "better"),
    [
        (
            LB,
            {"Scheme": "internal"},
            {"Scheme": "internet-facing"},
            "approval exposure: It: the load balancer faces the internet; it was internal",
            "notice exposure: It: the load balancer is internal: nothing on the internet reaches "
            "it any more",
        ),
        (
            "ECS::Service",
            public("DISABLED"),
            public("ENABLED"),
            "approval exposure: It: tasks get public IP addresses",
            "calm exposure: It: tasks get no public IP addresses any more",
        ),
        (
            "ECS::Service",
            {},
            {"EnableExecuteCommand": True},
            "approval exposure: It: ECS Exec is turned on: whoever may use it has a shell in the "
            "containers",
            "notice exposure: It: ECS Exec is turned off for tasks that start from now on; those "
            "that run stay open until they are replaced (ecs-blocks redeploy)",
        ),
        (
            "ECS::Service",
            deployment(DeploymentCircuitBreaker={"Enable": True, "Rollback": True}),
            deployment(DeploymentCircuitBreaker={"Enable": False, "Rollback": False}),
            "approval exposure: It: the circuit breaker is turned off: a deployment that fails "
            "goes on for hours",
            "calm exposure: It: the circuit breaker is turned on",
        ),
        (
            "ECS::Service",
            deployment(DeploymentCircuitBreaker={"Enable": True, "Rollback": True}),
            deployment(DeploymentCircuitBreaker={"Enable": True, "Rollback": False}),
            "approval exposure: It: the circuit breaker no longer goes back to the old tasks",
            "calm exposure: It: the circuit breaker goes back to the old tasks",
        ),
        (
            "ECS::Service",
            deployment(Alarms={"Enable": True, "Rollback": True}),
            deployment(Alarms={"Enable": False, "Rollback": False}),
            "approval exposure: It: deployment alarms are turned off: a bad deployment is not "
            "stopped by them",
            "calm exposure: It: deployment alarms are turned on",
        ),
        (
            LISTENER,
            {"SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
            {"SslPolicy": "ELBSecurityPolicy-2016-08"},
            "approval exposure: It: the TLS policy grows weaker: "
            "ELBSecurityPolicy-TLS13-1-2-2021-06 → ELBSecurityPolicy-2016-08",
            "notice exposure: It: the TLS policy grows stronger: ELBSecurityPolicy-2016-08 → "
            "ELBSecurityPolicy-TLS13-1-2-2021-06; old clients may be turned away",
        ),
        (
            LISTENER,
            {"Protocol": "HTTPS"},
            {"Protocol": "HTTP"},
            "approval exposure: It: connections are no longer encrypted: HTTPS → HTTP",
            "calm exposure: It: connections are encrypted: HTTP → HTTPS",
        ),
        (
            LISTENER,
            {"MutualAuthentication": {"Mode": "verify"}},
            {"MutualAuthentication": {"Mode": "off"}},
            "approval exposure: It: client certificates are no longer checked: verify → off",
            "calm exposure: It: client certificates are checked: off → verify",
        ),
        (
            LB,
            attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
            attribute("routing.http.drop_invalid_header_fields.enabled", "false"),
            "approval exposure: It: invalid HTTP headers reach the tasks",
            "calm exposure: It: invalid HTTP headers are dropped",
        ),
        (
            LB,
            attribute("access_logs.s3.enabled", "true"),
            {},
            "notice exposure: It: requests are no longer logged (access logs)",
            "calm exposure: It: requests are logged (access logs)",
        ),
        (
            "S3::Bucket",
            {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": True}},
            {},
            "approval exposure: It: public access to the bucket is no longer blocked "
            "(BlockPublicPolicy)",
            "calm exposure: It: public access to the bucket is blocked (BlockPublicPolicy)",
        ),
        (
            "S3::Bucket",
            {"PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, True)},
            {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": True}},
            "approval exposure: It: public access to the bucket is no longer blocked "
            "(BlockPublicAcls, BlockPublicPolicy and RestrictPublicBuckets)",
            "calm exposure: It: public access to the bucket is blocked "
            "(BlockPublicAcls, BlockPublicPolicy and RestrictPublicBuckets)",
        ),
        (
            "S3::Bucket",
            {},
            {"AccessControl": "PublicRead"},
            "approval exposure: It: the bucket's ACL opens it: unset → PublicRead",
            "calm exposure: It: the bucket's ACL closes it: PublicRead → unset",
        ),
        (
            "EC2::LaunchTemplate",
            {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required"}}},
            {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "optional"}}},
            "approval exposure: It: instances answer to IMDSv1 again: what can make requests there "
            "gets credentials",
            "calm exposure: It: instances ask for IMDSv2",
        ),
        (
            "ECR::Repository",
            {"ImageScanningConfiguration": {"ScanOnPush": True}},
            {},
            "notice exposure: It: images are no longer scanned when they are pushed",
            "calm exposure: It: images are scanned when they are pushed",
        ),
        (
            RULE,
            {"Actions": actions("authenticate-oidc", "forward")},
            {"Actions": actions("forward")},
            "approval exposure: It: requests pass without signing in (authenticate-oidc removed)",
            "notice exposure: It: requests have to be signed in (authenticate-oidc)",
        ),
    ],
)
def test_guards(
    type_: str, before: dict[str, Any], after: dict[str, Any], worse: str, better: str
) -> None:
    sides = {"It": body(type_, **before)}, {"It": body(type_, **after)}

    assert lines(sides[0], sides[1], "exposure") == [worse]
    assert lines(sides[1], sides[0], "exposure") == [better]


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        # both allow TLS 1.2 and later only
        (
            LISTENER,
            {"SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
            {"SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"},
        ),
        # only a rolling deployment has a circuit breaker
        (
            "ECS::Service",
            deployment(DeploymentCircuitBreaker={"Enable": True, "Rollback": True}),
            deployment(Strategy="BLUE_GREEN", BakeTimeInMinutes=5),
        ),
        # HTTP has no TLS policy to grow weaker
        (LISTENER, {}, {"Port": 80}),
        # the same sign-in by another name
        (
            RULE,
            {"Actions": actions("authenticate-oidc", "forward")},
            {"Actions": actions("authenticate-cognito", "forward")},
        ),
        ("ECS::Service", {}, {"EnableExecuteCommand": False}),
        ("ECS::Service", {}, public("DISABLED")),
        # what the switch will be is known during the deploy only
        ("ECS::Service", {}, {"EnableExecuteCommand": {"Ref": "Exec"}}),
    ],
)
def test_what_opens_nothing(type_: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert lines({"It": body(type_, **before)}, {"It": body(type_, **after)}, "exposure") == []


def test_http_is_answered_instead_of_sent_on() -> None:
    before = {"It": body(LISTENER, Protocol="HTTP", DefaultActions=actions("redirect"))}
    after = {"It": body(LISTENER, Protocol="HTTP", DefaultActions=actions("forward"))}

    assert lines(before, after, "exposure") == [
        "approval exposure: It: plain HTTP is answered instead of being sent on to HTTPS"
    ]
    assert lines(after, before, "exposure") == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {},
            {"Privileged": True},
            ["container app is privileged: it may do all that the instance may"],
        ),
        ({"User": "1000"}, {"User": "root"}, ["container app runs as root"]),
        ({"User": "1000"}, {}, ["container app runs as root"]),
        (
            {"ReadonlyRootFilesystem": True},
            {"ReadonlyRootFilesystem": False},
            ["container app may write to its root file system"],
        ),
        (
            {},
            {"LinuxParameters": {"Capabilities": {"Add": ["SYS_ADMIN"]}}},
            ["container app gets the Linux capability SYS_ADMIN"],
        ),
        ({"Privileged": True}, {}, []),
        ({"User": "root"}, {"User": "1000"}, []),
        ({"User": "1000:1000"}, {"User": "1001"}, []),
    ],
)
def test_containers(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    sides = [stack(web(), task(container(**one))) for one in (before, after)]

    assert lines(sides[0], sides[1], "exposure") == [
        f"approval exposure: Task: {one}" for one in expected
    ]


def mounted(**settings: str) -> dict[str, Any]:
    efs = {"FilesystemId": "fs-1", **settings}
    return stack(web(), task(Volumes=[{"Name": "pages", "EFSVolumeConfiguration": efs}]))


@pytest.mark.parametrize("after", [{"TransitEncryption": "DISABLED"}, {}])
def test_a_volume_without_encryption_in_transit(after: dict[str, str]) -> None:
    before = mounted(TransitEncryption="ENABLED")

    assert lines(before, mounted(**after), "exposure") == [
        "approval exposure: Task: volume pages is no longer encrypted in transit"
    ]
    assert lines(mounted(**after), before, "exposure") == []


def test_the_host_s_network() -> None:
    sides = [stack(web(), task(NetworkMode=mode)) for mode in ("awsvpc", "host")]

    assert lines(sides[0], sides[1], "exposure") == [
        "approval exposure: Task: its containers use the network of the instance"
    ]
    assert lines(sides[1], sides[0], "exposure") == []


def rule(port: int | None, peer: str, **more: Any) -> dict[str, Any]:
    key = "CidrIpv6" if ":" in peer else "CidrIp"
    ports = {} if port is None else {"FromPort": port, "ToPort": port}
    protocol = "-1" if port is None else "tcp"
    return {"IpProtocol": protocol, **ports, key: peer, **more}


def ingress(*rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "It": body("EC2::SecurityGroup", GroupDescription="d", SecurityGroupIngress=list(rules))
    }


def egress(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"It": body("EC2::SecurityGroup", GroupDescription="d", SecurityGroupEgress=list(rules))}


WORLD = "0.0.0.0/0"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            ingress(),
            ingress(rule(22, WORLD)),
            ["approval exposure: It: port 22 is open to the world (0.0.0.0/0)"],
        ),
        (
            ingress(rule(5432, "10.0.0.0/8")),
            ingress(rule(5432, WORLD)),
            ["approval exposure: It: port 5432 is open to the world (0.0.0.0/0)"],
        ),
        # what was open before is not opened now
        (
            ingress(rule(443, WORLD), rule(443, "::/0")),
            ingress(rule(443, "10.0.0.0/8")),
            [
                "notice exposure: It: no longer lets in port 443 from 0.0.0.0/0 and port 443 from "
                "::/0 (still port 443 from 10.0.0.0/8)"
            ],
        ),
        (
            ingress(),
            ingress(rule(443, WORLD), rule(443, "::/0")),
            ["approval exposure: It: port 443 is open to the world (0.0.0.0/0 and ::/0)"],
        ),
        (
            ingress(),
            ingress(rule(None, WORLD)),
            ["approval exposure: It: every port is open to the world (0.0.0.0/0)"],
        ),
        (
            ingress(),
            ingress(rule(5432, "10.1.0.0/16")),
            ["notice exposure: It: port 5432 is now open to 10.1.0.0/16"],
        ),
        (
            ingress(),
            ingress({**rule(80, WORLD), "ToPort": 90}),
            ["approval exposure: It: ports 80 to 90 are open to the world (0.0.0.0/0)"],
        ),
        (
            ingress(rule(22, WORLD)),
            ingress(),
            ["notice exposure: It: no longer lets in port 22 from 0.0.0.0/0"],
        ),
        (
            egress(rule(443, WORLD)),
            egress(rule(443, WORLD), rule(25, WORLD)),
            ["notice exposure: It: may now reach 0.0.0.0/0 on port 25"],
        ),
        # the same rule with another description, and in another order
        (ingress(rule(22, WORLD)), ingress(rule(22, WORLD, Description="ssh")), []),
        (
            ingress(rule(22, WORLD), rule(80, WORLD)),
            ingress(rule(80, WORLD), rule(22, WORLD)),
            [],
        ),
        # the same rule as a resource of its own
        (
            ingress(rule(22, WORLD)),
            {
                **ingress(),
                "Rule": body(
                    "EC2::SecurityGroupIngress",
                    GroupId={"Fn::GetAtt": ["It", "GroupId"]},
                    **rule(22, WORLD),
                ),
            },
            [],
        ),
    ],
)
def test_security_groups(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert lines(before, after, "exposure") == expected


def test_a_group_of_another_stack() -> None:
    opened = {"It": body("EC2::SecurityGroupIngress", GroupId="sg-db", **rule(5432, "10.0.0.0/8"))}

    assert lines({}, opened, "exposure") == [
        "notice exposure: sg-db: port 5432 is now open to 10.0.0.0/8"
    ]
    assert lines(opened, {}, "exposure") == [
        "notice exposure: sg-db: no longer lets in port 5432 from 10.0.0.0/8"
    ]


def test_a_new_group_for_a_new_service_is_not_told_rule_by_rule() -> None:
    assert lines({}, ingress(rule(8080, "10.0.0.0/8")), "exposure") == []


def test_https_instead_of_http_is_told_once() -> None:
    secure = body(LISTENER, Protocol="HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")
    before = {"It": body(LISTENER, Protocol="HTTP")}

    assert lines(before, {"It": secure}, "exposure") == [
        "calm exposure: It: connections are encrypted: HTTP → HTTPS"
    ]


def test_ports_that_open_to_the_same_are_one_line() -> None:
    rules = [rule(port, WORLD) for port in (443, 80, 22)]

    assert lines(None, ingress(*rules), "exposure") == [
        "approval exposure: It: port 22 is open to the world (0.0.0.0/0)",
        "notice exposure: It: port 443 and port 80 are open to the world (0.0.0.0/0)",
    ]


@pytest.mark.parametrize(("port", "weight"), [(443, "notice"), (80, "notice"), (22, "approval")])
def test_a_new_stack_opens_the_ports_of_the_web(port: int, weight: str) -> None:
    assert lines(None, ingress(rule(port, WORLD)), "exposure") == [
        f"{weight} exposure: It: port {port} is open to the world (0.0.0.0/0)"
    ]
