"""A prepared account has what the pre-flight of a deploy looks for, under the very ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.stack import read_resources, read_stack
from ecs_blocks.deploy.image import reference_of
from ecs_blocks.deploy.local.oci import stand_in
from ecs_blocks.deploy.local.registry import PLACEHOLDER_TAG, _push
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.deploy.preflight.run import preflight
from ecs_blocks.deploy.preflight.subject import Subject
from ecs_blocks.environment.fields import Lookup
from tests.deploy.local.stage import aws_of, deployed, executed, prepared, target

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.local.process import Local
    from ecs_blocks.deploy.target import Target

pytestmark = pytest.mark.ministack

REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"


@pytest.fixture(scope="module")
def aws(local: Local) -> Aws:
    """The account of dev, in which the cluster's stack is."""
    aws = aws_of(local)
    assert deployed(aws, target("cluster"))["StackStatus"] == "CREATE_COMPLETE"
    return aws


def problems(aws: Aws, wanted: Target) -> list[str]:
    stack = read_stack(aws, wanted.stack_name)
    resources = read_resources(aws, stack.stack_id) if stack is not None else []
    found = resolve(aws, wanted.place, wanted.rendered)
    subject = Subject.of(wanted, found, stack, resources)
    return [str(problem) for problem in preflight(aws, subject).problems]


@pytest.mark.parametrize("app", ["hoge", "fuga"])
def test_a_first_deploy_finds_nothing_missing(aws: Any, app: str) -> None:
    made, _ = prepared(aws, target(app))
    missing = problems(aws, made)
    found = resolve(aws, made.place, made.rendered)
    stack = executed(aws, made, found)

    assert missing == []
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert f"{app}-image@sha256:" in found.values["Image"]


def test_without_it_the_preflight_would_find_a_lot(local: Local) -> None:
    other = aws_of(local, "prod")
    wanted = target("cluster", "prod")

    assert len(problems(other, wanted)) > 3


def test_to_prepare_again_changes_nothing(aws: Any) -> None:
    prepared(aws, target("fuga", ImageTag="1.0"))
    before = everything(aws)
    _, said = prepared(aws, target("fuga", ImageTag="1.0"))

    assert everything(aws) == before
    assert [line for line in said if "will be" not in line] == []


def everything(aws: Any) -> list[Any]:
    """What the services say is there."""
    images = aws_of(aws.local, "prod").client("ecr")
    return [
        aws.client("ec2").describe_vpcs()["Vpcs"],
        aws.client("ec2").describe_subnets()["Subnets"],
        aws.client("route53").list_hosted_zones()["HostedZones"],
        aws.client("acm").list_certificates()["CertificateSummaryList"],
        aws.client("ecs").list_clusters()["clusterArns"],
        aws.client("iam").list_roles()["Roles"],
        aws.client("ssm").describe_parameters()["Parameters"],
        images.describe_images(repositoryName="fuga-image")["imageDetails"],
    ]


def test_the_network_is_as_platform_says_and_in_two_zones(aws: Any) -> None:
    prepared(aws, target("hoge"))
    subnets = aws.client("ec2").describe_subnets()["Subnets"]
    zones = {one["SubnetId"]: one["AvailabilityZone"] for one in subnets}
    public = [zones[f"subnet-0d1a2b3c4d5e6f70{n}"] for n in (1, 2)]
    private = [zones[f"subnet-0d1a2b3c4d5e6f71{n}"] for n in (1, 2)]
    own = [one["VpcId"] for one in subnets if one["SubnetId"].startswith("subnet-0d1a2b")]

    assert public == private == ["ap-northeast-1a", "ap-northeast-1b"]
    assert set(own) == {"vpc-0d5e1a2b3c4d5e6f7"}
    assert len({one["CidrBlock"] for one in subnets if one["SubnetId"] in zones}) == len(zones)


