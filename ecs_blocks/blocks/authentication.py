"""Who may come through a load balancer: everybody, or who signs in first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct, field
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.limits import check_within
from ecs_blocks.blocks.task_secret import Secret
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value, text

MAX_SESSION_S: Final = 604_800
MAX_EXTRA: Final = 10

Unauthenticated = Literal["authenticate", "allow", "deny"]


class Session(Struct, frozen=True, kw_only=True):
    """How long somebody who signed in stays so.

    Attributes:
        timeout_s: 1 second to a week; then the identity provider is asked again. AWS's own is a
            week, for which somebody whose account was closed may still get in.
        cookie_name: apart for each rule that asks another provider or for another scope; with one
            name for two of them users would be sent to and fro.
        unauthenticated: ``deny`` answers 401 instead of showing the form of the provider, for
            what scripts call; ``allow`` lets everybody in, and says who it is where that is known.
    """

    timeout_s: Value[int] = 43_200
    cookie_name: str = "AWSELBAuthSessionCookie"
    unauthenticated: Unauthenticated = "authenticate"

    def __post_init__(self) -> None:
        check_within("timeout_s", self.timeout_s, 1, MAX_SESSION_S)

    def properties(self) -> dict[str, Any]:
        """Of the action."""
        return {
            "SessionTimeout": self.timeout_s,
            "SessionCookieName": self.cookie_name,
            "OnUnauthenticatedRequest": self.unauthenticated,
        }


class Public(Struct, frozen=True):
    """Everybody who gets as far as the load balancer."""

    def action(self) -> Any | None:
        """The action that goes before: none."""
        return None


class Oidc(Struct, frozen=True, kw_only=True):
    """Who signs in with an identity provider that speaks OpenID Connect.

    Attributes:
        issuer: of the provider, a URL; it and the endpoints stand in the provider's
            ``/.well-known/openid-configuration``.
        authorization_endpoint: where the browser is sent.
        token_endpoint: asked by the load balancer itself, like the next one.
        user_info_endpoint: what is known of the user.
        client_id: under which the provider knows the application; it has to allow the callback
            ``https://<domain>/oauth2/idpresponse``.
        client_secret: a secret of Secrets Manager, or one key of it. The template holds a
            reference; CloudFormation reads the value when the rule changes, and then only.
        secret_version: the id of a version of the secret. Where the secret is rotated, a new id
            is what tells CloudFormation to read it again.
        scope: what is asked for, with spaces between.
        session: how long it lasts.
        extra: more parameters of the request to the provider (``{"prompt": "login"}``).

    The load balancer has to reach the provider by HTTPS, and the provider's names have to be
    public. The application gets the user in ``x-amzn-oidc-identity`` and ``x-amzn-oidc-data``; it
    has to check the signature of the latter, and that this load balancer signed.
    """

    issuer: Value[str]
    authorization_endpoint: Value[str]
    token_endpoint: Value[str]
    user_info_endpoint: Value[str]
    client_id: Value[str]
    client_secret: Secret
    secret_version: Value[str] | None = None
    scope: str = "openid"
    session: Session = Session()
    extra: Mapping[str, Value[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_extra(self.extra)
        for name in ("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"):
            url = getattr(self, name)
            if not isinstance(url, Token) and not url.startswith("https://"):
                raise BlockError(f"{name} {url!r} has to begin with https://")
        if not isinstance(self.client_secret, Secret):
            kind = type(self.client_secret).__name__
            raise BlockError(f"client_secret has to be eb.Secret(...), not {kind}")
        if "openid" not in self.scope.split():
            raise BlockError(f"scope {self.scope!r} has to hold openid")

    def action(self) -> Any:
        """The action that goes before the one that forwards."""
        config = elb.ListenerRuleAuthenticateOidcConfig(
            Issuer=self.issuer,
            AuthorizationEndpoint=self.authorization_endpoint,
            TokenEndpoint=self.token_endpoint,
            UserInfoEndpoint=self.user_info_endpoint,
            ClientId=self.client_id,
            ClientSecret=self._reference(),
            Scope=self.scope,
            **self.session.properties(),
        )
        if self.extra:
            config.AuthenticationRequestExtraParams = dict(self.extra)
        return elb.ListenerRuleAction(
            Type="authenticate-oidc", Order=1, AuthenticateOidcConfig=config
        )

    def _reference(self) -> Value[str]:
        """``{{resolve:secretsmanager:…}}``: the value itself is never in the template."""
        secret, version = self.client_secret, self.secret_version
        parts: list[Value[str]] = ["{{resolve:secretsmanager:", secret.arn, ":SecretString"]
        if secret.json_key or version is not None:
            parts.append(f":{secret.json_key or ''}")
        if version is not None:
            parts += ["::", version]
        return text(*parts, "}}")


class Cognito(Struct, frozen=True, kw_only=True):
    """Who signs in with a user pool of Amazon Cognito.

    Attributes:
        user_pool_arn: the pool.
        client_id: of a client of the pool that has a secret, allows the code grant, and has the
            callback ``https://<domain>/oauth2/idpresponse``.
        domain: the pool's domain prefix, or its own domain.
        scope: what is asked for, with spaces between.
        session: how long it lasts.
        extra: more parameters of the request (``{"identity_provider": "Corp"}``).
    """

    user_pool_arn: Value[str]
    client_id: Value[str]
    domain: Value[str]
    scope: str = "openid"
    session: Session = Session()
    extra: Mapping[str, Value[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_extra(self.extra)

    def action(self) -> Any:
        """The action that goes before the one that forwards."""
        config = elb.AuthenticateCognitoConfig(
            UserPoolArn=self.user_pool_arn,
            UserPoolClientId=self.client_id,
            UserPoolDomain=self.domain,
            Scope=self.scope,
            **self.session.properties(),
        )
        if self.extra:
            config.AuthenticationRequestExtraParams = dict(self.extra)
        return elb.ListenerRuleAction(
            Type="authenticate-cognito", Order=1, AuthenticateCognitoConfig=config
        )


Authentication = Public | Oidc | Cognito


def _check_extra(extra: Mapping[str, Value[str]]) -> None:
    if len(extra) > MAX_EXTRA:
        raise BlockError(f"{len(extra)} extra parameters; ELB takes {MAX_EXTRA}")
