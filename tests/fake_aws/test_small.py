"""What the smaller services answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import refused

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        yield fake


def test_the_caller_is_of_the_account(fake: FakeAws) -> None:
    assert fake.aws().identity().account_id == "123456789012"


def test_a_role_is_assumed_before_the_first_call(fake: FakeAws) -> None:
    aws = fake.aws(role_arn="arn:aws:iam::123456789012:role/releaser")
    aws.identity()

    # first it is asked whether the caller has the role already
    assert fake.operations == ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "answer"),
    [
        ("ssm", "get_parameter", {"Name": "/a"}, "ParameterNotFound: "),
        (
            "secretsmanager",
            "describe_secret",
            {"SecretId": "a"},
            "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        ),
        (
            "ecr",
            "describe_images",
            {"repositoryName": "fuga"},
            "RepositoryNotFoundException: The repository with name 'fuga' does not exist in the "
            "registry with id '123456789012'",
        ),
        (
            "iam",
            "get_role",
            {"RoleName": "a"},
            "NoSuchEntity: The role with name a cannot be found.",
        ),
        (
            "logs",
            "get_log_events",
            {"logGroupName": "a", "logStreamName": "b"},
            "ResourceNotFoundException: The specified log group does not exist.",
        ),
        (
            "elbv2",
            "describe_target_health",
            {"TargetGroupArn": "a"},
            "TargetGroupNotFound: Target groups '[a]' not found",
        ),
        (
            "s3",
            "get_object",
            {"Bucket": "none", "Key": "a"},
            "NoSuchBucket: The specified bucket does not exist",
        ),
    ],
)
def test_what_is_not_there_is_refused(
    fake: FakeAws, service: str, operation: str, arguments: dict[str, Any], answer: str
) -> None:
    found = refused(getattr(fake.aws().client(service), operation), **arguments)

    assert found.strip() == answer.strip()


def test_an_alarm_is_shown(fake: FakeAws) -> None:
    fake.world.cloudwatch.alarm("errors", state="ALARM")
    found = fake.aws().client("cloudwatch").describe_alarms(AlarmNames=["errors", "other"])

    assert [one["StateValue"] for one in found["MetricAlarms"]] == ["ALARM"]


def test_images_have_digests(fake: FakeAws) -> None:
    digest = fake.world.ecr.image("hoge", "1.0.0")
    newer = fake.world.ecr.image("hoge", "1.0.0", "2.0.0")
    ecr = fake.aws().client("ecr")
    ids = [{"imageTag": "1.0.0"}, {"imageTag": "9"}]
    found = ecr.batch_get_image(repositoryName="hoge", imageIds=ids)
    every = ecr.describe_images(repositoryName="hoge")["imageDetails"]

    assert [one["imageId"]["imageDigest"] for one in found["images"]] == [newer]
    assert [one["failureCode"] for one in found["failures"]] == ["ImageNotFound"]
    assert {one["imageDigest"] for one in every} == {digest, newer}


def test_only_a_tag_that_may_move_is_put_on_another_image(fake: FakeAws) -> None:
    fake.world.ecr.moving["hoge"] = ("deployed-*",)
    old = fake.world.ecr.image("hoge", "1.0.0", "deployed-a")
    new = fake.world.ecr.image("hoge", "2.0.0")
    ecr = fake.aws().client("ecr")
    [image] = ecr.batch_get_image(repositoryName="hoge", imageIds=[{"imageDigest": new}])["images"]
    given = {"repositoryName": "hoge", "imageManifest": image["imageManifest"]}
    ecr.put_image(**given, imageTag="deployed-a", imageDigest=new)
    again = refused(ecr.put_image, **given, imageTag="deployed-a")
    other = refused(ecr.put_image, **given, imageTag="1.0.0")
    wrong = refused(ecr.put_image, **given, imageTag="deployed-a", imageDigest=old)

    assert again.startswith("ImageAlreadyExistsException")
    assert other.startswith("ImageTagAlreadyExistsException")
    assert wrong.startswith("ImageDigestDoesNotMatchException")
    assert {one: found["tags"] for one, found in fake.world.ecr.repositories["hoge"].items()} == {
        old: ["1.0.0"],
        new: ["2.0.0", "deployed-a"],
    }


def test_an_object_is_written_once(fake: FakeAws) -> None:
    fake.world.s3.bucket("b")
    s3 = fake.aws().client("s3")
    s3.put_object(Bucket="b", Key="a/b", Body=b"one", IfNoneMatch="*")
    again = refused(s3.put_object, Bucket="b", Key="a/b", Body=b"two", IfNoneMatch="*")
    listed = s3.list_objects_v2(Bucket="b", Prefix="a/")["Contents"]

    assert again.startswith("PreconditionFailed")
    assert s3.get_object(Bucket="b", Key="a/b")["Body"].read() == b"one"
    assert [one["Key"] for one in listed] == ["a/b"]


@pytest.mark.parametrize("settings", [{"denied": True}, {"owner": "999999999999"}])
def test_a_bucket_of_somebody_else_is_closed(fake: FakeAws, settings: dict[str, Any]) -> None:
    fake.world.s3.bucket("b", **settings)
    s3 = fake.aws().client("s3")
    found = refused(s3.head_bucket, Bucket="b", ExpectedBucketOwner="123456789012")

    assert found.startswith("403")


def test_a_bucket_of_another_region_says_where_it_is(fake: FakeAws) -> None:
    fake.world.s3.bucket("b", region="us-east-1")
    found = fake.aws().client("s3").head_bucket(Bucket="b")

    assert found["BucketRegion"] == "us-east-1"
    assert next(one.error for one in fake.calls) == "PermanentRedirect"


def test_account_settings_are_kept(fake: FakeAws) -> None:
    ecs = fake.aws().client("ecs")
    ecs.put_account_setting_default(name="containerInsights", value="enhanced")
    found = ecs.list_account_settings(name="containerInsights")["settings"]

    assert [one["value"] for one in found] == ["enhanced"]


def test_a_parameter_of_ssm_is_resolved_for_a_template(fake: FakeAws) -> None:
    fake.world.ssm.values["/image"] = "ami-1"
    text = (
        '{"Parameters": {"Id": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/image"}}'
        ', "Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": '
        '{"Ref": "Id"}}}}}'
    )
    stack = fake.deployed("a", text)
    found = fake.aws().client("cloudformation").describe_stacks(StackName="a")["Stacks"][0]

    assert stack.resources["A"].properties == {"DisplayName": "ami-1"}
    assert found["Parameters"] == [
        {"ParameterKey": "Id", "ParameterValue": "/image", "ResolvedValue": "ami-1"}
    ]
