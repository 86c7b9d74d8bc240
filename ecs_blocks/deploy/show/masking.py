"""Values of secrets never get onto a screen: what of a property's value may be shown."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ecs_blocks.checks.facts.credential_places import holds_one, in_words, name_beside
from ecs_blocks.environment.credentials import credential_in

HIDDEN: Final = "(hidden)"

_SENSITIVE: Final = re.compile(
    r"(?:password|passwd|passphrase|pwd|token|credentials?|secret(?:string|binary|s)?"
    r"|(?:access|api|auth|encryption|private|secret|signing)[_-]?key)$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(_SENSITIVE.pattern.removesuffix("$"), re.IGNORECASE)
_ONLY_NAMES: Final = frozenset({"Secrets"})
"""A container's Secrets hold names and ARNs."""

_RESOLVE: Final = re.compile(r"\{\{resolve:[^{}]*\}\}")
_ARN: Final = re.compile(r"arn:[\w-]+:(?:secretsmanager|ssm|kms):\S+")
_SPELLINGS: Final = {"value": "Value", "name": "Name", "key": "Key"}
_NEIGHBOUR_UNKNOWN: Final = re.compile(
    r"(?:^|\.)(?:OriginCustomHeaders\.\d+\.HeaderValue|HttpHeaderConfig\.(?:Regex)?Values"
    r"|(?:Command|EntryPoint)\.[1-9]\d*)(?:\.|$)"
)
"""Paths of values that another one says of what they are, which is not told with them."""


def shown(path: str, value: str) -> str:
    """*value* of the property *path* as far as it may be shown.

    By the property's name (``MasterUserPassword``), by names inside a JSON value, by what stands
    beside it, and by the form of the text itself. A reference to a secret is none, and stays. What
    only its surroundings tell is not seen here: ``hidden_by``.
    """
    names = [name for name in re.split(r"[./\[\]]", path) if name and not name.isdigit()]
    if any(map(_is_sensitive, names)) and not _is_reference(value):
        return HIDDEN
    return _text(names[-1] if names else "", value)


def hidden_by(path: str, value: str, properties: Any) -> bool | None:
    """Whether what is around *value*, at *path* of *properties*, makes a secret of it.

    By what the item around it calls it, or, of a word of a command, by the words before it. None
    where *properties* do not have it.
    """
    *steps, key = path.split(".")
    holder, around = None, properties
    for step in steps:
        holder, around = around, _member_of(around, step)
    if _is_reference(value):
        return False
    if isinstance(around, dict) and key in around:
        return _is_sensitive(_named(around, key))
    if not isinstance(around, list) or _member_of(around, key) is None:
        return None
    if isinstance(holder, dict) and _is_sensitive(_named(holder, steps[-1])):
        return True
    return int(key) in in_words(_words(around))


def may_be_secret(path: str, value: str) -> bool:
    """Whether *value* may be one by what is around it, which nobody has told.

    A header's value, and a word of a command that comes alone.
    """
    is_other = value.startswith(("-", "{{resolve:"))
    return not is_other and _NEIGHBOUR_UNKNOWN.search(path) is not None


def _member_of(around: Any, step: str) -> Any:
    if isinstance(around, list):
        is_one = step.isdigit() and int(step) < len(around)
        return around[int(step)] if is_one else None
    return around.get(step) if isinstance(around, dict) else None


def _words(items: list[Any]) -> list[str]:
    return [one if isinstance(one, str) else "$" for one in items]


def _is_sensitive(name: str) -> bool:
    return name not in _ONLY_NAMES and bool(_SENSITIVE.search(name))


def _is_reference(value: str) -> bool:
    return bool(_RESOLVE.fullmatch(value) or _ARN.fullmatch(value))


def _text(name: str, value: str) -> str:
    if _is_reference(value):
        return value
    if value.lstrip()[:1] in ("{", "["):
        try:
            found = json.loads(value)
            masked = _tree(name, found)
            return value if masked == found else json.dumps(masked, ensure_ascii=False)
        except (ValueError, RecursionError):  # AWS cut it, or it is none
            if _WORD.search(value):
                return HIDDEN
    plain = _RESOLVE.sub("", value)
    return HIDDEN if credential_in(name, plain) or holds_one(plain) else value


def _tree(name: str, node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _member(node, key, value) for key, value in node.items()}
    if isinstance(node, list):
        places = in_words(_words(node))
        return [
            HIDDEN if place in places and not _is_reference(item) else _tree(name, item)
            for place, item in enumerate(node)
        ]
    return _text(name, node) if isinstance(node, str) else node


def _member(node: dict[str, Any], key: str, value: Any) -> Any:
    own = _named(node, key)
    if any(map(_is_sensitive, [key, own])) and not _is_reference(str(value)):
        return HIDDEN
    return _tree(own or key, value)


def _named(node: dict[str, Any], key: str) -> str:
    """What *node* itself calls its value under *key*; empty where it does not."""
    spelled = {_SPELLINGS.get(one, one): value for one, value in node.items()}
    return name_beside(spelled, _SPELLINGS.get(key, key))
