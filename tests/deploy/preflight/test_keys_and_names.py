"""Keys are enabled; fixed names of new resources are free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import keys, names
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"KeyMetadata": {"KeyId": "k", "KeyState": "Enabled"}}, []),
        (
            {"KeyMetadata": {"KeyId": "k", "KeyState": "Disabled"}},
            [f"problem: KMS key {KEY}: the key is Disabled; it is for Group, Topic"],
        ),
        (
            {"KeyMetadata": {"KeyId": "k", "KeyState": "PendingDeletion"}},
            [f"problem: KMS key {KEY}: the key is PendingDeletion; it is for Group, Topic"],
        ),
        (
            refused("NotFoundException"),
            [f"problem: KMS key {KEY}: there is no such key; it is for Group, Topic"],
        ),
        (
            DENIED,
            [f"skipped: KMS key {KEY}: not checked: the permission kms:DescribeKey is missing"],
        ),
    ],
)
def test_a_key_has_to_be_enabled(server: Scripted, answer: Any, expected: list[str]) -> None:
    server.on("kms.DescribeKey", answer)
    of = subject(
        {
            "Group": ("Logs::LogGroup", {"KmsKeyId": KEY}),
            "Topic": ("SNS::Topic", {"KmsMasterKeyId": KEY}),
            "Own": ("Logs::LogGroup", {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
            "Bucket": ("S3::Bucket", {"Rules": [{"KMSMasterKeyID": "alias/aws/s3"}]}),
        }
    )

    assert found(keys.check, server.aws, of) == expected
    assert server.asked == [("kms.DescribeKey", {"KeyId": KEY})]


def test_a_key_of_another_region_is_a_problem_that_needs_no_question(server: Scripted) -> None:
    there = KEY.replace("ap-northeast-1", "eu-west-1")
    of = subject({"Group": ("Logs::LogGroup", {"KmsKeyId": there})})

    assert found(keys.check, server.aws, of) == [
        f"problem: KMS key {there}: the key is in eu-west-1, but Group in ap-northeast-1"
    ]
    assert server.asked == []


GROUP = "ElasticLoadBalancingV2::TargetGroup"
BALANCER = "ElasticLoadBalancingV2::LoadBalancer"
ROW: dict[str, Any] = {
    "log group": (
        ("Logs::LogGroup", {"LogGroupName": "/ecs/hoge"}),
        "logs.DescribeLogGroups",
        {"logGroups": [{"logGroupName": "/ecs/hoge"}]},
        {"logGroups": [{"logGroupName": "/ecs/hoge-old"}]},
        "/ecs/hoge",
        "logs:DescribeLogGroups",
    ),
    "target group": (
        (GROUP, {"Name": "hoge"}),
        "elbv2.DescribeTargetGroups",
        {"TargetGroups": [{"TargetGroupName": "hoge"}]},
        refused("TargetGroupNotFound"),
        "arn:aws:elasticloadbalancing:ap-northeast-1:1:targetgroup/hoge/1a2b",
        "elasticloadbalancing:DescribeTargetGroups",
    ),
    "load balancer": (
        (BALANCER, {"Name": "hoge"}),
        "elbv2.DescribeLoadBalancers",
        {"LoadBalancers": [{"LoadBalancerName": "hoge"}]},
        refused("LoadBalancerNotFound"),
        "arn:aws:elasticloadbalancing:ap-northeast-1:1:loadbalancer/app/hoge/1a2b",
        "elasticloadbalancing:DescribeLoadBalancers",
    ),
    "role": (
        ("IAM::Role", {"RoleName": "hoge"}),
        "iam.GetRole",
        {
            "Role": {
                "Path": "/",
                "RoleName": "hoge",
                "RoleId": "AROA",
                "Arn": "arn:aws:iam::123456789012:role/hoge",
            }
        },
        refused("NoSuchEntity"),
        "hoge",
        "iam:GetRole",
    ),
    "repository": (
        ("ECR::Repository", {"RepositoryName": "hoge"}),
        "ecr.DescribeRepositories",
        {"repositories": [{"repositoryName": "hoge"}]},
        refused("RepositoryNotFoundException"),
        "hoge",
        "ecr:DescribeRepositories",
    ),
}


def name_of(word: str) -> str:
    [name] = ROW[word][0][1].values()
    return str(name)


@pytest.mark.parametrize("word", ROW)
def test_a_name_that_somebody_else_has_is_a_problem(server: Scripted, word: str) -> None:
    new, operation, taken, *_ = ROW[word]
    server.on(operation, taken)

    assert found(names.check, server.aws, subject({"New": new})) == [
        f"problem: New: there is a {word} {name_of(word)} already, outside this stack"
    ]


@pytest.mark.parametrize("word", ROW)
def test_a_free_name_is_no_news(server: Scripted, word: str) -> None:
    new, operation, _, free, *_ = ROW[word]
    server.on(operation, free)

    assert found(names.check, server.aws, subject({"New": new})) == []
    assert [name for name, _ in server.asked] == [operation]


@pytest.mark.parametrize("word", ROW)
def test_what_the_stack_has_already_is_not_asked_for(server: Scripted, word: str) -> None:
    new, _, _, _, physical_id, _ = ROW[word]
    of = subject({"Same": new}, has={"Same": (new[0], physical_id)})

    assert found(names.check, server.aws, of) == []
    assert server.asked == []


@pytest.mark.parametrize("word", ROW)
def test_a_resource_that_gets_another_name_is_asked_for(server: Scripted, word: str) -> None:
    new, operation, taken, *_ = ROW[word]
    server.on(operation, taken)
    of = subject({"Same": new}, has={"Same": (new[0], "other")})

    assert found(names.check, server.aws, of) == [
        f"problem: Same: there is a {word} {name_of(word)} already, outside this stack"
    ]


@pytest.mark.parametrize("word", ROW)
def test_another_logical_id_for_the_same_name_is_a_problem(server: Scripted, word: str) -> None:
    new, _, _, _, physical_id, _ = ROW[word]
    of = subject({"New": new}, has={"Old": (new[0], physical_id)})

    assert found(names.check, server.aws, of) == [
        f"problem: New: Old of this stack has the name {name_of(word)}, and is removed only after "
        f"the new {word} is made"
    ]


@pytest.mark.parametrize("word", ROW)
def test_a_missing_permission_is_named(server: Scripted, word: str) -> None:
    new, *_, permission = ROW[word]

    assert found(names.check, server.aws, subject({"New": new})) == [
        f"skipped: New: not checked: the permission {permission} is missing"
    ]


def test_two_types_may_share_a_name(server: Scripted) -> None:
    server.on("elbv2.DescribeTargetGroups", refused("TargetGroupNotFound"))
    has = {"Balancer": (BALANCER, ROW["load balancer"][4])}
    of = subject({"Group": (GROUP, {"Name": "hoge"})}, has=has)

    assert found(names.check, server.aws, of) == []


def test_names_that_cloudformation_makes_are_not_asked_for(server: Scripted) -> None:
    of = subject({"Role": ("IAM::Role", {}), "Group": (GROUP, {"Name": {"Ref": "Other"}})})

    assert found(names.check, server.aws, of) == []
    assert server.asked == []
