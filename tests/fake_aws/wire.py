"""The client's side: an ``Aws`` for the fake, which a test can kill at any call."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from weakref import WeakSet

from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from ecs_blocks.deploy.aws import Aws
from tests.fake_aws.ids import REGION
from tests.fake_aws.models import LOADER

if TYPE_CHECKING:
    from ecs_blocks.deploy.clock import Clock
    from tests.fake_aws.fake import FakeAws

ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "nothing-checks-it",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What a process of its own needs, besides the endpoint."""

CLIENT: Final = "x-fake-client"
OUTCOME: Final = "x-fake-outcome"


class Killed(BaseException):
    """The process ends here, as by SIGKILL: nothing that it still does reaches AWS."""


class Wire:
    """Counts the requests of one or more clients, and ends the process at one of them."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._after = False
        self.seen = 0
        """Requests since the last arming."""

    def kill_at(self, count: int, *, after: bool) -> None:
        """End the process at the *count*-th request from now, before or after AWS got it."""
        self._left, self._after, self.seen = count, after, 0

    def strikes(self) -> str:
        """What happens at this request: ``before``, ``after`` or nothing."""
        self.seen += 1
        if self._left is None:
            return ""
        self._left -= 1
        if self._left:
            return ""
        self._left = None
        return "after" if self._after else "before"


class FakeAwsClients(Aws):
    """An ``Aws`` whose requests go to the fake, over real sockets."""

    def __init__(
        self,
        fake: FakeAws,
        *,
        region: str = REGION,
        role_arn: str | None = None,
        clock: Clock | None = None,
        attempts: int = 1,
        config: Config | None = None,
    ) -> None:
        self._fake = fake
        self._http = URLLib3Session(
            timeout=30,
            max_pool_connections=50,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        self._hooked = WeakSet[Any]()
        self.is_dead = False
        """Whether it was killed."""
        default = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            proxies={},
            s3={"addressing_style": "path"},
        )
        super().__init__(
            region,
            role_arn=role_arn,
            endpoint_url=fake.url,
            clock=clock or fake.clock,
            config=config or default,
        )

    def renew(self) -> None:
        with patch.dict(os.environ, ENVIRONMENT):
            os.environ.pop("AWS_PROFILE", None)
            super().renew()
            session = self._session._session
            session.get_credentials()
            for name in ("config_file", "credentials_file"):
                session.set_config_variable(name, os.devnull)
        session.register_component("data_loader", LOADER)

    def client(self, service: str, region: str = "") -> Any:
        client = super().client(service, region)
        with self._lock:
            if client not in self._hooked:
                self._hooked.add(client)
                client.meta.events.register_last("before-send.*", self._send)
        return client

    def _send(self, request: Any, **_: Any) -> Any:
        """Send, in botocore's place: the same sockets, and what the test wants to happen."""
        end = "before" if self.is_dead else self._fake.wire.strikes()
        if end == "before":
            self.is_dead = True
            raise Killed
        request.headers[CLIENT] = "1"
        response = self._http.send(request)
        if end == "after":
            self.is_dead = True
            raise Killed
        if response.headers.get(OUTCOME) == "timeout":
            raise ReadTimeoutError(endpoint_url=request.url)
        return response
