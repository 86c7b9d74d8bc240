"""What is made in the imitation may have been made meanwhile, by another command."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_blocks.deploy.account_setup import ROLES
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.local.making import make_service_role, make_zone


class Raced:
    """Says that nothing is there, and refuses with *code* to make it."""

    class exceptions:  # noqa: N801 - as boto3 names it
        """Those of Route 53."""

        NoSuchHostedZone = ClientError

    def __init__(self, code: str) -> None:
        self.code = code

    def client(self, _: str) -> Raced:
        return self

    def _refuse(self, code: str) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Call")

    def get_role(self, **_: object) -> None:
        self._refuse("NoSuchEntity")

    def get_hosted_zone(self, **_: object) -> None:
        self._refuse("NoSuchHostedZone")

    def create_role(self, **_: object) -> None:
        self._refuse(self.code)

    create_hosted_zone = create_role


def test_a_role_or_zone_that_another_command_has_just_made_is_taken() -> None:
    role: Any = Raced("EntityAlreadyExists")
    zone: Any = Raced("HostedZoneAlreadyExists")

    make_service_role(role, ROLES[0])
    make_zone(zone, "Z1", "example.com")


def test_what_is_refused_otherwise_is_told() -> None:
    aws: Any = Raced("MalformedPolicyDocument")

    with pytest.raises(DeployError, match="making the role"):
        make_service_role(aws, ROLES[0])
    with pytest.raises(DeployError, match="making the hosted zone"):
        make_zone(aws, "Z1", "example.com")
