"""Values of secrets do not get onto a screen."""

from __future__ import annotations

import json

import pytest

from ecs_blocks.deploy.show.masking import HIDDEN, hidden_by, may_be_secret, shown

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("MasterUserPassword", "hunter2"),
        ("AuthToken", "hunter2"),
        ("SecretString", '{"user":"a"}'),
        ("Settings.ApiKey", "hunter2"),
        ("Environment.0.Value", "postgres://app:hunter2@db/app"),
        ("Environment.0.Value", "AKIAIOSFODNN7EXAMPLE"),
        ("Credentials.0.Value", "hunter2"),
        ("UserData", "export DB_PASSWORD=hunter2"),
        ("Environment", '[{"Name":"DB_PASSWORD","Value":"hunt'),
        ("Password", "arn:not really"),
        ("HealthCheck.Command.1", "curl -u admin:hunter2 http://localhost"),
        ("Command.0", "--password=hunter2"),
        ("Password", ""),
    ],
)
def test_what_is_a_secret_is_hidden(path: str, value: str) -> None:
    assert shown(path, value) == HIDDEN


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("MasterUserPassword", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("MasterUserSecret", ARN),
        ("Secrets.0.ValueFrom", "/hoge/db-password"),
        ("Secrets.0.Name", "DB_PASSWORD"),
        ("MetadataOptions.HttpTokens", "required"),
        ("ContainerDefinitions.0.Image", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge:1"),
        ("Environment.0.Value", "-Xmx256MB"),
        ("Command.1", "--fast"),
        ("Command", '["serve", "--port", "80"]'),
        ("Command", '["serve", "--password-file", "/run/x"]'),
        ("Environment", '[{"Name": "A",   "Value": "1"}]'),
        ("Secrets", json.dumps([{"Name": "DB_PASSWORD", "ValueFrom": ARN}])),
        ("Environment", '[{"Name":"A","Value":"cut by AW...'),
        ("Text", "[not json"),
        ("Deep", "[" * 100_000),
        ("", ""),
    ],
)
def test_what_is_none_is_shown_as_it_is(path: str, value: str) -> None:
    assert shown(path, value) == value


@pytest.mark.parametrize(
    ("path", "value", "may_be"),
    [
        ("Command.2", "hunter2", True),
        ("ContainerDefinitions.0.EntryPoint.1", "hunter2", True),
        ("Command.2", "--fast", False),
        ("Command.2", "{{resolve:ssm:a}}", False),
        ("Command.0", "serve", False),
        ("DistributionConfig.Origins.0.OriginCustomHeaders.0.HeaderValue", "hunter2", True),
        ("Conditions.0.HttpHeaderConfig.Values.0", "hunter2", True),
        ("Conditions.0.HttpHeaderConfig.Values", '["hunter2"]', True),
        ("Family", "hoge", False),
    ],
)
def test_what_only_its_surroundings_tell_may_be_a_secret_without_them(
    path: str,
    value: str,
    may_be: bool,  # noqa: FBT001 - a row
) -> None:
    assert may_be_secret(path, value) is may_be


@pytest.mark.parametrize(
    ("path", "properties", "expected"),
    [
        ("Command.1", {"Command": ["serve", "-w", "4"]}, False),
        ("Command.2", {"Command": ["serve", "--password", "4"]}, True),
        ("Command.3", {"Command": ["serve", "--password", "4"]}, None),
        ("Command.1", {"Command": [None, "4"]}, False),
        ("Command.1", None, None),
        ("Env.0.Value", {"Env": [{"Name": "DB_PASSWORD", "Value": "4"}]}, True),
        ("Env.0.Value", {"Env": [{"Name": "A", "Value": "4"}]}, False),
        ("Env.1.Value", {"Env": [{"Name": "A", "Value": "4"}]}, None),
        ("H.Values.0", {"H": {"HttpHeaderName": "X-Api-Key", "Values": ["4"]}}, True),
        ("H.Values.0", {"H": {"HttpHeaderName": "X-Team", "Values": ["4"]}}, False),
        ("0", ["4"], False),
    ],
)
def test_what_stands_around_a_value_says_whether_it_is_one(
    path: str,
    properties: object,
    expected: bool | None,  # noqa: FBT001 - a row
) -> None:
    assert hidden_by(path, "4", properties) is expected
    if properties is not None and expected is not None:
        assert hidden_by(path, ARN, properties) is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            [{"Name": "DB_PASSWORD", "Value": "hunter2"}, {"Name": "A", "Value": "1"}],
            [{"Name": "DB_PASSWORD", "Value": HIDDEN}, {"Name": "A", "Value": "1"}],
        ),
        ([{"Value": "hunter2", "Name": "API_KEY"}], [{"Value": HIDDEN, "Name": "API_KEY"}]),
        ({"a": {"token": ["hunter2"]}, "b": 1}, {"a": {"token": HIDDEN}, "b": 1}),
        ({"Password": ARN, "Url": "x://a:hunter2@b"}, {"Password": ARN, "Url": HIDDEN}),
        (["serve", "--password", "hunter2"], ["serve", "--password", HIDDEN]),
        (["curl", "-u", "admin:hunter2", "x"], ["curl", "-u", HIDDEN, "x"]),
        (
            {"HeaderName": "X-Origin-Verify", "HeaderValue": "hunter2"},
            {"HeaderName": "X-Origin-Verify", "HeaderValue": HIDDEN},
        ),
        (
            {"HttpHeaderName": "X-Origin-Secret", "Values": ["hunter2"]},
            {"HttpHeaderName": "X-Origin-Secret", "Values": HIDDEN},
        ),
        ({"Inner": '{"password": "hunter2"}'}, {"Inner": '{"password": "(hidden)"}'}),
    ],
)
def test_inside_of_json_only_the_secret_is_hidden(value: object, expected: object) -> None:
    assert json.loads(shown("Anything", json.dumps(value))) == expected
