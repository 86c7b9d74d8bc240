"""The clients of one environment, and the guard that they are of the right account.

Nothing is asked of AWS before the caller's account has been compared with platform.yaml's.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import HTTPClientError, NoCredentialsError
from botocore.parsers import ResponseParserError, ResponseParserFactory
from msgspec import Struct

from ecs_blocks.deploy.calls import asked, explained
from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.limiter import Limiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import ReadOnlyCredentials

CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 8},
    connect_timeout=5,
    read_timeout=20,
    tcp_keepalive=True,
    user_agent_appid="ecs-blocks",
)
"""botocore's own waits three times as long for an answer, and gives up after three attempts."""

_ONCE: Final = Config(retries={"mode": "standard", "total_max_attempts": 1})
_READING: Final = "reading your AWS configuration"


class Identity(Struct, frozen=True):
    """Who calls: the account, and the ARN of the user or role."""

    account_id: str
    arn: str


class Aws:
    """The clients of one account and region, all at one pace.

    ``role_arn`` is assumed on top of the caller's own credentials, and renewed before it expires;
    a caller who has this role already needs no other credentials.
    ``endpoint_url`` is for a stand-in of AWS; None is AWS itself.
    """

    def __init__(
        self,
        region: str,
        *,
        profile: str | None = None,
        role_arn: str | None = None,
        endpoint_url: str | None = None,
        clock: Clock | None = None,
        config: Config = CONFIG,
    ) -> None:
        self.region = region
        self.clock = clock or Clock()
        self.endpoint_url = endpoint_url
        self._profile = profile
        self._role_arn = role_arn
        self._config = config
        self._limiter = Limiter(self.clock)
        self._lock = threading.Lock()
        self.renew()

    def renew(self) -> None:
        """Begin again with the credentials as they are now: after a login in another window.

        Raises:
            DeployError: there is no such profile, or AWS's configuration cannot be read.
        """
        asked(_READING, self._renew)

    def _renew(self) -> None:
        session = botocore.session.Session(profile=self._profile)
        session.register_component("response_parser_factory", Parsers())
        if self._role_arn:
            _assume(session, self._role_arn, self.region, self.endpoint_url)
        with self._lock:
            self._clients: dict[tuple[str, str, bool], Any] = {}
            self._session = boto3.Session(botocore_session=session, region_name=self.region)

    def client(self, service: str, region: str = "") -> Any:
        """The boto3 client of *service*, made once; in the environment's region, or in another.

        Raises:
            DeployError: your configuration has no credentials that could be read (exit 14): the
                program under ``credential_process`` fails, say.
        """
        return self._client(service, region or self.region, repeats=True)

    def calling_once(self, service: str) -> Any:
        """As ``client``, for a call that starts something new each time it arrives.

        It is sent once, whatever becomes of its answer: whoever calls looks at what it did.

        Raises:
            DeployError: as ``client``.
        """
        return self._client(service, self.region, repeats=False)

    def _client(self, service: str, place: str, *, repeats: bool) -> Any:
        key = (service, place, repeats)
        with self._lock:  # botocore's sessions do not make clients in two threads at once
            if key not in self._clients:
                config = self._config if repeats else self._config.merge(_ONCE)
                client = asked(_READING, self._made, service=service, region=place, config=config)
                client.meta.events.register("before-send.*", self._pace)
                self._clients[key] = client
            return self._clients[key]

    def _made(self, service: str, region: str, config: Config) -> Any:
        """A client; credentials are looked for here, long before they are used."""
        try:
            return self._session.client(
                service,
                region_name=region,
                endpoint_url=self.endpoint_url,
                config=config,
            )
        except (OSError, ValueError) as error:  # no such program; an answer that is not JSON
            raise DeployError(
                Exit.CREDENTIALS,
                f"{_READING}: {type(error).__name__}: {error}",
                "look at credential_process and endpoint_url in it, and at AWS_ENDPOINT_URL",
            ) from error

    def _pace(self, **_: Any) -> None:
        self._limiter.take()

    def credentials(self) -> ReadOnlyCredentials:
        """What calls are signed with now, for a program that is to call as the same caller.

        They are not renewed, and never to be shown.

        Raises:
            DeployError: there are none, or they could not be renewed (exit 14).
        """
        found = asked(_READING, self._frozen)
        if found is None:
            raise explained(NoCredentialsError(), _READING)
        return found

    def _frozen(self) -> ReadOnlyCredentials | None:
        found = self._session.get_credentials()
        return None if found is None else found.get_frozen_credentials()

    def identity(self) -> Identity:
        """Who calls.

        Raises:
            DeployError: there are no credentials, or AWS does not take them: exit 14.
        """
        found = asked("asking AWS who you are", self.client("sts").get_caller_identity)
        return Identity(str(found["Account"]), str(found["Arn"]))

    def guard(self, account_id: str, environment: str, login: str = "") -> Identity:
        """Who calls, if they are in the account that platform.yaml gives *environment*.

        *login* is what to do where they are not; by default a RoleArn is said to help too.

        Raises:
            DeployError: they are in another one (exit 2), or nobody at all (exit 14).
        """
        identity = self.identity()
        if identity.account_id != account_id:
            raise DeployError(
                Exit.INPUT,
                f"{environment} is account {account_id} in platform.yaml, but your credentials "
                f"are of account {identity.account_id} ({identity.arn}); nothing was done",
                login
                or f"log in to {account_id}, or give {environment} a RoleArn under deploy: in "
                "platform.yaml",
            )
        return identity


