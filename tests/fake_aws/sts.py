"""STS: who calls, and roles."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World


class Sts:
    """Security Token Service. ``arn`` is the caller's."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.arn = f"arn:aws:sts::{world.account}:assumed-role/deployer/ci"
        self.session_s = 3600.0

    def get_caller_identity(self, _request: Mapping[str, Any]) -> dict[str, Any]:
        return {"UserId": "AROAEXAMPLE:ci", "Account": self._world.account, "Arn": self.arn}

    def assume_role(self, request: Mapping[str, Any]) -> dict[str, Any]:
        role = request["RoleArn"].rpartition("/")[2]
        session = f"{role}/{request['RoleSessionName']}"
        # botocore compares it with the machine's own clock
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.session_s)
        return {
            "Credentials": {
                "AccessKeyId": f"ASIA{self._world.ids.upper(16)}",
                "SecretAccessKey": self._world.ids.hex(40),
                "SessionToken": self._world.ids.hex(64),
                "Expiration": until,
            },
            "AssumedRoleUser": {
                "AssumedRoleId": f"AROAEXAMPLE:{request['RoleSessionName']}",
                "Arn": f"arn:aws:sts::{self._world.account}:assumed-role/{session}",
            },
        }
