"""Values that are compared and never shown: those of NoEcho parameters, and credentials."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.credential_names import OPTION_PASSWORD, names_a_secret
from ecs_blocks.environment.credentials import credential_in
from ecs_blocks.review.difference.sources import names_in
from ecs_blocks.review.side import HIDDEN
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet

    from ecs_blocks.review.side import Side

_HOLDS_ONE: Final = frozenset({"SecretString", "MasterUserPassword", "AuthToken", "ClientSecret"})
_SHORTEST_TO_SEARCH: Final = 6
"""A secret of fewer characters (admin, prod) stands in texts by chance. Where a template refers to
its parameter, it is hidden all the same.
"""


class Secret(str):
    """A text that is only ever compared. It equals the same text on the other side."""

    __slots__ = ()


def secret_values(*sides: Side | None) -> frozenset[str]:
    """What the NoEcho parameters of *sides* have as values, as far as that is known."""
    found: set[str] = set()
    for side in filter(None, sides):
        for name in hidden_names(side):
            value = side.value(name)
            if value is not None and name not in side.lookups:
                found.add(value)
    return frozenset(one for one in found if len(one) >= _SHORTEST_TO_SEARCH)


def hidden_names(side: Side) -> frozenset[str]:
    """The NoEcho parameters of *side*."""
    return frozenset(name for name in side.declared if side.is_hidden(name))


def with_secrets(resolved: Any, source: Any, names: AbstractSet[str], side: Side) -> Any:
    """*resolved* with a ``Secret`` wherever *source* refers to one of *names*.

    Where the two have not the same shape, because values were put in, all of it becomes one.
    """
    if not names or source is None:
        return resolved
    if isinstance(resolved, dict) and isinstance(source, dict) and not is_intrinsic(source):
        return {
            key: with_secrets(value, source.get(key), names, side)
            for key, value in resolved.items()
        }
    if isinstance(resolved, list) and isinstance(source, list) and len(resolved) == len(source):
        pairs = zip(resolved, source, strict=True)
        return [with_secrets(value, written, names, side) for value, written in pairs]
    if names.isdisjoint(names_in(source, side.template)):
        return resolved
    return Secret(_text(resolved))


def shown(value: Any, name: str, secrets: Collection[str]) -> Any:
    """*value*, the value of the property *name*, as it may be shown; ``(hidden)`` where not."""
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, str):
        return HIDDEN if _is_secret(value, name, secrets) else value
    if isinstance(value, list):
        return [shown(item, "", secrets) for item in value]
    if isinstance(value, dict):
        if is_intrinsic(value):
            return HIDDEN if _is_secret(_text(value), "", secrets) else value
        called = _called(value)
        return {
            key: shown(item, called if key == "Value" and called else key, secrets)
            for key, item in value.items()
        }
    return value


def is_hidden(value: Any) -> bool:
    """Whether some part of what ``shown`` gave is hidden."""
    if isinstance(value, dict):
        return any(is_hidden(item) for item in value.values())
    if isinstance(value, list):
        return any(is_hidden(item) for item in value)
    return isinstance(value, str) and value == HIDDEN


def shown_text(text: str, secrets: Collection[str]) -> str:
    """*text* without any of *secrets* in it."""
    for one in secrets:
        text = text.replace(one, HIDDEN)
    return text


def _is_secret(text: str, name: str, secrets: Collection[str]) -> bool:
    if any(one in text for one in secrets):
        return True
    if text and (name in _HOLDS_ONE or (_names_one(name) and not text.startswith("arn:"))):
        return True
    return _looks_like_one(text)


_names_one: Final = lru_cache(maxsize=4096)(names_a_secret)
"""The same few hundred names are in every template."""


@lru_cache(maxsize=4096)
def _looks_like_one(text: str) -> bool:
    return credential_in("", text) is not None or OPTION_PASSWORD.search(text) is not None


def _called(item: Mapping[str, Any]) -> str:
    name = item.get("Name", item.get("Key", ""))
    return name if isinstance(name, str) else ""


def _text(value: Any) -> str:
    found = normalised(value)
    return found if isinstance(found, str) else json.dumps(found, sort_keys=True)
