"""Policy documents: what means the same to IAM is written in one way."""

from __future__ import annotations

import json
from typing import Any, Final

from ecs_blocks.templates.resolve import is_intrinsic

_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_MAPPINGS: Final = ("Principal", "NotPrincipal")


def is_policy(value: Any) -> bool:
    """Whether *value* is a policy document."""
    statements = value.get("Statement") if isinstance(value, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    return isinstance(statements, list) and any(
        isinstance(one, dict) and "Effect" in one for one in statements
    )


def plain_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """*policy* with a list wherever IAM takes one value as well; each list is sorted."""
    statements = policy["Statement"]
    if isinstance(statements, dict):
        statements = [statements]
    return {**policy, "Statement": [_statement(one) for one in statements]}


def sorting_key(value: Any) -> str:
    """Equal for equal values, whatever they are made of."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _statement(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    found = dict(one)
    for key in _LISTS:
        if key in found:
            found[key] = _as_set(found[key])
    for key in _MAPPINGS:
        if isinstance(found.get(key), dict) and not is_intrinsic(found[key]):
            found[key] = {kind: _as_set(names) for kind, names in found[key].items()}
    conditions = found.get("Condition")
    if isinstance(conditions, dict):
        found["Condition"] = {
            operator: {key: _as_set(values) for key, values in tests.items()}
            if isinstance(tests, dict) and not is_intrinsic(tests)
            else tests
            for operator, tests in conditions.items()
        }
    return found


def _as_set(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    by_key = {sorting_key(item): item for item in items}
    return [by_key[key] for key in sorted(by_key)]
