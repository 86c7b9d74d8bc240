"""Find the statement of a resource policy that refuses whoever comes without TLS."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.model import Unknown, lookup, statements
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.templates.resolve import is_intrinsic, scalar_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuses_plain_text(document: object, action: str) -> bool:
    """Whether *document* denies *action* to everyone who does not use TLS.

    Raises:
        Unknown: a statement is decided only when CloudFormation runs.
    """
    for path, statement in statements(_parsed(document)):
        if is_intrinsic(statement):
            raise Unknown(f"PolicyDocument.{path}")
        if (
            lookup(statement, "Effect") == "Deny"
            and _is_everyone(statement.get("Principal"))
            and _covers(statement, action)
            and _without_tls(statement.get("Condition"))
        ):
            return True
    return False


def _parsed(document: object) -> object:
    try:
        return json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return {}


def _is_everyone(principal: Any) -> bool:
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in as_items(named)


def _covers(statement: Mapping[str, Any], action: str) -> bool:
    patterns = as_items(statement.get("Action"))
    return any(fnmatchcase(action.lower(), str(one).lower()) for one in patterns)


def _without_tls(condition: Any) -> bool:
    """Whether the condition holds for every request without TLS, and asks for nothing more."""
    if not isinstance(condition, dict) or len(condition) != 1:
        return False
    [(operator, tests)] = condition.items()
    if operator not in ("Bool", "BoolIfExists") or not isinstance(tests, dict) or len(tests) != 1:
        return False
    [(key, value)] = tests.items()
    wanted = [scalar_text(one).lower() for one in as_items(value)]
    return key.lower() == "aws:securetransport" and wanted == ["false"]