def test_a_first_deploy_without_a_tag_has_a_placeholder_for_an_image(aws: Any) -> None:
    wanted = target("hoge")
    other = structs.replace(wanted.rendered, stack_name="not-there-yet")
    made, _ = prepared(aws, structs.replace(wanted, rendered=other))

    assert made.rendered.parameters["Image"] == f"{REGISTRY}/hoge-image:{PLACEHOLDER_TAG}"
    assert "Image" not in made.rendered.lookups


def test_it_says_what_stands_in_for_an_image_and_where_to_look(aws: Any) -> None:
    _, said = prepared(aws, target("hoge", ImageTag="8.0"))

    assert said == [
        f"{REGISTRY}/hoge-image:8.0: not built yet; a placeholder that answers on port 8080",
        "hoge-dev: https://hoge.dev.example.com will be "
        f"http://hoge.dev.example.com.localhost:{aws.local.port}/ here",
    ]


def test_a_later_one_keeps_what_runs(aws: Any) -> None:
    """But a placeholder: its tag may stand on an image that was built since."""
    deployed(aws, target("hoge", ImageTag="7.0"))
    reference = reference_of(f"{REGISTRY}/hoge-image:7.0")
    assert reference is not None
    again, _ = prepared(aws, target("hoge"))
    _push(aws.local, reference, stand_in("sha256:built", "amd64"))
    deployed(aws, target("hoge", ImageTag="7.0"))
    built, _ = prepared(aws, target("hoge"))
    value = resolve(aws, built.place, built.rendered).values["Image"]

    assert again.rendered.parameters["Image"] == f"{REGISTRY}/hoge-image:7.0"
    assert "Image" not in again.rendered.lookups
    assert "Image" in built.rendered.lookups
    assert value == f"{REGISTRY}/hoge-image@{stand_in('sha256:built', 'amd64').index.digest}"


def test_nothing_is_made_before_the_stack_that_is_looked_up(local: Local) -> None:
    aws = aws_of_nobody(local)
    wanted = target("hoge")
    made, said = prepared(aws, wanted)

    assert made.rendered.lookups == {
        key: one for key, one in wanted.rendered.lookups.items() if key != "Image"
    }
    assert said == []
    assert aws.client("route53").list_hosted_zones()["HostedZones"] == []


def aws_of_nobody(local: Local) -> Any:
    """The clients of an account in which nothing is."""
    return type(aws_of(local))(local, "999999999999", "ap-northeast-1")


def test_a_parameter_that_is_looked_up_is_made_up_and_what_it_names_is_made(aws: Any) -> None:
    wanted = target("hoge", ImageTag="1.0")
    lookups = {**wanted.rendered.lookups, "VpcId": Lookup("Ssm", (("Name", "/platform/vpc"),))}
    parameters = {k: v for k, v in wanted.rendered.parameters.items() if k != "VpcId"}
    changed = structs.replace(wanted.rendered, lookups=lookups, parameters=parameters)
    made, said = prepared(aws, structs.replace(wanted, rendered=changed))
    vpc = resolve(aws, made.place, made.rendered).values["VpcId"]
    there = aws.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]

    assert f"SSM parameter /platform/vpc: not there; made up as {vpc}" in said
    assert [one["VpcId"] for one in there] == [vpc]


