"""Stack policies: what an update may do to which resource."""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_aws.cloudformation.model import Resource


def refusal(policy: str | None, resource: Resource, action: str) -> str:
    """Why the policy forbids *action* (``Update:Replace``), or nothing."""
    if not policy:
        return ""
    allowed = False
    for number, statement in enumerate(json.loads(policy).get("Statement", []), 1):
        if not _fits(statement, resource, action):
            continue
        if statement["Effect"] == "Deny":
            return (
                f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] "
                f"for resource [LogicalResourceId/{resource.logical_id}]"
            )
        allowed = True
    if allowed:
        return ""
    return (
        f"Action not allowed by stack policy: no statement allows [{action}] for resource "
        f"[LogicalResourceId/{resource.logical_id}]"
    )


def _fits(statement: dict[str, Any], resource: Resource, action: str) -> bool:
    wanted = f"LogicalResourceId/{resource.logical_id}"
    types = statement.get("Condition", {}).get("StringEquals", {}).get("ResourceType")
    if types is not None and resource.type not in _list(types):
        return False
    actions = any(fnmatch.fnmatchcase(action, one) for one in _list(statement["Action"]))
    resources = any(fnmatch.fnmatchcase(wanted, one) for one in _list(statement["Resource"]))
    return actions and resources


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
