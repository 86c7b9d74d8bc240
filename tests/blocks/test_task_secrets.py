"""What a task's execution role may read, and how the container names it.

Trap 34: one key of a JSON secret goes between colons; the role reads these secrets and no others,
and decrypts what a key of one's own encrypted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.task import repository_arn
from tests.blocks.helpers import KEY, REPOSITORY, TOKENS, built, fargate_task, resources

if TYPE_CHECKING:
    from collections.abc import Callable

_SECRET = eb.SecretArn("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:web/db-Ab12Cd")
_NAME = eb.SsmParameterName("/web/password")
_COMPLETE_ARN = (
    "a secret is given by a secret's complete ARN, with the six characters at its end, like "
    "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-Ab12Cd"
)
_PARAMETER = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter"


def granted(**changed: Any) -> dict[str, list[Any]]:
    """The execution role's policies: name to statements."""
    role = resources(fargate_task(**changed))["WebExecutionRole"]["Properties"]
    return {
        policy["PolicyName"]: policy["PolicyDocument"]["Statement"] for policy in role["Policies"]
    }


def allowed(actions: list[str], found: list[Any]) -> list[dict[str, Any]]:
    return [{"Effect": "Allow", "Action": actions, "Resource": found}]


LOGS = allowed(
    ["logs:CreateLogStream", "logs:PutLogEvents"], [{"Fn::GetAtt": ["WebLogGroup", "Arn"]}]
)
PULL = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
]


def test_the_role_pulls_from_its_repositories_and_writes_into_its_log_group() -> None:
    assert granted() == {
        "Logs": LOGS,
        "Pull": allowed(
            PULL,
            [{"Fn::Sub": "arn:${AWS::Partition}:ecr:ap-northeast-1:123456789012:repository/web"}],
        ),
        "LogInToEcr": allowed(["ecr:GetAuthorizationToken"], ["*"]),
    }


def test_a_task_whose_image_is_not_in_ecr_may_not_use_ecr() -> None:
    assert granted(images=("docker.io/library/nginx",)) == {"Logs": LOGS}


@pytest.mark.parametrize(
    ("image", "arn"),
    [
        (f"{REPOSITORY}", "ecr:ap-northeast-1:123456789012:repository/web"),
        (
            "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/team/web",
            "ecr:us-east-1:123456789012:repository/team/web",
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web",
            "ecr:cn-north-1:123456789012:repository/web",
        ),
        (
            "123456789012.dkr-ecr.ap-northeast-1.on.aws/web",
            "ecr:ap-northeast-1:123456789012:repository/web",
        ),
        (
            "123456789012.dkr-ecr-fips.us-east-1.on.aws/web",
            "ecr:us-east-1:123456789012:repository/web",
        ),
        (
            "xxxxxxxxxx.dkr.ecr.ap-northeast-1.amazonaws.com/hoge",
            "ecr:ap-northeast-1:xxxxxxxxxx:repository/hoge",
        ),
    ],
)
def test_an_image_in_ecr_is_a_repository(image: str, arn: str) -> None:
    found = repository_arn(image)

    assert isinstance(found, eb.Token)
    assert found.to_dict() == {"Fn::Sub": f"arn:${{AWS::Partition}}:{arn}"}


@pytest.mark.parametrize(
    "image",
    ["nginx", "public.ecr.aws/nginx/nginx", "ghcr.io/team/web", "dkr.ecr.amazonaws.com/web"],
)
def test_an_image_elsewhere_is_none(image: str) -> None:
    assert repository_arn(image) is None


