"""What stands under ``roles:`` in platform.yaml: the boundary and the path of every role.

They are the same in every environment, so that the template is too; the account in the boundary's
ARN is the environment's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.environment.nodes import Mapping, Scalar, describe, shortened
from ecs_blocks.errors import Problem
from ecs_blocks.naming import key_of, nearest

if TYPE_CHECKING:
    from ecs_blocks.environment.nodes import Node


class RoleSettings(Struct, frozen=True):
    """What is set on each role that says nothing itself. Described in ``ROLE_SETTINGS``."""

    path: str | None = None
    permissions_boundary: str | None = None


class RoleSetting(Struct, frozen=True):
    """One key: its field of ``RoleSettings``, what it is, one that is right, and its pattern."""

    field: str
    what: str
    example: str
    pattern: str
    help: str

    @property
    def key(self) -> str:
        """As platform.yaml has it."""
        return key_of(self.field)


ROLE_SETTINGS: Final = (
    RoleSetting(
        "path",
        "a path of IAM",
        "/apps/",
        r"/(?:[\w+=,.@-]+/)*",
        "the path of every role and instance profile; a change makes them anew",
    ),
    RoleSetting(
        "permissions_boundary",
        "the name of a policy of each account",
        "apps-boundary",
        r"[\w+=,.@-]+(?:/[\w+=,.@-]+)*",
        "the permissions boundary of every role: a policy that each account has under this name",
    ),
)
_BY_KEY: Final = {setting.key: setting for setting in ROLE_SETTINGS}


def read_role_settings(node: Node | None, file: str, problems: list[Problem]) -> RoleSettings:
    """The settings; what is wrong with them is added to *problems*."""
    if node is None or (isinstance(node, Scalar) and node.kind == "null" and node.text == ""):
        return RoleSettings()
    if not isinstance(node, Mapping):
        message = f"expected a mapping of settings, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, "roles", message))
        return RoleSettings()
    given: dict[str, str] = {}
    for key, value in node.pairs:
        where = f"roles.{shortened(key.text)}"
        setting = _BY_KEY.get(key.text)
        if setting is None:
            way = nearest(key.text, _BY_KEY) or f"; there are: {', '.join(_BY_KEY)}"
            problems.append(Problem(file, key.line, key.column, where, f"unknown key{way}"))
        elif wrong := _wrong(setting, value):
            problems.append(Problem(file, value.line, value.column, where, wrong))
        elif isinstance(value, Scalar):
            given[setting.field] = value.text
    return RoleSettings(**given)


def _wrong(setting: RoleSetting, value: Node) -> str | None:
    """What is wrong with the value of a setting, or None."""
    if not isinstance(value, Scalar) or value.kind != "str" or value.tag is not None:
        what = f"{value.tag} …" if isinstance(value, Scalar) and value.tag else describe(value)
        return f"expected {setting.what}, like {setting.example}, got {what}"
    if setting.field == "permissions_boundary" and value.text.startswith("arn:"):
        name = value.text.rpartition(":policy/")[2]
        return f"write the policy's name, {name}; the account is each environment's own"
    if not re.fullmatch(setting.pattern, value.text):
        return f"got {describe(value)}, which is not {setting.what}, like {setting.example}"
    return None
