"""Secrets and parameters of containers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight.secrets import ParameterName, SecretName, check, parsed
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from ecs_blocks.deploy.preflight.subject import Subject
    from tests.deploy.preflight.scripted import Scripted

SSM = "arn:aws:ssm:ap-northeast-1:123456789012:parameter"
SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd"
CURRENT = {"ARN": SECRET, "VersionIdsToStages": {"v1": ["AWSCURRENT"], "v0": ["AWSPREVIOUS"]}}

NAMES = [
    ("db-password", ParameterName("db-password", "ap-northeast-1", ("db-password",))),
    ("/hoge/db", ParameterName("/hoge/db", "ap-northeast-1", ("/hoge/db",))),
    (f"{SSM}/hoge/db", ParameterName(f"{SSM}/hoge/db", "ap-northeast-1", ("/hoge/db",))),
    (f"{SSM}/db", ParameterName(f"{SSM}/db", "ap-northeast-1", ("/db", "db"))),
    (
        "arn:aws:ssm:eu-west-1:123456789012:parameter/db",
        ParameterName(
            "arn:aws:ssm:eu-west-1:123456789012:parameter/db",
            "eu-west-1",
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/db",),
        ),
    ),
    (
        "arn:aws:ssm:ap-northeast-1:999999999999:parameter/db",
        ParameterName(
            "arn:aws:ssm:ap-northeast-1:999999999999:parameter/db",
            "ap-northeast-1",
            ("arn:aws:ssm:ap-northeast-1:999999999999:parameter/db",),
        ),
    ),
    (SECRET, SecretName(SECRET, "ap-northeast-1")),
    (f"{SECRET}:password::", SecretName(SECRET, "ap-northeast-1")),
    (f"{SECRET}:password", SecretName(SECRET, "ap-northeast-1")),
    (f"{SECRET}:password:AWSPREVIOUS:", SecretName(SECRET, "ap-northeast-1", "AWSPREVIOUS")),
    (f"{SECRET}:::v0", SecretName(SECRET, "ap-northeast-1", "", "v0")),
    (
        "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-Ab12Cd",
        SecretName(
            "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-Ab12Cd", "cn-north-1"
        ),
    ),
    ("arn:aws:s3:::bucket/key", None),
]


@pytest.mark.parametrize(("value", "expected"), NAMES)
def test_every_form_of_a_secrets_name_is_understood(value: str, expected: object) -> None:
    assert parsed(value, "123456789012", "ap-northeast-1") == expected


def task(*values: Any) -> Subject:
    secrets = [{"Name": f"S{n}", "ValueFrom": value} for n, value in enumerate(values)]
    container = {"Name": "app", "Secrets": secrets}
    return subject({"Task": ("ECS::TaskDefinition", {"ContainerDefinitions": [container]})})


@pytest.mark.parametrize(
    ("value", "answer", "expected"),
    [
        (SECRET, CURRENT, []),
        (f"{SECRET}:password:AWSPREVIOUS:", CURRENT, []),
        (f"{SECRET}:::v0", CURRENT, []),
        (f"{SECRET}:password:AWSPREVIOUS:v0", CURRENT, []),
        (
            SECRET,
            refused("ResourceNotFoundException"),
            [f"problem: S0: {SECRET}: there is no such secret; no task would start"],
        ),
        (
            SECRET,
            {**CURRENT, "DeletedDate": dt.datetime(2026, 11, 30, tzinfo=dt.UTC)},
            [f"problem: S0: {SECRET}: the secret is to be deleted; no task would start"],
        ),
        (
            SECRET,
            {"ARN": SECRET},
            [f"problem: S0: {SECRET}: the secret has no value AWSCURRENT; no task would start"],
        ),
        (
            f"{SECRET}:password:AWSPENDING:",
            CURRENT,
            [f"problem: S0: {SECRET}: the secret has no value AWSPENDING; no task would start"],
        ),
        (
            f"{SECRET}:password::v9",
            CURRENT,
            [f"problem: S0: {SECRET}: the secret has no value v9; no task would start"],
        ),
        (
            f"{SECRET}:password:AWSCURRENT:v0",
            CURRENT,
            [f"problem: S0: {SECRET}: the secret has no value v0; no task would start"],
        ),
        (
            SECRET,
            DENIED,
            [
                f"skipped: S0: {SECRET}: not checked: the permission "
                "secretsmanager:DescribeSecret is missing"
            ],
        ),
        (
            SECRET,
            refused("ThrottlingException"),
            [
                f"skipped: S0: {SECRET}: not checked: secretsmanager:DescribeSecret was not "
                "answered (ThrottlingException)"
            ],
        ),
    ],
)
def test_a_secret_has_to_exist_and_to_hold_the_version_that_is_asked_for(
    server: Scripted, value: str, answer: Any, expected: list[str]
) -> None:
    server.on("secretsmanager.DescribeSecret", answer)

    assert found(check, server.aws, task(value)) == expected
    assert server.asked == [("secretsmanager.DescribeSecret", {"SecretId": SECRET})]


def test_a_secret_of_another_region_is_asked_for_there(server: Scripted) -> None:
    server.on("secretsmanager.DescribeSecret", CURRENT)
    there = SECRET.replace("ap-northeast-1", "eu-west-1")

    assert found(check, server.aws, task(there)) == []
    assert server.regions == {"eu-west-1"}


def stored(*names: str) -> Any:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        there = [name for name in asked["Names"] if name in names]
        return {
            "Parameters": [
                {"Name": name.partition(":")[0], "Selector": "".join(name.partition(":")[1:])}
                for name in there
            ],
            "InvalidParameters": [name for name in asked["Names"] if name not in there],
        }

    return answer


def test_each_missing_parameter_is_a_problem_and_none_is_decrypted(server: Scripted) -> None:
    server.on("ssm.GetParameters", stored("/hoge/a", "b", "/hoge/c:3"))
    of = task("/hoge/a", f"{SSM}/b", "/hoge/c:3", "/hoge/d", f"{SSM}/e", {"Ref": "Own"})

    assert found(check, server.aws, of) == [
        "problem: S3: SSM parameter /hoge/d: there is no such parameter; no task would start",
        f"problem: S4: SSM parameter {SSM}/e: there is no such parameter; no task would start",
    ]
    assert [one["WithDecryption"] for one in server.parameters("ssm.GetParameters")] == [False]


def test_twenty_parameters_are_asked_for_ten_names_at_a_time(server: Scripted) -> None:
    server.on("ssm.GetParameters", stored(*(f"/p{n}" for n in range(20))))

    assert found(check, server.aws, task(*(f"{SSM}/p{n}" for n in range(20)))) == []
    assert [len(one["Names"]) for one in server.parameters("ssm.GetParameters")] == [10] * 4


def test_parameters_that_may_not_be_read_are_told_one_by_one(server: Scripted) -> None:
    why = "not checked: the permission ssm:GetParameters is missing"

    assert found(check, server.aws, task("/a", "/b")) == [
        f"skipped: S0: SSM parameter /a: {why}",
        f"skipped: S1: SSM parameter /b: {why}",
    ]


def test_secrets_of_log_drivers_and_registries_count_too(server: Scripted) -> None:
    server.on("ssm.GetParameters", stored())
    container = {
        "Name": "app",
        "LogConfiguration": {"SecretOptions": [{"Name": "splunk-token", "ValueFrom": "/splunk"}]},
        "RepositoryCredentials": {"CredentialsParameter": SECRET},
    }
    of = subject({"Task": ("ECS::TaskDefinition", {"ContainerDefinitions": [container]})})

    assert found(check, server.aws, of) == [
        f"skipped: the registry's login: {SECRET}: not checked: the permission "
        "secretsmanager:DescribeSecret is missing",
        "problem: splunk-token: SSM parameter /splunk: there is no such parameter; no task would "
        "start",
    ]


def test_what_only_cloudformation_knows_is_not_asked_for(server: Scripted) -> None:
    undecided = {"Fn::If": ["Big", [], {"Ref": "AWS::NoValue"}]}
    of = subject({"Task": ("ECS::TaskDefinition", {"ContainerDefinitions": undecided})})

    assert found(check, server.aws, of) == []
    assert server.asked == []
