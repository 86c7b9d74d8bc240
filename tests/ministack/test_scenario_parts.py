"""What the services' own APIs say of the scenarios, where no golden variant has the like."""

from __future__ import annotations

import fnmatch
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.created import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ministack.created import Account

    Created = Callable[[str, str], Account]

pytestmark = pytest.mark.ministack

TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
WAIT_S = 10


def scenario(created: Created, name: str) -> Account:
    return created(f"scenario {name}", "prod")


def test_file_system_has_a_door_in_every_zone(created: Created) -> None:
    wiki = scenario(created, "efs-service")
    own = {"FileSystemId": wiki.id_of("efs-service", "AWS::EFS::FileSystem")}
    [system] = wiki.ask("efs", "describe_file_systems", **own)["FileSystems"]
    targets = wiki.ask("efs", "describe_mount_targets", **own)["MountTargets"]
    [point] = wiki.ask("efs", "describe_access_points", **own)["AccessPoints"]
    arn = wiki.id_of("efs-service", "AWS::ECS::TaskDefinition")
    task = wiki.ask("ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"]
    [volume] = [one for one in task["volumes"] if "efsVolumeConfiguration" in one]

    assert (system["Encrypted"], system["ThroughputMode"]) == (True, "elastic")
    assert len({one["SubnetId"] for one in targets}) == 2
    assert point["PosixUser"]["Uid"] == 1000
    assert volume["efsVolumeConfiguration"]["authorizationConfig"] == {
        "accessPointId": point["AccessPointId"],
        "iam": "ENABLED",
    }


def test_cluster_has_the_instances_that_aws_manages(created: Created) -> None:
    cluster = scenario(created, "managed-instances")
    name = cluster.id_of("managed-instances", "AWS::ECS::CapacityProvider")
    asked = {"capacityProviders": [name]}
    [provider] = cluster.ask("ecs", "describe_capacity_providers", **asked)["capacityProviders"]
    [found] = cluster.ask("ecs", "describe_clusters", clusters=["prod"])["clusters"]

    assert provider["managedInstancesProvider"]["infrastructureRoleArn"].startswith("arn:aws:iam:")
    assert {one["capacityProvider"] for one in found["defaultCapacityProviderStrategy"]} == {name}


def test_services_that_call_each_other_are_in_one_namespace(created: Created) -> None:
    account = scenario(created, "service-connect")
    [namespace] = account.ask("servicediscovery", "list_namespaces")["Namespaces"]
    connected = {}
    for app in ("greeting", "name", "greeter"):
        asked = {"cluster": "prod", "services": [account.id_of(app, "AWS::ECS::Service")]}
        [service] = account.ask("ecs", "describe_services", **asked)["services"]
        connected[app] = service["deployments"][0]["serviceConnectConfiguration"]

    assert {one["namespace"] for one in connected.values()} == {namespace["Arn"]}
    assert [
        one["services"][0]["discoveryName"] for one in connected.values() if "services" in one
    ] == ["greeting", "name"]


def test_a_file_that_is_put_into_the_bucket_is_told_to_the_queue(created: Created) -> None:
    scan = scenario(created, "s3-uploads")
    bucket = scan.id_of("s3-uploads", "AWS::S3::Bucket")
    urls = {one.rpartition("/")[2]: one for one in scan.ids("s3-uploads", "AWS::SQS::Queue")}
    [url] = [one for name, one in urls.items() if "DeadLetter" not in name]
    scan.ask("s3", "put_object", Bucket=bucket, Key="a file", Body=b"x")
    bodies: list[str] = []
    deadline = time.monotonic() + WAIT_S
    while not bodies and time.monotonic() < deadline:
        found = scan.ask("sqs", "receive_message", QueueUrl=url, WaitTimeSeconds=1)
        bodies = [one["Body"] for one in found.get("Messages", []) if "a+file" in one["Body"]]

    assert json.loads(bodies[0])["Records"][0]["s3"]["bucket"]["name"] == bucket


def test_redis_has_a_name_in_the_private_zone(created: Created) -> None:
    voting = scenario(created, "voting-app")
    [namespace] = voting.ask("servicediscovery", "list_namespaces")["Namespaces"]
    own = voting.id_of("redis", "AWS::ServiceDiscovery::Service")
    service = voting.ask("servicediscovery", "get_service", Id=own)["Service"]

    assert (namespace["Name"], service["Name"]) == ("voting.internal", "redis")
    assert service["NamespaceId"] == namespace["Id"]


def attributes(account: Account, app: str) -> dict[str, Any]:
    asked = {"TargetGroupArn": account.id_of(app, TARGET_GROUP)}
    found = account.ask("elbv2", "describe_target_group_attributes", **asked)["Attributes"]
    return {one["Key"]: one["Value"] for one in found}


def test_a_browser_stays_with_a_task_of_the_results_alone(created: Created) -> None:
    voting = scenario(created, "voting-app")
    result, vote = attributes(voting, "result"), attributes(voting, "vote")

    assert result["stickiness.enabled"] == "true"
    assert (result["stickiness.type"], result["stickiness.app_cookie.cookie_name"]) == (
        "app_cookie",
        "io",
    )
    assert vote["stickiness.enabled"] == "false"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://vote.example.com:443/", 503),
        ("https://result.example.com:443/socket.io", 503),
        ("https://redis.example.com:443/", 404),
        ("http://vote.example.com/", 301),
    ],
)
def test_both_sites_are_behind_one_load_balancer(created: Created, url: str, status: int) -> None:
    voting = scenario(created, "voting-app")
    arn = voting.id_of("cluster", "AWS::ElasticLoadBalancingV2::LoadBalancer")
    reply = voting.server.get(arn.split("/")[-2], url, account=voting.account, region=REGION)

    assert reply.status == status


@pytest.mark.parametrize(
    ("url", "group"),
    [
        ("https://www.example.com:443/cart/1", "shop"),
        ("https://www.example.com:443/about", "blog"),
        ("https://blog.example.com:443/cart/1", "blog"),
    ],
)
def test_the_narrower_rule_comes_first(created: Created, url: str, group: str) -> None:
    """The rule with the lowest number that matches leads to the group: as ELB would."""
    account = scenario(created, "shared-alb-fargate")
    listener = account.stacks["cluster"].outputs["SharedListenerArn"]
    rules = account.ask("elbv2", "describe_rules", ListenerArn=listener)["Rules"]
    host, _, path = url.removeprefix("https://").partition(":443")
    first = min(
        (one for one in rules if not one["IsDefault"] and _matches(one, host, path)),
        key=lambda one: int(one["Priority"]),
    )

    assert first["Actions"][0]["TargetGroupArn"] == account.id_of(group, TARGET_GROUP)


def _matches(rule: Any, host: str, path: str) -> bool:
    told = {"host-header": host, "path-pattern": path}
    return all(
        any(fnmatch.fnmatch(told[one["Field"]], value) for value in one["Values"])
        for one in rule["Conditions"]
    )
