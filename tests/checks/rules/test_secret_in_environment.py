"""EB307. Regression: td-env-secret; td-env (plain settings) is good."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Template
from ecs_blocks.checks.rules.secret_in_environment import CHECK
from ecs_blocks.checks.run import judge
from tests.checks.helpers import resource, verdict


def task(**environment: Any) -> dict[str, Any]:
    listed = [{"Name": name, "Value": value} for name, value in environment.items()]
    container = {"Name": "app", "Environment": listed}
    return {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=[container])}


PLACE = "Task.ContainerDefinitions.0.Environment.0.Value"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
PLAIN = {
    "JAVA_OPTS": "-Xmx1500MB -Xms1500MB",
    "LOG_LEVEL": "info",
    "PORT": 8080,
    "DATABASE_URL": "postgres://db.internal:5432/hoge",
    "DATABASE_USER_URL": "postgres://app@db.internal/hoge",
    "TEMPLATED_URL": "postgres://app:${DB_PASSWORD}@db.internal/hoge",
    "PASSWORD_MIN_LENGTH": "hunter2",
    "TOKEN_TTL": "soon",
    "SECRET_NAME": "hoge-database",
    "TOKENIZER": "cl100k",
    "COMPASS": "north",
    "NEXT_PUBLIC_MAP_TOKEN": "pk.abcdefghijklmnop",
    "API_KEY_HEADER": "X-Api-Key",
    "KEY_STORE_OPTS": "-Djavax.net.ssl.keyStorePassword=changeit",
    "FLAGS": "--require-password=true",
    "PWD": "app",
    "BYPASS": "north",
    "DB_BYPASS": "north",
}
REFERENCES = {
    "DB_PASSWORD": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hoge-AbCdEf",
    "API_TOKEN": "/hoge/prod/api-token",
    "APP_SECRET": "prod/hoge/app-secret",
    "OAUTH_TOKEN": "https://login.example.com/oauth/token",
    "DB_PASSWD": "{{resolve:ssm:/hoge/password:1}}",
    "PASSWORD": "",
    "REQUIRE_TOKEN": "true",
    "CSRF_SECRET": "disabled",
    "MAX_TOKEN": "4096",
    "CACHE_TOKEN": "30s",
    "SIGNING_KEY": "./keys/signing.pem",
    "MASTER_KEY": "${MASTER_KEY}",
    "PRIVATE_KEY": "<from the vault>",
}
SECRETS = {
    "DB_PASSWORD": "hunter2",
    "dbPassword": "hunter2",
    "spring.datasource.password": "hunter2",
    "API_KEY": "9f2c1b7a",
    "api-key": "9f2c1b7a",
    "GITHUB_TOKEN_2": "something",
    "PASSWORD_PROD": "hunter2",
    "SECRET_KEY_BASE": "4f3a2b1c9d8e7f",
    "MYSQL_PWD": "hunter2",
    "Pwd": "hunter2",
    "PGPASSWORD": "hunter2",
    "DBPASSWORD": "hunter2",
    "DBPassword2": "hunter2",
    "dbpassword": "hunter2",
    "PGPASSWORD_PROD": "hunter2",
    "GPGPASSPHRASE": "hunter2",
    "REDISCLI_AUTH": "hunter2",
    "SSHPASS": "hunter2",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "GH": "ghp_" + "a1B2" * 9,
    "GH_FINE": "github_pat_" + "a1B2" * 8,
    "SLACK": "xoxb-123456789012-abcdefghij",
    "HOOK": "https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
    "STRIPE": "sk_live_" + "a1B2" * 6,
    "GOOGLE": "AIza" + "a" * 35,
    "SESSION": JWT,
    "CERT": "-----BEGIN RSA PRIVATE KEY-----",
    "DATABASE_URL": "postgres://app:hunter2@db.internal:5432/hoge",
    "NUMERIC_URL": "postgres://app:1234@db.internal/hoge",
    "REDIS": "redis://:hunter2@cache.internal:6379",
    "JDBC": "jdbc:mysql://db/hoge?user=app&password=hunter2",
    "ADO": "Server=db;Database=hoge;User Id=app;Pwd=hunter2;",
    "RESOLVED": "{{resolve:secretsmanager:hoge:SecretString:password}}",
}
GOOD = [
    *(pytest.param(task(**{name: value}), id=name) for name, value in PLAIN.items()),
    *(pytest.param(task(**{name: value}), id=f"{name} ref") for name, value in REFERENCES.items()),
    pytest.param(task(DB_PASSWORD={"Fn::GetAtt": ["Secret", "Arn"]}), id="attribute"),
    pytest.param(task(DB_PASSWORD={"Ref": "Secret"}), id="the secret's ARN"),
    pytest.param(
        task(URL={"Fn::Sub": "postgres://app:${Password}@${Db.Endpoint.Address}"}), id="Sub"
    ),
    pytest.param(task(DB_PASSWORD=["hunter2"]), id="a list is no value"),
]
BAD = [
    *(pytest.param(task(**{name: value}), [PLACE], id=name) for name, value in SECRETS.items()),
    pytest.param(
        task(URL={"Fn::Sub": "postgres://app:hunter2@${Db.Endpoint.Address}/hoge"}),
        [PLACE],
        id="written into a Sub",
    ),
    pytest.param(
        task(URL={"Fn::Join": ["", ["redis://:hunter2@", {"Ref": "Cache"}]]}),
        [PLACE],
        id="written into a Join",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


def test_unknown() -> None:
    template = {
        "Parameters": {"Password": {"Type": "String"}},
        "Resources": task(DB_PASSWORD={"Ref": "Password"}, LOG_LEVEL={"Ref": "Password"}),
    }

    verdict = judge(Template(template), [CHECK])

    assert verdict.findings == ()
    assert [n.property for n in verdict.not_checked] == [PLACE.removeprefix("Task.")]


@pytest.mark.parametrize(
    ("environment", "hidden"),
    [
        ({"DB_PASSWORD": {"Ref": "Password"}}, True),
        ({"DB": {"Fn::Sub": "postgres://app:${Password}@db.internal/hoge"}}, True),
        ({"DB": {"Fn::Join": ["", ["app:", {"Ref": "Password"}, "@db.internal"]]}}, True),
        ({"DB_PASSWORD_ARN": {"Ref": "PasswordArn"}}, False),
        ({"LOG_LEVEL": {"Ref": "LogLevel"}}, False),
        ({"LOG_LEVEL": {"Ref": "Elsewhere"}}, False),
    ],
)
def test_what_a_parameter_hides_is_shown_by_the_task(
    environment: dict[str, Any], *, hidden: bool
) -> None:
    template = {
        "Parameters": {
            "Password": {"Type": "String", "NoEcho": "true"},
            "PasswordArn": {"Type": "String", "NoEcho": True},
            "LogLevel": {"Type": "String", "NoEcho": False},
        },
        "Resources": task(**environment),
    }

    verdict = judge(Template(template), [CHECK])

    assert len(verdict.findings) == hidden
    assert verdict.not_checked == ()


@pytest.mark.parametrize("value", SECRETS.values())
def test_the_secret_itself_is_never_shown(value: str) -> None:
    (finding,) = judge(Template({"Resources": task(A_PASSWORD=value)}), [CHECK]).findings

    assert value not in finding.message
