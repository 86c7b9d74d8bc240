"""The balancers of each environment, as ELBv2 and Route 53 tell them, and as they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.shipped import REGION, VPCS, ZONES

if TYPE_CHECKING:
    from tests.ministack.server import Reply
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack

BOTH = pytest.mark.parametrize("app", ["hoge", "fuga"])

# What stacks/platform.yaml says.
SUBNETS = {
    "dev": ["subnet-0d1a2b3c4d5e6f701", "subnet-0d1a2b3c4d5e6f702"],
    "stg": ["subnet-051a2b3c4d5e6f701", "subnet-051a2b3c4d5e6f702"],
    "prod": ["subnet-0c1a2b3c4d5e6f701", "subnet-0c1a2b3c4d5e6f702", "subnet-0c1a2b3c4d5e6f703"],
}
CERTIFICATES = {
    "dev": "0d5e1a2b-0001-4000-8000-000000000001",
    "stg": "057a1a2b-0002-4000-8000-000000000002",
    "prod": "0c0d1a2b-0003-4000-8000-000000000003",
}
DEREGISTRATION_SECONDS = {"dev": "30", "stg": "60", "prod": "60"}
HEALTH_CHECK_PATHS = {"hoge": "/", "fuga": "/health"}


def balancer_of(deployed: Deployed, app: str) -> Any:
    arn = {"LoadBalancerArns": [deployed.id_of(app, "LoadBalancer")]}
    return deployed.ask("elbv2", "describe_load_balancers", **arn)["LoadBalancers"][0]


def listeners_of(deployed: Deployed, app: str) -> dict[int, Any]:
    """Give the listeners of an app's balancer by port."""
    arn = {"LoadBalancerArn": deployed.id_of(app, "LoadBalancer")}
    found = deployed.ask("elbv2", "describe_listeners", **arn)["Listeners"]
    return {listener["Port"]: listener for listener in found}


def mapping(attributes: Any) -> dict[str, str]:
    return {item["Key"]: item["Value"] for item in attributes["Attributes"]}


def get(deployed: Deployed, app: str, url: str) -> Reply:
    name = balancer_of(deployed, app)["LoadBalancerName"]
    return deployed.server.get(name, url, account=deployed.account, region=REGION)


def test_account_has_one_balancer_for_each_app(deployed: Deployed) -> None:
    found = deployed.ask("elbv2", "describe_load_balancers")["LoadBalancers"]

    assert {item["LoadBalancerArn"] for item in found} == {
        deployed.id_of("hoge", "LoadBalancer"),
        deployed.id_of("fuga", "LoadBalancer"),
    }


@BOTH
def test_balancer_faces_the_internet_in_the_public_subnets(deployed: Deployed, app: str) -> None:
    found = balancer_of(deployed, app)
    subnets = [zone["SubnetId"] for zone in found["AvailabilityZones"]]

    assert (found["Type"], found["Scheme"]) == ("application", "internet-facing")
    assert (found["IpAddressType"], subnets) == ("ipv4", SUBNETS[deployed.environment])
    assert found["SecurityGroups"] == [deployed.id_of(app, "LoadBalancerSecurityGroup")]


@BOTH
def test_balancer_is_protected_strict_and_logs_into_the_bucket(
    deployed: Deployed, app: str
) -> None:
    arn = {"LoadBalancerArn": deployed.id_of(app, "LoadBalancer")}
    found = mapping(deployed.ask("elbv2", "describe_load_balancer_attributes", **arn))
    bucket = deployed.id_of("cluster", "AccessLogBucket")
    stack = f"{app}-{deployed.environment}"

    assert found["deletion_protection.enabled"] == "true"
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "true"
    for logs in ("access_logs", "connection_logs"):
        assert found[f"{logs}.s3.enabled"] == "true"
        assert (found[f"{logs}.s3.bucket"], found[f"{logs}.s3.prefix"]) == (bucket, stack)


@BOTH
def test_balancer_takes_web_traffic_and_sends_to_the_tasks_alone(
    deployed: Deployed, app: str
) -> None:
    group_id = {"GroupIds": [deployed.id_of(app, "LoadBalancerSecurityGroup")]}
    [group] = deployed.ask("ec2", "describe_security_groups", **group_id)["SecurityGroups"]
    [egress] = group["IpPermissionsEgress"]
    tasks = deployed.id_of(app, "SecurityGroup")

    assert {rule["FromPort"] for rule in group["IpPermissions"]} == {80, 443}
    assert (egress["FromPort"], egress["ToPort"]) == (8080, 8080)
    assert [pair["GroupId"] for pair in egress["UserIdGroupPairs"]] == [tasks]
    assert (egress["IpRanges"], egress["Ipv6Ranges"]) == ([], [])


