"""What stands under ``roles:`` in platform.yaml: the boundary and the path of every role.

They are the same in every environment, so that the template is too; the account in the boundary's
ARN is the environment's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.environment.setting import Setting, read_settings

if TYPE_CHECKING:
    from ecs_blocks.environment.nodes import Node
    from ecs_blocks.errors import Problem


class RoleSettings(Struct, frozen=True):
    """What is set on each role that says nothing itself. Described in ``ROLE_SETTINGS``."""

    path: str | None = None
    permissions_boundary: str | None = None


ROLE_SETTINGS: Final = (
    Setting(
        "path",
        "a path of IAM",
        "/apps/",
        r"/(?:[\w+=,.@-]+/)*",
        "the path of every role and instance profile; a change makes them anew",
    ),
    Setting(
        "permissions_boundary",
        "the name of a policy of each account",
        "apps-boundary",
        r"[\w+=,.@-]+(?:/[\w+=,.@-]+)*",
        "the permissions boundary of every role: a policy that each account has under this name",
    ),
)


def read_role_settings(node: Node | None, file: str, problems: list[Problem]) -> RoleSettings:
    """The settings; what is wrong with them is added to *problems*."""
    given = read_settings(node, file, "roles", problems, settings=ROLE_SETTINGS, trap=_whole_arn)
    return RoleSettings(**{field: one.value for field, one in given.items()})


def _whole_arn(setting: Setting, text: str) -> str | None:
    if setting.field != "permissions_boundary" or not text.startswith("arn:"):
        return None
    name = text.rpartition(":policy/")[2]
    return f"write the policy's name, {name}; the account is each environment's own"
