"""Values of secrets never get onto a screen: what of a property's value may be shown."""

from __future__ import annotations

import json
import re
from typing import Any, Final

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
_NAMES: Final = ("Name", "name", "Key", "key", "ParameterKey")
_VALUES: Final = ("Value", "value", "ParameterValue")


def shown(path: str, value: str) -> str:
    """*value* of the property *path* as far as it may be shown.

    By the property's name (``MasterUserPassword``), by names inside a JSON value, and by the form
    of the text itself. A reference to a secret is none, and stays.
    """
    names = [name for name in re.split(r"[./\[\]]", path) if name and not name.isdigit()]
    if any(map(_is_sensitive, names)) and not _is_reference(value):
        return HIDDEN
    return _text(names[-1] if names else "", value)


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
    return HIDDEN if credential_in(name, _RESOLVE.sub("", value)) else value


def _tree(name: str, node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _member(node, key, value) for key, value in node.items()}
    if isinstance(node, list):
        return [_tree(name, item) for item in node]
    return _text(name, node) if isinstance(node, str) else node


def _member(node: dict[str, Any], key: str, value: Any) -> Any:
    own = [str(node[name]) for name in _NAMES if name in node] if key in _VALUES else []
    if any(map(_is_sensitive, [key, *own])) and not _is_reference(str(value)):
        return HIDDEN
    return _tree(own[0] if own else key, value)
