"""Signing in at the load balancer. The secret is a reference, and its value in no template."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.templates.plain import plain
from tests.blocks.helpers import TOKENS, resolved

ARN = eb.SecretArn("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:web/oidc-Ab12Cd")


def oidc(**changed: Any) -> eb.Oidc:
    arguments: dict[str, Any] = {
        "issuer": "https://login.example.com",
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "user_info_endpoint": "https://login.example.com/userinfo",
        "client_id": "web",
        "client_secret": eb.Secret(ARN, "client_secret"),
    }
    return eb.Oidc(**arguments | changed)


def cognito(**changed: Any) -> eb.Cognito:
    arguments: dict[str, Any] = {
        "user_pool_arn": "arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/x",
        "client_id": "web",
        "domain": "web",
    }
    return eb.Cognito(**arguments | changed)


def config(authentication: eb.Oidc | eb.Cognito) -> dict[str, Any]:
    found: dict[str, Any] = plain(authentication.action())
    [name] = {"AuthenticateOidcConfig", "AuthenticateCognitoConfig"} & found.keys()
    body: dict[str, Any] = found[name]
    return body


def test_who_is_public_signs_in_nowhere() -> None:
    assert eb.Public().action() is None


def test_oidc_of_literals() -> None:
    assert plain(oidc().action()) == {
        "Type": "authenticate-oidc",
        "Order": 1,
        "AuthenticateOidcConfig": {
            "Issuer": "https://login.example.com",
            "AuthorizationEndpoint": "https://login.example.com/authorize",
            "TokenEndpoint": "https://login.example.com/token",
            "UserInfoEndpoint": "https://login.example.com/userinfo",
            "ClientId": "web",
            "ClientSecret": f"{{{{resolve:secretsmanager:{ARN}:SecretString:client_secret}}}}",
            "Scope": "openid",
            "SessionTimeout": 43200,
            "SessionCookieName": "AWSELBAuthSessionCookie",
            "OnUnauthenticatedRequest": "authenticate",
        },
    }


REFERENCES = [
    pytest.param(
        {"client_secret": eb.Secret(ARN)},
        f"{{{{resolve:secretsmanager:{ARN}:SecretString}}}}",
        id="a whole secret",
    ),
    pytest.param(
        {"client_secret": eb.Secret(ARN), "secret_version": "v1"},
        f"{{{{resolve:secretsmanager:{ARN}:SecretString:::v1}}}}",
        id="a version of it",
    ),
    pytest.param(
        {"secret_version": "v1"},
        f"{{{{resolve:secretsmanager:{ARN}:SecretString:client_secret::v1}}}}",
        id="a key of a version",
    ),
]


@pytest.mark.parametrize(("changed", "reference"), REFERENCES)
def test_the_secret_is_a_reference(changed: dict[str, Any], reference: str) -> None:
    assert config(oidc(**changed))["ClientSecret"] == reference


def test_the_secret_of_a_token_is_a_reference_too() -> None:
    secret = eb.Secret(TOKENS.secret_arn, "client_secret")

    found = config(oidc(client_secret=secret, secret_version=TOKENS.word))["ClientSecret"]

    assert found == {
        "Fn::Sub": "{{resolve:secretsmanager:${SecretArn}:SecretString:client_secret::${Word}}}"
    }
    template = {
        "Parameters": {"SecretArn": {"Type": "String"}, "Word": {"Type": "String"}},
        "Outputs": {"Reference": {"Value": found}},
    }
    values = resolved(template, SecretArn=ARN, Word="v1")["Outputs"]["Reference"]["Value"]
    assert values == f"{{{{resolve:secretsmanager:{ARN}:SecretString:client_secret::v1}}}}"


def test_cognito_of_literals() -> None:
    assert plain(cognito(extra={"identity_provider": "Corp"}).action()) == {
        "Type": "authenticate-cognito",
        "Order": 1,
        "AuthenticateCognitoConfig": {
            "UserPoolArn": "arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/x",
            "UserPoolClientId": "web",
            "UserPoolDomain": "web",
            "Scope": "openid",
            "SessionTimeout": 43200,
            "SessionCookieName": "AWSELBAuthSessionCookie",
            "OnUnauthenticatedRequest": "authenticate",
            "AuthenticationRequestExtraParams": {"identity_provider": "Corp"},
        },
    }


@pytest.mark.parametrize("make", [oidc, cognito])
def test_a_session_is_half_a_day_unless_said(make: Any) -> None:
    session = eb.Session(timeout_s=TOKENS.number, cookie_name="Other", unauthenticated="deny")

    found = config(make(session=session, extra={"prompt": "login"}))

    assert found["SessionTimeout"] == {"Ref": "Number"}
    assert found["SessionCookieName"] == "Other"
    assert found["OnUnauthenticatedRequest"] == "deny"
    assert found["AuthenticationRequestExtraParams"] == {"prompt": "login"}


REFUSED: list[Any] = [
    pytest.param(
        lambda: oidc(token_endpoint="http://x.example.com"),
        "token_endpoint 'http://x.example.com' has to begin with https://",
        id="plain HTTP",
    ),
    pytest.param(
        lambda: oidc(client_secret="hunter2"),
        "client_secret has to be eb.Secret(...), not str",
        id="the secret itself",
    ),
    pytest.param(
        lambda: oidc(client_secret=eb.SsmParameter(eb.SsmParameterName("/x"))),
        "client_secret has to be eb.Secret(...), not SsmParameter",
        id="an SSM parameter, which CloudFormation resolves only elsewhere",
    ),
    pytest.param(lambda: oidc(scope="email"), "scope 'email' has to hold openid", id="no openid"),
    pytest.param(
        lambda: cognito(extra={str(n): "x" for n in range(11)}),
        "11 extra parameters; ELB takes 10",
        id="many",
    ),
    pytest.param(
        lambda: eb.Session(timeout_s=604_801),
        "timeout_s is 604801; allowed: 1 to 604800",
        id="longer than a week",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_elb_refuses_is_refused(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message
