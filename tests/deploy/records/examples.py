"""A record as a deploy of hoge would make it, and variations of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.records.record import record_of
from ecs_blocks.templates.text import to_yaml

if TYPE_CHECKING:
    from ecs_blocks.deploy.records.record import Record

ACCOUNT: Final = "111122223333"
PSEUDO: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": "ap-northeast-1",
}
IMAGE: Final = f"{ACCOUNT}.dkr.ecr.ap-northeast-1.amazonaws.com/hoge@sha256:{'9c' * 32}"
TEMPLATE: Final[dict[str, Any]] = {
    "Description": "会計",
    "Parameters": {
        "Image": {"Type": "String"},
        "Password": {"Type": "String", "NoEcho": True},
    },
    "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
}
WHEN: Final = dt.datetime(2026, 11, 23, 1, 49, 3, tzinfo=dt.UTC)


def record(**given: Any) -> Record:
    """A verified deploy; what is *given* replaces an argument of ``record_of``."""
    template = given.get("template", TEMPLATE)
    arguments: dict[str, Any] = {
        "app": "hoge",
        "environment": "prod",
        "account_id": ACCOUNT,
        "region": "ap-northeast-1",
        "stack_name": "hoge-prod",
        "stack_id": f"arn:aws:cloudformation:ap-northeast-1:{ACCOUNT}:stack/hoge-prod/0a1b",
        "operation": "eb-1111-2222",
        "when": WHEN,
        "who": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci",
        "revision": Revision("4ca8" * 10, dirty=False, branch="main"),
        "code": Exit.DONE,
        "verified": True,
        "duration_s": 251.26,
        "root_cause": "",
        "template": template,
        "template_text": to_yaml(template),
        "parameters": {"Image": IMAGE, "Password": "hunter2"},
        "pseudo": PSEUDO,
        "tags": {"Application": "hoge"},
        "images": {"Image": IMAGE},
        "tool_version": "0.3.0",
    }
    return record_of(**(arguments | given))


def at(minute: int, **given: Any) -> Record:
    """As ``record``, begun at another minute: another operation with another content."""
    other: dict[str, Any] = {
        "when": WHEN.replace(minute=minute),
        "operation": f"operation {minute}",
        "tags": {"Minute": str(minute)},
    }
    return record(**(other | given))
