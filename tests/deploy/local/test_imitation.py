"""What a deploy relies on and MiniStack alone does otherwise."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.deploy.local.stage import ACCOUNTS, aws_of, deployed, target

if TYPE_CHECKING:
    from ecs_blocks.deploy.local.clients import LocalAws
    from ecs_blocks.deploy.local.process import Local

pytestmark = pytest.mark.ministack

REPOSITORY = {"registryId": ACCOUNTS["prod"], "repositoryName": "hoge-image"}


@pytest.fixture(scope="module")
def aws(local: Local) -> LocalAws:
    """Dev, with hoge deployed twice."""
    aws = aws_of(local)
    for wanted in (target("cluster"), *(target("hoge", ImageTag=tag) for tag in ("1.0", "1.1"))):
        deployed(aws, wanted)
    return aws


def events(aws: LocalAws, logical_id: str) -> list[tuple[str, str, str]]:
    """Status, reason and physical id of a resource's events, the first first."""
    pages = aws.client("cloudformation").get_paginator("describe_stack_events")
    found = [
        event for page in pages.paginate(StackName="hoge-dev") for event in page["StackEvents"]
    ]
    return [
        (e["ResourceStatus"], e.get("ResourceStatusReason", ""), e.get("PhysicalResourceId", ""))
        for e in reversed(found)
        if e["LogicalResourceId"] == logical_id
    ]


def test_a_services_arn_is_told_before_it_is_stable_and_all_through_an_update(
    aws: LocalAws,
) -> None:
    first, initiated, *others = events(aws, "HogeService")
    arn = initiated[2]

    assert first == ("CREATE_IN_PROGRESS", "", "")
    assert initiated[:2] == ("CREATE_IN_PROGRESS", "Resource creation Initiated")
    assert arn.startswith("arn:aws:ecs:")
    assert others == [
        ("CREATE_COMPLETE", "", arn),
        ("UPDATE_IN_PROGRESS", "", arn),
        ("UPDATE_COMPLETE", "", arn),
    ]


def test_a_task_names_its_deployment_and_who_stopped_it(aws: LocalAws) -> None:
    ecs = aws.client("ecs")
    arns = ecs.list_tasks(cluster="dev-default", desiredStatus="STOPPED")["taskArns"]
    [task] = ecs.describe_tasks(cluster="dev-default", tasks=arns)["tasks"]

    assert task["startedBy"].startswith("ecs-svc/")
    assert task["stopCode"] == "ServiceSchedulerInitiated"
    assert task["stoppedReason"] == (
        f"Scaling activity initiated by (deployment {task['startedBy']})"
    )


def test_the_registry_of_another_account_can_be_read(aws: LocalAws) -> None:
    ecr = aws.client("ecr")
    wanted = [{"imageTag": "1.1"}]
    [image] = ecr.batch_get_image(**REPOSITORY, imageIds=wanted)["images"]
    [described] = ecr.describe_images(**REPOSITORY, imageIds=wanted)["imageDetails"]

    assert image["imageId"]["imageDigest"] == described["imageDigest"]
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.describe_images(repositoryName="hoge-image", imageIds=wanted)


def test_a_blob_of_the_registry_is_on_this_machine(aws: LocalAws) -> None:
    ecr = aws.client("ecr")
    [image] = ecr.batch_get_image(**REPOSITORY, imageIds=[{"imageTag": "1.1"}])["images"]
    [first, _] = json.loads(image["imageManifest"])["manifests"]
    ids = [{"imageDigest": first["digest"]}]
    [manifest] = ecr.batch_get_image(**REPOSITORY, imageIds=ids)["images"]
    config = json.loads(manifest["imageManifest"])["config"]["digest"]
    url = ecr.get_download_url_for_layer(**REPOSITORY, layerDigest=config)["downloadUrl"]
    with urllib.request.urlopen(url) as response:
        content = json.load(response)

    assert url.startswith(f"{aws.local.url}/v2/")
    assert content["architecture"] == first["platform"]["architecture"]


@pytest.mark.parametrize(
    ("operation", "key", "count"),
    [
        ("describe_scalable_targets", "ScalableTargets", 1),
        ("describe_scaling_policies", "ScalingPolicies", 3),
        ("describe_scaling_activities", "ScalingActivities", 0),
    ],
)
def test_application_auto_scaling_can_be_asked(
    aws: LocalAws, operation: str, key: str, count: int
) -> None:
    call: Any = getattr(aws.client("application-autoscaling"), operation)

    assert len(call(ServiceNamespace="ecs")[key]) == count
