"""Files of variables in S3: named in the container, and read by the execution role alone."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, TOKENS, fargate_task, resources

BUCKET = eb.BucketName("settings")


def file(**changed: Any) -> eb.EnvironmentFile:
    return eb.EnvironmentFile(**{"bucket": BUCKET, "key": "web/v1.env"} | changed)


def task(*files: eb.EnvironmentFile, **changed: Any) -> dict[str, Any]:
    return resources(fargate_task(container=eb.Container(environment_files=files), **changed))


def sidecar(*files: eb.EnvironmentFile) -> eb.Sidecar:
    container = eb.Container(environment_files=files)
    return eb.Sidecar(name="proxy", image="proxy:1", memory_mib=64, container=container)


def test_the_container_names_its_files() -> None:
    found = task(file(), file(bucket=TOKENS.bucket, key=TOKENS.word))
    [container] = found["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]

    assert container["EnvironmentFiles"] == [
        {"Type": "s3", "Value": {"Fn::Sub": "arn:${AWS::Partition}:s3:::settings/web/v1.env"}},
        {"Type": "s3", "Value": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${Word}"}},
    ]


def test_the_execution_role_reads_these_and_no_others() -> None:
    found = task(file(key_arn=KEY), sidecars=(sidecar(file(key="proxy.env")),))
    policies = found["WebExecutionRole"]["Properties"]["Policies"]
    [policy] = [one for one in policies if one["PolicyName"] == "EnvironmentFiles"]

    assert [(one["Action"], one["Resource"]) for one in policy["PolicyDocument"]["Statement"]] == [
        (
            ["s3:GetObject"],
            [
                {"Fn::Sub": "arn:${AWS::Partition}:s3:::settings/web/v1.env"},
                {"Fn::Sub": "arn:${AWS::Partition}:s3:::settings/proxy.env"},
            ],
        ),
        (["s3:GetBucketLocation"], [{"Fn::Sub": "arn:${AWS::Partition}:s3:::settings"}]),
        (["kms:Decrypt"], [KEY]),
    ]


def test_without_a_file_nothing_is_said_of_one() -> None:
    assert "EnvironmentFiles" not in str(task())


@pytest.mark.parametrize("key", ["web/v1.txt", "/web/v1.env", ""])
def test_a_key_that_ecs_does_not_take(key: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        file(key=key)

    assert str(refused.value) == (
        f"{key!r} cannot be the key of an environment file: it ends in .env, and does not begin "
        "with a slash, like shop/settings.env"
    )


def test_more_than_ten_of_a_task_are_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        task(*(file(),) * 6, sidecars=(sidecar(*(file(),) * 5),))

    assert str(refused.value) == "11 environment files; ECS takes 10 of a task"


@pytest.mark.parametrize(
    ("chosen", "written"), [("enabled", {}), ("disabled", {"VersionConsistency": "disabled"})]
)
def test_which_image_the_tasks_of_one_deployment_run(chosen: Any, written: dict[str, str]) -> None:
    found = resources(fargate_task(container=eb.Container(version_consistency=chosen)))
    [container] = found["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]

    assert {k: v for k, v in container.items() if k == "VersionConsistency"} == written
