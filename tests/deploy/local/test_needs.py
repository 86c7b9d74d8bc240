"""What a stack takes for granted, read out of the shipped apps as they are rendered."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.local.needs import needs_of
from ecs_blocks.deploy.local.registry import NeededImage
from tests.deploy.local.stage import rendered

REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"
CERTIFICATE = (
    "arn:aws:acm:ap-northeast-1:111122223333:certificate/0d5e1a2b-0001-4000-8000-000000000001"
)
PUBLIC = ("subnet-0d1a2b3c4d5e6f701", "subnet-0d1a2b3c4d5e6f702")
PRIVATE = ("subnet-0d1a2b3c4d5e6f711", "subnet-0d1a2b3c4d5e6f712")
HERE = "arn:aws:{}:ap-northeast-1:111122223333:{}"
PASSWORD = "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:db-a1B2c3"


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (
            "hoge",
            {
                "vpcs": ("vpc-0d5e1a2b3c4d5e6f7",),
                "subnets": (PUBLIC, PRIVATE),
                "zones": {"Z0DEV1234567890ABCDEF": "dev.example.com"},
                "certificates": (CERTIFICATE,),
                "clusters": ("dev-default",),
                "secrets": {},
                "parameters": (),
                "images": (NeededImage(f"{REGISTRY}/hoge-image:1.0", 8080),),
            },
        ),
        (
            "fuga",
            {
                "subnets": (PUBLIC, PRIVATE),
                "parameters": ("/fuga/database-password",),
                "images": (NeededImage(f"{REGISTRY}/fuga-image:1.0", 8080),),
            },
        ),
        (
            "cluster",
            {
                "vpcs": ("vpc-0d5e1a2b3c4d5e6f7",),
                "zones": {},
                "certificates": (),
                "clusters": (),
                "buckets": (),
                "topics": (),
                "images": (),
            },
        ),
    ],
)
def test_an_app_needs(app: str, expected: dict[str, Any]) -> None:
    overrides = {} if app == "cluster" else {"ImageTag": "1.0"}
    found = structs.asdict(needs_of(rendered(app, **overrides)))

    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("parameters", "field", "expected"),
    [
        ({"AccessLogBucket": "logs"}, "buckets", ("logs",)),
        ({"AlarmTopicArn": HERE.format("sns", "alarms")}, "topics", ("alarms",)),
        # of another account, which is not prepared
        ({"AlarmTopicArn": "arn:aws:sns:ap-northeast-1:999:alarms"}, "topics", ()),
        (
            {"KeyArn": HERE.format("kms", "key/0a1b2c3d-0000-4000-8000-0123456789ab")},
            "keys",
            (HERE.format("kms", "key/0a1b2c3d-0000-4000-8000-0123456789ab"),),
        ),
        (
            {"Image": "public.ecr.aws/nginx:1"},
            "images",
            (NeededImage("public.ecr.aws/nginx:1", 8080),),
        ),
    ],
)
def test_what_the_platform_gives_is_needed_too(
    parameters: dict[str, str], field: str, expected: tuple[Any, ...]
) -> None:
    given = rendered("hoge")
    given = structs.replace(given, parameters={**given.parameters, **parameters})

    assert getattr(needs_of(given), field) == expected


def test_what_another_stack_makes_is_not_needed() -> None:
    assert needs_of(rendered("hoge"), [rendered("cluster")]).clusters == ()


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ([PASSWORD], {PASSWORD: ()}),
        ([f"{PASSWORD}:user::", f"{PASSWORD}:password::"], {PASSWORD: ("user", "password")}),
    ],
)
def test_secrets_are_needed_with_the_keys_that_are_read(
    references: list[str], expected: dict[str, tuple[str, ...]]
) -> None:
    secrets = [{"Name": f"S{n}", "ValueFrom": one} for n, one in enumerate(references)]
    container = {"Name": "app", "Image": "x", "Secrets": secrets}
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}}
    given = structs.replace(rendered("hoge"), template={"Resources": {"Task": task}})

    assert needs_of(given).secrets == expected


@pytest.mark.parametrize(
    ("text", "secrets", "plain"),
    [
        (f"{{{{resolve:secretsmanager:{PASSWORD}:SecretString:user}}}}", {PASSWORD: ("user",)}, ()),
        (f"{{{{resolve:secretsmanager:{PASSWORD}}}}}", {PASSWORD: ()}, ()),
        ("a {{resolve:ssm:/company/key}} b {{resolve:ssm:size:3}}", {}, ("/company/key", "size")),
        ("{{resolve:ssm-secure:/company/word}}", {}, ()),
    ],
)
def test_what_cloudformation_puts_into_the_template_is_needed(
    text: str, secrets: dict[str, tuple[str, ...]], plain: tuple[str, ...]
) -> None:
    rule = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": text}}
    needs = needs_of(structs.replace(rendered("hoge"), template={"Resources": {"Group": rule}}))

    assert (needs.secrets, needs.plain_parameters) == (secrets, plain)
