"""An account's roles and settings, that can be read and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.account_setup import ROLES
from tests.deploy.preflight.scripted import refused

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Said, Scripted


class Account:
    """What is there: the service-linked roles by service, and ECS's settings."""

    def __init__(self, server: Scripted, *roles: str, **settings: str) -> None:
        self.roles = set(roles)
        self.settings = settings
        server.on("iam.GetRole", self._role)
        server.on("iam.CreateServiceLinkedRole", self._make)
        server.on("ecs.ListAccountSettings", self._listed)
        server.on("ecs.PutAccountSettingDefault", self._put)

    def _role(self, asked: dict[str, Any]) -> Said:
        service = next(one.service for one in ROLES if one.name == asked["RoleName"])
        if service not in self.roles:
            return refused("NoSuchEntity", "there is none")
        arn = f"arn:aws:iam::123456789012:role/aws-service-role/{service}/{asked['RoleName']}"
        role = {"Path": "/", "RoleName": asked["RoleName"], "RoleId": "AROA", "Arn": arn}
        return {"Role": role}

    def _make(self, asked: dict[str, Any]) -> Said:
        service = asked["AWSServiceName"]
        if service in self.roles:
            return refused("InvalidInput", "Service role name has been taken in this account")
        self.roles.add(service)
        return {}

    def _listed(self, asked: dict[str, Any]) -> Said:
        everything = list(self.settings.items())
        begin = int(asked.get("nextToken", 0))
        page = [{"name": name, "value": value} for name, value in everything[begin : begin + 2]]
        more = {"nextToken": str(begin + 2)} if begin + 2 < len(everything) else {}
        return {"settings": page, **more}

    def _put(self, asked: dict[str, Any]) -> Said:
        self.settings[asked["name"]] = asked["value"]
        return {"setting": asked}


ALL_ROLES = tuple(one.service for one in ROLES)
GOOD = {
    "serviceLongArnFormat": "enabled",
    "taskLongArnFormat": "enabled",
    "containerInstanceLongArnFormat": "enabled",
    "awsvpcTrunking": "enabled",
    "containerInsights": "enhanced",
}
