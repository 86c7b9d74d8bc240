"""Grafana's own types (``grafana-foundation-sdk``), and what they have against a dashboard."""

from __future__ import annotations

import enum
import json
import types
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator


def decoded(body: dict[str, Any]) -> Dashboard:
    """A dashboard as Grafana's package reads it."""
    register_default_plugins()
    return Dashboard.from_json(body)


def faults(body: dict[str, Any]) -> list[str]:
    """Where a dashboard has a key that Grafana does not know, or a value that is of no right type.

    The package drops the first and takes the second as it is.
    """
    found = decoded(body)
    return [*_dropped(body, _encoded(found)), *_mistyped(found, Dashboard)]


def _encoded(thing: Any) -> Any:
    return json.loads(json.dumps(thing, cls=JSONEncoder))


def _dropped(given: Any, kept: Any, at: str = "") -> Iterator[str]:
    """What is no more there after decoding and encoding; nothing and ``null`` are the same."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            if value is not None or key in kept:
                yield from _dropped(value, kept.get(key), f"{at}.{key}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for number, pair in enumerate(zip(given, kept, strict=True)):
            yield from _dropped(*pair, f"{at}[{number}]")
    elif given != kept:
        yield at


def _mistyped(thing: Any, hint: Any, at: str = "") -> Iterator[str]:
    either = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    lists = [one for one in either if get_origin(one) is list]
    own = [one for one in either if hasattr(one, "from_json")]
    if hasattr(thing, "to_json"):  # of the package; what it holds has types of its own
        for name, wanted in get_type_hints(type(thing)).items():
            yield from _mistyped(getattr(thing, name), wanted, f"{at}.{name}")
    elif isinstance(thing, dict) and own:  # it leaves some of its own as they came
        found = own[0].from_json(thing)
        yield from _dropped(thing, _encoded(found), at)
        yield from _mistyped(found, own[0], at)
    elif isinstance(thing, list) and lists:
        for number, one in enumerate(thing):
            yield from _mistyped(one, get_args(lists[0])[0], f"{at}[{number}]")
    elif not any(_is(thing, one) for one in either):
        yield at


def _is(thing: Any, hint: Any) -> bool:
    """Whether a plain value is of a type; of a map, what is in it counts for nothing."""
    kind = get_origin(hint) or hint
    if kind in {Any, object}:
        return True
    if kind is Literal:
        return thing in get_args(hint)
    if issubclass(kind, enum.Enum):
        return thing in [one.value for one in kind]
    if isinstance(thing, bool):
        return kind is bool
    return isinstance(thing, (int, float) if kind is float else kind)
