"""The same against MiniStack, which somebody else wrote: does S3, ECR and the rest agree?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import pytest

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.records.flags import flags
from ecs_blocks.deploy.records.store import open_store
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.records.examples import ACCOUNT, IMAGE, at, record
from tests.deploy.records.services import ONCE, REGION, VARIABLES, StoppedClock
from tests.ministack.server import MiniStack, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.ministack

TEMPLATE: Final = (
    b"Resources:\n  Group:\n    Type: AWS::Logs::LogGroup\n".ljust(60_000, b"#") + b"\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[MiniStack]:
    with mock.patch.dict("os.environ", VARIABLES), running() as server:
        yield server


@pytest.fixture(scope="module")
def aws(server: MiniStack) -> Aws:
    return Aws(REGION, endpoint_url=server.url, clock=StoppedClock(), config=ONCE)


def make_bucket(server: MiniStack, name: str, region: str = REGION) -> None:
    where = {"LocationConstraint": region}
    server.client("s3", ACCOUNT, region).create_bucket(Bucket=name, CreateBucketConfiguration=where)


def test_records_are_kept_once_and_found_again(server: MiniStack, aws: Aws, tmp_path: Path) -> None:
    make_bucket(server, "deploys")
    settings = DeploySettings(records="s3://deploys/records")
    store = open_store(settings, aws, ACCOUNT, tmp_path)
    kept = [store.write(one) for one in (at(10), at(20), at(20, verified=False), at(20))]
    found = store.entries("hoge", "prod")

    assert [one.warning for one in kept] == [""] * 4
    assert [one.id for one in found] == [at(20).id, at(10).id]
    assert store.read("hoge", "prod", "2") == at(10)


def test_cloudformation_reads_the_template_where_it_was_put(server: MiniStack, aws: Aws) -> None:
    make_bucket(server, "templates")
    settings = DeploySettings(template_bucket="templates")
    first = placed(aws, settings, TEMPLATE, ACCOUNT)
    again = placed(aws, settings, TEMPLATE, ACCOUNT)
    cloudformation = aws.client("cloudformation")
    cloudformation.create_change_set(
        StackName="large", ChangeSetName="first", ChangeSetType="CREATE", **first
    )
    changes: list[dict[str, Any]] = cloudformation.describe_change_set(
        StackName="large", ChangeSetName="first"
    )["Changes"]

    assert again == first
    assert [one["ResourceChange"]["LogicalResourceId"] for one in changes] == ["Group"]


def test_a_bucket_in_another_region_is_refused(server: MiniStack, aws: Aws) -> None:
    make_bucket(server, "far-away", "eu-west-1")
    with pytest.raises(DeployError, match="the bucket far-away is in eu-west-1"):
        placed(aws, DeploySettings(template_bucket="far-away"), TEMPLATE, ACCOUNT)


def test_a_bucket_that_is_not_there_is_refused(aws: Aws) -> None:
    with pytest.raises(DeployError, match="there is no bucket nowhere"):
        placed(aws, DeploySettings(template_bucket="nowhere"), TEMPLATE, ACCOUNT)


def test_what_is_gone_is_flagged_and_what_is_there_is_not(aws: Aws) -> None:
    aws.client("ecr").create_repository(repositoryName="hoge")
    manifest = '{"schemaVersion": 2, "config": {}, "layers": []}'
    put = aws.client("ecr").put_image(
        repositoryName="hoge", imageManifest=manifest, imageTag="1.8.3"
    )
    digest = put["image"]["imageId"]["imageDigest"]
    secrets = aws.client("secretsmanager")
    kept, deleted = (
        secrets.create_secret(Name=name, SecretString="x")["ARN"] for name in ("kept", "deleted")
    )
    secrets.delete_secret(SecretId=deleted, RecoveryWindowInDays=7)
    aws.client("ssm").put_parameter(Name="/kept", Value="x", Type="SecureString")
    containers = [{"Secrets": [{"ValueFrom": one} for one in (kept, deleted, "/kept", "/deleted")]}]
    task = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": containers},
    }
    images = {"Image": f"{IMAGE.partition('@')[0]}@{digest}", "Old": IMAGE}
    gone = record(template={"Resources": {"Task": task}}, parameters={}, images=images)
    image, secret, parameter = flags(gone, aws)

    assert image == (
        "the image hoge@sha256:9c9c9c9c9c9c (Old) is no longer in ECR: its tasks cannot start"
    )
    assert secret.startswith("the secret deleted-")
    assert "is being deleted" in secret
    assert parameter == (
        "the parameter /deleted is no longer there: tasks that read it cannot start"
    )