class UnreadableAnswerError(HTTPClientError):  # type: ignore[misc]  # Any: untyped
    """An answer that is none of AWS's: the page of a proxy, say. It counts as no answer."""

    fmt = "something other than AWS answered: a proxy, or the login page of a network"


class Parsers(ResponseParserFactory):  # type: ignore[misc]  # Any: untyped
    """Parsers whose failure is one of those that are caught wherever AWS is asked."""

    def create_parser(self, protocol_name: str) -> Any:
        """A parser that raises ``UnreadableAnswerError``."""
        parser = super().create_parser(protocol_name)
        parse = parser.parse

        def parsed(response: Any, shape: Any) -> Any:
            try:
                return parse(response, shape)
            except ResponseParserError as error:
                raise UnreadableAnswerError(error=error) from error

        parser.parse = parsed
        return parser


def _assume(
    session: botocore.session.Session, role_arn: str, region: str, endpoint_url: str | None
) -> None:
    """Put credentials of *role_arn* into *session* that renew themselves."""
    source = session.get_credentials()
    if source is None:
        return  # the first call says that there are no credentials

    def client(service: str, **arguments: Any) -> Any:
        place = {"region_name": region, "endpoint_url": endpoint_url, "config": CONFIG}
        return session.create_client(service, **{**arguments, **place})

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=client,
        source_credentials=source,
        role_arn=role_arn,
        extra_args={"RoleSessionName": "ecs-blocks"},
    )

    def is_there() -> bool:
        own = source.get_frozen_credentials()
        sts = client(
            "sts",
            aws_access_key_id=own.access_key,
            aws_secret_access_key=own.secret_key,
            aws_session_token=own.token,
        )
        return has_role(str(sts.get_caller_identity()["Arn"]), role_arn)

    session._credentials = _RoleCredentials(  # noqa: SLF001 - botocore's own way
        source, is_there, fetcher.fetch_credentials
    )


def has_role(caller_arn: str, role_arn: str) -> bool:
    """Whether a caller is a session of a role. A session's ARN does not have the role's path."""
    role = _ROLE.fullmatch(role_arn)
    if role is None:
        return False
    partition, account_id, name = role.groups()
    return caller_arn.startswith(f"arn:{partition}:sts::{account_id}:assumed-role/{name}/")


_ROLE: Final = re.compile(r"arn:([\w-]+):iam::(\d{12}):role/(?:.+/)?([^/]+)")


class _RoleCredentials(DeferredRefreshableCredentials):  # type: ignore[misc]  # Any: untyped
    """Credentials of a role, which are the caller's own where these are the role's already.

    A role may not assume itself unless its trust policy says so (IAM, since 2022). Who calls is
    asked once, when the first call is signed.
    """

    def __init__(
        self, source: Any, is_there: Callable[[], bool], fetch: Callable[[], dict[str, Any]]
    ) -> None:
        super().__init__(method="assume-role", refresh_using=fetch)
        self._source = source
        self._is_there = is_there
        self._kept: bool | None = None
        self._asking = threading.Lock()

    def get_frozen_credentials(self) -> Any:
        with self._asking:
            if self._kept is None:
                self._kept = self._is_there()
        if self._kept:
            return self._source.get_frozen_credentials()
        return super().get_frozen_credentials()