SECRETS = [
    pytest.param(
        eb.SsmParameter(_NAME),
        {"Fn::Sub": f"{_PARAMETER}/web/password"},
        {"Parameters": allowed(["ssm:GetParameters"], [{"Fn::Sub": f"{_PARAMETER}/web/password"}])},
        id="a parameter",
    ),
    pytest.param(
        eb.SsmParameter(TOKENS.secret_name),
        {"Fn::Sub": f"{_PARAMETER}${{SecretName}}"},
        {
            "Parameters": allowed(
                ["ssm:GetParameters"], [{"Fn::Sub": f"{_PARAMETER}${{SecretName}}"}]
            )
        },
        id="a parameter by token",
    ),
    pytest.param(
        eb.SsmParameter(_NAME, KEY),
        {"Fn::Sub": f"{_PARAMETER}/web/password"},
        {
            "Parameters": allowed(
                ["ssm:GetParameters"], [{"Fn::Sub": f"{_PARAMETER}/web/password"}]
            ),
            "Decrypt": allowed(["kms:Decrypt"], [KEY]),
        },
        id="a parameter under a key of one's own",
    ),
    pytest.param(
        eb.Secret(_SECRET),
        _SECRET,
        {"Secrets": allowed(["secretsmanager:GetSecretValue"], [_SECRET])},
        id="a whole secret",
    ),
    pytest.param(
        eb.Secret(_SECRET, "password"),
        f"{_SECRET}:password::",
        {"Secrets": allowed(["secretsmanager:GetSecretValue"], [_SECRET])},
        id="one key of a secret",
    ),
    pytest.param(
        eb.Secret(TOKENS.secret_arn, "password", TOKENS.key_arn),
        {"Fn::Sub": "${SecretArn}:password::"},
        {
            "Secrets": allowed(["secretsmanager:GetSecretValue"], [{"Ref": "SecretArn"}]),
            "Decrypt": allowed(["kms:Decrypt"], [{"Ref": "KeyArn"}]),
        },
        id="one key of a secret by token under a key of one's own",
    ),
]


@pytest.mark.parametrize(("secret", "value_from", "policies"), SECRETS)
def test_trap_34_a_secret_is_named_as_ecs_wants_it_and_the_role_may_read_it(
    secret: Any, value_from: object, policies: dict[str, Any]
) -> None:
    found = resources(fargate_task(secrets={"PASSWORD": secret}, images=()))
    [container] = found["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]

    assert container["Secrets"] == [{"Name": "PASSWORD", "ValueFrom": value_from}]
    assert granted(secrets={"PASSWORD": secret}, images=()) == {"Logs": LOGS, **policies}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: eb.SsmParameter(eb.SsmParameterName("web password")),
            "a secret is given by the name of an SSM parameter, like /hoge/db-password",
            id="a parameter's name with a space",
        ),
        pytest.param(
            lambda: eb.Secret(eb.SecretArn("hoge/db")),
            _COMPLETE_ARN,
            id="a secret's name instead of its ARN",
        ),
        pytest.param(
            lambda: eb.Secret(eb.SecretArn(_SECRET.removesuffix("-Ab12Cd"))),
            _COMPLETE_ARN,
            id="an ARN without its end",
        ),
        pytest.param(
            lambda: eb.Secret(eb.SecretArn(_NAME)),
            _COMPLETE_ARN,
            id="a parameter's name as a secret",
        ),
    ],
)
def test_a_secret_that_is_given_by_something_else_is_refused(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


def test_trap_34_two_keys_of_one_secret_are_one_permission() -> None:
    secrets = {
        "USER": eb.Secret(_SECRET, "user", KEY),
        "PASSWORD": eb.Secret(_SECRET, "password", KEY),
        "A": eb.SsmParameter(TOKENS.secret_name),
        "B": eb.SsmParameter(TOKENS.secret_name),
    }

    found = granted(secrets=secrets, images=())

    assert {name: statements[0]["Resource"] for name, statements in found.items()} == {
        "Logs": [{"Fn::GetAtt": ["WebLogGroup", "Arn"]}],
        "Parameters": [{"Fn::Sub": f"{_PARAMETER}${{SecretName}}"}],
        "Secrets": [_SECRET],
        "Decrypt": [KEY],
    }


def test_a_secret_s_value_never_stands_in_the_template() -> None:
    made = built(fargate_task(secrets={"PASSWORD": eb.Secret(_SECRET)}))
    [container] = made.resources["WebTaskDefinition"]["Properties"]["ContainerDefinitions"]

    assert "Environment" not in container
