"""Values that are compared and never shown: those of NoEcho parameters, and credentials.

A credential is known by what it is called, by what stands beside it, and by its form.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.credential_names import OPTION_PASSWORD, names_a_secret
from ecs_blocks.checks.facts.credential_places import (
    holds_one,
    in_words,
    is_plain,
    json_in,
    name_beside,
    without_resolves,
)
from ecs_blocks.environment.credentials import credential_in
from ecs_blocks.review.difference.sources import names_in
from ecs_blocks.review.side import HIDDEN
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

    from ecs_blocks.review.side import Side

_HOLDS_ONE: Final = frozenset(
    {"SecretString", "MasterUserPassword", "AuthToken", "ClientSecret", "ApiKeyValue", "Passwords"}
)
_TAKES_TEXTS: Final = ("Fn::If", "Fn::Join", "Fn::Sub", "Fn::Base64", "Fn::Select", "Fn::Split")
_HOLE: Final = re.compile(r"\$\{[^{}]*\}")
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


def marked(value: Any, name: str = "") -> Any:
    """*value*, called *name*, with a ``Secret`` for each text that is called like a credential.

    Or that the item around it calls so, or that stands behind such an option of a command. So it is
    one wherever a part of *value* is told of by itself.
    """
    return _marked(value, name, is_json=False)


def marked_json(value: Any) -> Any:
    """As ``marked``, of what a text holds as JSON: all under a credential's name is one."""
    return _marked(value, "", is_json=True)


def _marked(value: Any, name: str, *, is_json: bool) -> Any:
    if isinstance(value, str):
        is_one = isinstance(value, Secret) or _is_called_one(value, name)
        return Secret(value) if is_one else value
    if isinstance(value, list):
        places = _in_command(value)
        return [
            Secret(_text(item))
            if place in places
            else _marked(item, name if is_json or isinstance(item, str) else "", is_json=is_json)
            for place, item in enumerate(value)
        ]
    if not isinstance(value, dict) or (is_intrinsic(value) and not is_json):
        return value  # of references and what else is in it, ``shown`` knows more
    under = name if is_json and _names_one(name) else ""
    return {
        key: _marked(item, under or _called(value, key, name), is_json=is_json)
        for key, item in value.items()
    }


def shown(value: Any, name: str, secrets: Collection[str]) -> Any:
    """*value*, the value of the property *name*, as it may be shown; ``(hidden)`` where not."""
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, str):
        return HIDDEN if _is_secret(value, name, secrets) else value
    if isinstance(value, list):
        places = _in_command(value)
        return [
            HIDDEN
            if place in places
            else shown(item, name if isinstance(item, str) or is_intrinsic(item) else "", secrets)
            for place, item in enumerate(value)
        ]
    if isinstance(value, dict):
        if is_intrinsic(value):
            is_one = any(_is_secret(text, name, secrets) for text in _literals(value))
            whole = without_resolves(_text(value))
            return HIDDEN if is_one or _is_secret(whole, "", secrets) else value
        return {key: shown(item, _called(value, key, name), secrets) for key, item in value.items()}
    return value


def hides(value: Any, name: str = "") -> bool:
    """Whether some part of *value*, called *name*, must not be shown."""
    return is_hidden(shown(value, name, ()))


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
    return not is_plain(text) and (_is_called_one(text, name) or _looks_like_one(text))


def _is_called_one(text: str, name: str) -> bool:
    if not text or _HOLE.fullmatch(text) or is_plain(text):
        return False
    return name in _HOLDS_ONE or (_names_one(name) and not text.startswith("arn:"))


_names_one: Final = lru_cache(maxsize=4096)(names_a_secret)
"""The same few hundred names are in every template."""


@lru_cache(maxsize=4096)
def _looks_like_one(text: str) -> bool:
    if credential_in("", text) is not None or OPTION_PASSWORD.search(text) is not None:
        return True
    if holds_one(text):
        return True
    found = json_in(text)
    try:
        return found is not None and _json_holds_one(marked_json(normalised(found)))
    except RecursionError:
        return True  # nobody reads so deep to find none


def _json_holds_one(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_json_holds_one, value.values()))
    if isinstance(value, list):
        return any(map(_json_holds_one, value))
    return isinstance(value, Secret) or (isinstance(value, str) and _looks_like_one(value))


def _in_command(items: list[Any]) -> frozenset[int]:
    """The places of the credentials in a list of words; none where it is no list of words.

    Of a function that makes a word, what is written in it counts.
    """
    return in_words([one if isinstance(one, str) else _written(one) or "$" for one in items])


def _written(item: Any) -> str:
    """What stands in an intrinsic function as text; empty where *item* is none."""
    return "".join(_literals(item)) if isinstance(item, dict) else ""


def _literals(value: Any) -> Iterator[str]:
    """The texts that an intrinsic function puts together or chooses from, without references."""
    if isinstance(value, str):
        yield value if isinstance(value, Secret) else _HOLE.sub("", value)
    elif isinstance(value, list):
        for item in value:
            yield from _literals(item)
    elif isinstance(value, dict) and is_intrinsic(value):
        [(function, argument)] = value.items()
        if function in _TAKES_TEXTS:
            yield from _literals(_texts(function, argument))


def _texts(function: str, argument: Any) -> Any:
    """What of an *argument* may become the text: of a Join not what stands between."""
    match function, argument:
        case "Fn::If", [_, *branches]:
            return branches
        case (("Fn::Join" | "Fn::Select" | "Fn::Split"), [_, parts]):
            return parts
        case "Fn::Sub", [text, dict() as given]:
            return [text, *given.values()]
    return argument


def _called(item: dict[str, Any], key: str, name: str) -> str:
    """What the value under *key* of *item*, which is called *name*, is called."""
    return name_beside(item, key) or (name if key == "Value" and name else key)


def _text(value: Any) -> str:
    found = normalised(value)
    return found if isinstance(found, str) else json.dumps(found, sort_keys=True)