def test_a_network_that_is_looked_up_by_tags_is_made_once_and_found(aws: Any) -> None:
    wanted = target("hoge", ImageTag="1.0")
    by_tags = {
        "VpcId": Lookup("Vpc", (("Name", "elsewhere"),)),
        "PublicSubnetIds": Lookup("Subnets", (("Tier", "public"), ("Network", "elsewhere"))),
        "PrivateSubnetIds": Lookup("Subnets", (("Tier", "private"), ("Network", "elsewhere"))),
        "DatabaseGroupId": Lookup("SecurityGroup", (("Name", "database"),)),
    }
    given = {k: v for k, v in wanted.rendered.parameters.items() if k not in by_tags}
    template = dict(wanted.rendered.template)
    group = {"DatabaseGroupId": {"Type": "AWS::EC2::SecurityGroup::Id"}}
    template["Parameters"] = {**template["Parameters"], **group}
    lookups = {**wanted.rendered.lookups, **by_tags}
    changed = structs.replace(wanted.rendered, template=template, lookups=lookups, parameters=given)
    made, said = prepared(aws, structs.replace(wanted, rendered=changed))
    found = resolve(aws, made.place, made.rendered).values
    _, again = prepared(aws, structs.replace(wanted, rendered=changed))
    ids = found["PublicSubnetIds"].split(",") + found["PrivateSubnetIds"].split(",")
    subnets = aws.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]
    groups = aws.client("ec2").describe_security_groups(GroupIds=[found["DatabaseGroupId"]])

    assert f"VPC with Name=elsewhere: not there; made up as {found['VpcId']}" in said
    assert len([line for line in said if "made up as" in line]) == len(by_tags)
    assert [line for line in again if "made up as" in line] == []
    assert problems(aws, made) == []
    assert len(set(ids)) == 4
    assert {one["VpcId"] for one in subnets} == {found["VpcId"]}
    assert [one["VpcId"] for one in groups["SecurityGroups"]] == [found["VpcId"]]


def test_what_containers_are_given_is_there_and_holds_local(aws: Any) -> None:
    prepared(aws, target("fuga", ImageTag="1.0"))
    name = "/fuga/database-password"
    found = aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]

    assert (found["Type"], found["Value"]) == ("SecureString", "local")


@pytest.mark.parametrize(
    ("name", "more", "value"),
    [
        ("whole-a1B2c3", "", "local"),
        ("one-a1B2c3", ":user::", '{"user": "local"}'),
        ("team/with-hyphens-a1B2c3", ":user::1234", '{"user": "local"}'),
    ],
)
def test_a_secret_has_the_arn_that_is_asked_for(aws: Any, name: str, more: str, value: str) -> None:
    arn = f"arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:{name}"
    secrets = [{"Name": "PASSWORD", "ValueFrom": f"{arn}{more}"}]
    container = {"Name": "app", "Image": "public.ecr.aws/x:1", "Secrets": secrets}
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}}
    wanted = target("hoge")
    rendered = structs.replace(wanted.rendered, template={"Resources": {"Task": task}}, lookups={})
    prepared(aws, structs.replace(wanted, rendered=rendered))
    found = aws.client("secretsmanager").get_secret_value(SecretId=arn)

    assert (found["ARN"], found["SecretString"]) == (arn, value)


@pytest.mark.parametrize(
    ("key", "value", "ask"),
    [
        ("AccessLogBucket", "my-logs", lambda aws: aws.client("s3").head_bucket(Bucket="my-logs")),
        (
            "AlarmTopicArn",
            "arn:aws:sns:ap-northeast-1:111122223333:alarms",
            lambda aws: aws.client("sns").get_topic_attributes(
                TopicArn="arn:aws:sns:ap-northeast-1:111122223333:alarms"
            ),
        ),
        (
            "KeyArn",
            "arn:aws:kms:ap-northeast-1:111122223333:key/0a1b2c3d-0000-4000-8000-0123456789ab",
            lambda aws: aws.client("kms").describe_key(
                KeyId="0a1b2c3d-0000-4000-8000-0123456789ab"
            ),
        ),
        (
            "ClusterName",
            "somewhere-else",
            lambda aws: aws.client("ecs").describe_clusters(clusters=["somewhere-else"])[
                "clusters"
            ][0],
        ),
    ],
)
def test_what_the_platform_names_by_hand_is_made(aws: Any, key: str, value: str, ask: Any) -> None:
    wanted = target("hoge", ImageTag="1.0")
    lookups = {name: one for name, one in wanted.rendered.lookups.items() if name != key}
    parameters = {**wanted.rendered.parameters, key: value}
    rendered = structs.replace(wanted.rendered, parameters=parameters, lookups=lookups)
    prepared(aws, structs.replace(wanted, rendered=rendered))

    assert ask(aws)
