"""The harness itself: what a stack on MiniStack shows, and how a failure is told.

The template is written by hand (``example.py``), so that these tests say something about the
harness alone.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.deploy import CreatedStack, deploy_stack
from tests.ministack.example import FILE, TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ministack.server import MiniStack

pytestmark = pytest.mark.ministack

ACCOUNT = "111111111111"
OTHER_ACCOUNTS = itertools.count(222222222222)
REGION = "ap-northeast-1"


def create(
    server: MiniStack, folder: Path, template: str, account: str | None = None, **file: Any
) -> CreatedStack:
    """Write the two files as a render does, and create the stack ``app`` from them."""
    (folder / "template.yaml").write_text(template)
    (folder / "parameters.json").write_text(json.dumps(file))
    return deploy_stack(
        server,
        account=account or str(next(OTHER_ACCOUNTS)),
        region=REGION,
        stack_name="app",
        template_path=folder / "template.yaml",
        parameters_path=folder / "parameters.json",
        lookups={"CertificateArn": "arn:aws:acm:::certificate/1", "NobodyAsksForThis": "-"},
    )


@pytest.fixture(scope="module")
def stack(server: MiniStack, tmp_path_factory: pytest.TempPathFactory) -> CreatedStack:
    return create(server, tmp_path_factory.mktemp("app"), TEMPLATE, ACCOUNT, **FILE)


def ask(server: MiniStack, service: str, operation: str, **arguments: Any) -> Any:
    return getattr(server.client(service, ACCOUNT, REGION), operation)(**arguments)


def test_cluster_has_fargate_and_instances(server: MiniStack, stack: CreatedStack) -> None:
    [cluster] = ask(server, "ecs", "describe_clusters", clusters=["shared"])["clusters"]
    own = stack.resources["Provider"]
    found = ask(server, "ecs", "describe_capacity_providers", capacityProviders=[own])
    provider = found["capacityProviders"][0]["autoScalingGroupProvider"]

    assert cluster["capacityProviders"] == ["FARGATE", own]
    assert cluster["defaultCapacityProviderStrategy"] == [{"capacityProvider": own, "weight": 2}]
    assert provider["managedDraining"] == "ENABLED"
    assert provider["managedScaling"] == {"status": "ENABLED", "targetCapacity": 2}


def test_service_shows_what_the_template_says(server: MiniStack, stack: CreatedStack) -> None:
    names = {"cluster": "shared", "services": [stack.outputs["ServiceName"]]}
    [service] = ask(server, "ecs", "describe_services", **names, include=["TAGS"])["services"]

    assert service["desiredCount"] == 2
    assert service["enableExecuteCommand"] is True
    assert service["healthCheckGracePeriodSeconds"] == 30
    assert service["propagateTags"] == "SERVICE"
    assert {"key": "team", "value": "infra"} in service["tags"]


def test_task_shows_what_the_template_says(server: MiniStack, stack: CreatedStack) -> None:
    arn = stack.resources["Task"]
    task = ask(server, "ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"]

    assert task["runtimePlatform"] == {"cpuArchitecture": "ARM64"}
    assert task["containerDefinitions"] == [
        {
            "name": "app",
            "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/app:1",
            "cpu": 0,
            "essential": True,
            "memoryReservation": 512,
            "portMappings": [{"containerPort": 8080}],
            "environment": [{"name": "PORT", "value": "8080"}],
            "healthCheck": {"command": ["CMD", "true"], "retries": 2},
            "dockerLabels": {"Team": "accounting"},
        }
    ]


def test_groups_have_the_rules_and_no_others(server: MiniStack, stack: CreatedStack) -> None:
    balancer, task = stack.resources["BalancerGroup"], stack.resources["TaskGroup"]
    found = ask(server, "ec2", "describe_security_groups", GroupIds=[balancer, task])
    groups = {group["GroupId"]: group for group in found["SecurityGroups"]}
    [ingress], [egress] = groups[task]["IpPermissions"], groups[balancer]["IpPermissionsEgress"]

    assert (ingress["FromPort"], ingress["UserIdGroupPairs"][0]["GroupId"]) == (8080, balancer)
    assert (egress["FromPort"], egress["UserIdGroupPairs"][0]["GroupId"]) == (8080, task)


def test_smaller_resources_are_there(server: MiniStack, stack: CreatedStack) -> None:
    template = {"LaunchTemplateId": stack.resources["LaunchTemplate"]}
    versions = ask(server, "ec2", "describe_launch_template_versions", **template)
    [group] = ask(server, "logs", "describe_log_groups")["logGroups"]
    [repository] = ask(server, "ecr", "describe_repositories")["repositories"]
    [alarm] = ask(server, "cloudwatch", "describe_alarms")["MetricAlarms"]
    namespace = {"ServiceNamespace": "ecs"}
    scaling = ask(server, "application-autoscaling", "describe_scalable_targets", **namespace)
    [target] = scaling["ScalableTargets"]

    data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert data["ImageId"].startswith("ami-")
    assert (group["logGroupName"], group["retentionInDays"]) == ("/ecs/app", 30)
    assert (repository["repositoryName"], repository["imageTagMutability"]) == ("app", "IMMUTABLE")
    assert [metric["Id"] for metric in alarm["Metrics"]] == ["rate", "errors"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 512)


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("http://app.example.test/a?b=c", 301, "https://app.example.test:443/a?b=c"),
        ("https://other.example.test:443/", 404, None),
        # The rule forwards, and behind it no container runs.
        ("https://app.example.test:443/", 503, None),
    ],
)
def test_balancer_answers(server: MiniStack, url: str, status: int, location: str | None) -> None:
    reply = server.get("front", url, account=ACCOUNT, region=REGION)

    assert (reply.status, reply.headers.get("Location")) == (status, location)


@pytest.mark.usefixtures("stack")
def test_accounts_are_apart(server: MiniStack) -> None:
    other = server.client("ecs", str(next(OTHER_ACCOUNTS)), REGION)

    assert other.list_clusters()["clusterArns"] == []


def test_failed_resource_is_told_with_its_reason(server: MiniStack, tmp_path: Path) -> None:
    template = """\
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Service: {Type: AWS::ECS::Service, Properties: {Cluster: nowhere, TaskDefinition: app}}
"""
    with pytest.raises(AssertionError) as failure:
        create(server, tmp_path, template)

    assert str(failure.value) == (
        "stack app is ROLLBACK_COMPLETE:\n"
        "Service (AWS::ECS::Service) CREATE_FAILED: Cluster not found."
    )


def test_forgotten_dependency_always_fails(server: MiniStack, tmp_path: Path) -> None:
    template = TEMPLATE.replace("DependsOn: [HostRule, Providers]", "DependsOn: Providers")

    with pytest.raises(AssertionError, match=r"Service .* not have an associated load balancer"):
        create(server, tmp_path, template, **FILE)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"Parameters": {"Typo": "1"}}, "does not declare the parameters Typo"),
        ({"lookups": {"VpcId": {}}}, "no value was given for the lookups VpcId"),
        ({}, "Unrecognized resource types"),
    ],
)
def test_refusal_is_told(
    server: MiniStack, tmp_path: Path, file: dict[str, Any], message: str
) -> None:
    with pytest.raises(AssertionError, match=message):
        create(server, tmp_path, "Resources: {Nothing: {Type: AWS::No::Such}}", **file)
