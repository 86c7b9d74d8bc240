"""What stands under ``deploy:`` in platform.yaml: roles, protection, records and templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.environment.credentials import credential_in
from ecs_blocks.environment.nodes import Mapping, describe, shortened
from ecs_blocks.environment.setting import Setting, read_settings
from ecs_blocks.errors import Problem
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from pathlib import Path

    from ecs_blocks.environment.loaded import Given
    from ecs_blocks.environment.nodes import Node

DEFAULT: Final = "default"
DEFAULT_RECORDS: Final = ".ecs-blocks/records"

_ROLE: Final = r"arn:aws(?:-[a-z-]+)?:iam::(?P<account>[0-9]{12}):role/[\w+=,.@/-]+"
_BUCKET: Final = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_JSON: Final = r"(?!/)(?!~)(?!.*://).+\.json"
_SWITCH: Final = {"true": True, "false": False}
_RECORDS: Final = rf"s3://{_BUCKET}(?:/[\w!.*'()-]+)*/?|(?!~)(?!s3:)(?!.*://).+"


class DeploySettings(Struct, frozen=True):
    """How one environment is deployed. The fields are described in ``SETTINGS``.

    ``stack_policy`` is the file's whole path; None, for both of the last, leaves what is there.
    """

    role_arn: str | None = None
    service_role_arn: str | None = None
    records: str = DEFAULT_RECORDS
    template_bucket: str | None = None
    stack_policy: str | None = None
    termination_protection: bool | None = None


SETTINGS: Final = (
    Setting(
        "role_arn",
        "a role's ARN",
        "arn:aws:iam::123456789012:role/deployer",
        _ROLE,
        "the role that a deploy assumes; without one it uses the caller's own credentials",
    ),
    Setting(
        "service_role_arn",
        "a role's ARN",
        "arn:aws:iam::123456789012:role/cloudformation",
        _ROLE,
        "the role that CloudFormation takes to change resources; once given, it stays the stack's",
    ),
    Setting(
        "records",
        "s3://bucket/prefix or a folder",
        "s3://example-deploys/records",
        _RECORDS,
        "where the record of each deploy is kept; a folder is beside `stacks/`",
    ),
    Setting(
        "template_bucket",
        "a bucket's name",
        "example-templates-ap-northeast-1",
        _BUCKET,
        "the bucket, in the environment's own region, for templates over 51,200 bytes",
    ),
    Setting(
        "stack_policy",
        "a JSON file beside platform.yaml",
        "policies/stack-policy.json",
        _JSON,
        "the stack policy of every stack: what it denies is refused before anything is executed",
    ),
    Setting(
        "termination_protection",
        "true or false",
        "true",
        "true|false",
        "whether CloudFormation refuses to delete the stacks, once they are made",
        kind="bool",
    ),
)


def read_deploy_settings(
    node: Node | None,
    file: str,
    folder: Path,
    accounts: MappingOf[str, str | None],
    problems: list[Problem],
) -> dict[str, DeploySettings]:
    """The settings of each environment, with those of ``default`` merged in.

    *folder* is where platform.yaml is; *accounts* are the environments that it has, with their
    account where it is known.
    """
    sections = _sections(node, file, accounts, problems)
    found = {}
    for name, account in accounts.items():
        given = sections.get(DEFAULT, {}) | sections.get(name, {})
        for field, one in given.items():
            role = re.fullmatch(_ROLE, one.value) if field.endswith("role_arn") else None
            message = ""
            if role and account and role["account"] != account:
                message = f"a role of account {role['account']}, but {name} is account {account}"
            if field == "stack_policy" and not (folder / one.value).is_file():
                message = f"there is no file {one.value} beside platform.yaml"
            if message:
                problems.append(one.place.problem(message))
        found[name] = DeploySettings(
            **{field: _read(field, one.value, folder) for field, one in given.items()}
        )
    return found


def _read(field: str, text: str, folder: Path) -> Any:
    match field:
        case "stack_policy":
            return str(folder / text)
        case "termination_protection":
            return _SWITCH[text]
    return text


def _sections(
    node: Node | None, file: str, known: MappingOf[str, object], problems: list[Problem]
) -> dict[str, dict[str, Given]]:
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        message = f"expected a mapping of environments, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, "deploy", message))
        return {}
    sections = {}
    for key, value in node.pairs:
        where = f"deploy.{shortened(key.text)}"
        if known and key.text not in (DEFAULT, *known):
            way = nearest(key.text, [DEFAULT, *known]) or f"; there are: {', '.join(known)}"
            problems.append(Problem(file, key.line, key.column, where, f"unknown environment{way}"))
        sections[key.text] = read_settings(
            value, file, where, problems, settings=SETTINGS, trap=_credential
        )
    return sections


def _credential(_setting: Setting, text: str) -> str | None:
    kind = credential_in("", text)
    return (
        f"this looks like {kind}; a deploy uses the credentials of whoever runs it"
        if kind
        else None
    )