@BOTH
def test_listeners_are_http_and_https_with_the_certificate(deployed: Deployed, app: str) -> None:
    listeners = listeners_of(deployed, app)
    certificate = (
        f"arn:aws:acm:{REGION}:{deployed.account}:certificate/" + CERTIFICATES[deployed.environment]
    )

    assert {port: item["Protocol"] for port, item in listeners.items()} == {
        80: "HTTP",
        443: "HTTPS",
    }
    assert listeners[443]["Certificates"] == [{"CertificateArn": certificate}]
    assert listeners[443]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-")


@BOTH
def test_target_group_checks_the_health_of_the_port(deployed: Deployed, app: str) -> None:
    arn = deployed.id_of(app, "TargetGroup")
    [group] = deployed.ask("elbv2", "describe_target_groups", TargetGroupArns=[arn])["TargetGroups"]
    attributes = deployed.ask("elbv2", "describe_target_group_attributes", TargetGroupArn=arn)

    assert (group["TargetType"], group["Protocol"], group["Port"]) == ("ip", "HTTP", 8080)
    assert group["VpcId"] == VPCS[deployed.environment]
    assert group["HealthCheckPath"] == HEALTH_CHECK_PATHS[app]
    assert group["HealthCheckPort"] == "traffic-port"
    assert (
        mapping(attributes)["deregistration_delay.timeout_seconds"]
        == DEREGISTRATION_SECONDS[deployed.environment]
    )


@BOTH
def test_name_of_the_service_leads_to_its_balancer(deployed: Deployed, app: str) -> None:
    zone_id, zone = ZONES[deployed.environment]
    balancer = balancer_of(deployed, app)
    found = deployed.ask("route53", "list_resource_record_sets", HostedZoneId=zone_id)
    target = {
        "HostedZoneId": balancer["CanonicalHostedZoneId"],
        "DNSName": f"{balancer['DNSName']}.",
        "EvaluateTargetHealth": False,
    }

    assert {
        record["Type"]: record["AliasTarget"]
        for record in found["ResourceRecordSets"]
        if record["Name"] == f"{app}.{zone}."
    } == {"A": target, "AAAA": target}


@BOTH
def test_plain_http_is_sent_to_https(deployed: Deployed, app: str) -> None:
    reply = get(deployed, app, f"http://{app}.{deployed.zone}/a?b=c")

    assert reply.status == 301
    assert reply.headers["Location"] == f"https://{app}.{deployed.zone}:443/a?b=c"


@BOTH
def test_the_services_name_is_forwarded_to_its_tasks(deployed: Deployed, app: str) -> None:
    reply = get(deployed, app, f"https://{app}.{deployed.zone}:443/a")
    group = deployed.id_of(app, "TargetGroup")
    found = deployed.ask("elbv2", "describe_target_health", TargetGroupArn=group)
    targets = found["TargetHealthDescriptions"]

    # The rule has forwarded; behind the addresses there is no container.
    assert (reply.status, "no container runs" in reply.body) == (503, True)
    assert len(targets) == deployed.service(app)["runningCount"] > 0
    assert {target["Target"]["Port"] for target in targets} == {8080}


@BOTH
@pytest.mark.parametrize(
    "host", ["{zone}", "other.{zone}", "{app}.{zone}.example.net", "x{app}.{zone}", "203.0.113.1"]
)
def test_any_other_name_is_not_found(deployed: Deployed, app: str, host: str) -> None:
    name = host.format(app=app, zone=deployed.zone)
    reply = get(deployed, app, f"https://{name}:443/")

    assert (reply.status, reply.body) == (404, "not found")


def test_one_apps_name_is_unknown_to_the_others_balancer(deployed: Deployed) -> None:
    reply = get(deployed, "hoge", f"https://fuga.{deployed.zone}:443/")

    assert reply.status == 404


@BOTH
@pytest.mark.parametrize("host", ["{app}.{zone}", "other.{zone}"])
def test_every_answer_over_https_asks_for_https_from_now_on(
    deployed: Deployed, app: str, host: str
) -> None:
    name = host.format(app=app, zone=deployed.zone)
    reply = get(deployed, app, f"https://{name}:443/")

    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in reply.headers
