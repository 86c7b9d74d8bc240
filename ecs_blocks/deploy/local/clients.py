"""Clients of the server behind ``--local``: of any account in it, and never of AWS itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from ecs_blocks.deploy.aws import Aws, Parsers
from ecs_blocks.deploy.limiter import Limiter

if TYPE_CHECKING:
    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.local.process import Local

CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=5,
    read_timeout=60,
    proxies={},
    s3={"addressing_style": "path"},
    user_agent_appid="ecs-blocks",
)
"""No proxy is asked for this machine, and buckets are no host names."""

CALLS_PER_S: Final = 1000
"""No pace at all: nobody else is throttled by them."""

_LOADER: Final = create_loader()
"""Reads what botocore knows of a service once for all accounts."""


class LocalAws(Aws):
    """The clients of one account and region of a server.

    MiniStack takes a 12-digit access key for the account. Nothing of the user's own profile, files
    or variables is read.
    """

    def __init__(
        self, local: Local, account_id: str, region: str, *, clock: Clock | None = None
    ) -> None:
        self.local = local
        self._account_id = account_id
        super().__init__(region, endpoint_url=local.url, clock=clock, config=CONFIG)
        self._limiter = Limiter(self.clock, CALLS_PER_S, CALLS_PER_S)

    def renew(self) -> None:
        """Make a session that looks at nothing of the user's."""
        nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
        variables = {name: (None, None, value, None) for name, value in nothing.items()}
        session = botocore.session.Session(session_vars=variables)
        session.register_component("data_loader", _LOADER)
        session.register_component("response_parser_factory", Parsers())
        session.set_credentials(self._account_id, "local")
        with self._lock:
            self._clients = {}
            self._session = boto3.Session(botocore_session=session, region_name=self.region)
