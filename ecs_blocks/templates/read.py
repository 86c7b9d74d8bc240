"""A template that somebody else wrote, and its parameters, as plain data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import yaml

from ecs_blocks.environment.source import parse
from ecs_blocks.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BASE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 100


class _Loader(_BASE):  # type: ignore[misc]  # Any: the C loader where PyYAML has one
    """Knows ``!Ref`` and its like; a date stays the text that it is to CloudFormation."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith(":timestamp")]
    for first, rows in _BASE.yaml_implicit_resolvers.items()
}


def _short(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _short)


def read_template(path: Path) -> dict[str, Any]:
    """The template at *path*, YAML or JSON.

    Raises:
        InputError: it cannot be read, is not YAML or JSON, or has no ``Resources``.
    """
    tree = read_tree(path)
    if not isinstance(tree, dict) or not isinstance(tree.get("Resources"), dict):
        message = "this is not a template: it has no mapping of Resources"
        raise InputError([Problem(str(path), 0, 0, "", message)])
    return tree


def read_parameters(path: Path) -> dict[str, Any]:
    """The parameters in the file at *path*: ours, or one of the forms that the AWS CLI takes.

    Raises:
        InputError: it cannot be read, or has none of the forms.
    """
    return parameters_in(read_tree(path), path)


def parameters_in(tree: Any, path: Path) -> dict[str, Any]:
    """The parameters that *tree*, what the file at *path* holds, gives.

    Raises:
        InputError: it has none of the forms.
    """
    if isinstance(tree, dict) and isinstance(tree.get("Parameters"), dict):
        tree = tree["Parameters"]
    if isinstance(tree, list):
        try:
            tree = {one["ParameterKey"]: one["ParameterValue"] for one in tree}
        except (TypeError, KeyError):
            tree = None
    if not isinstance(tree, dict) or any(isinstance(v, (dict, list)) for v in tree.values()):
        message = 'expected {"Parameters": {"Key": "value"}}, or the AWS CLI\'s list of them'
        raise InputError([Problem(str(path), 0, 0, "", message)])
    return {str(key): value for key, value in tree.items()}


def defaults(template: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of a template's parameters."""
    declared = template.get("Parameters")
    return {
        name: one["Default"]
        for name, one in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(one, dict) and "Default" in one
    }


def read_tree(path: Path) -> Any:
    """What the YAML or JSON file at *path* holds.

    Raises:
        InputError: it cannot be read, is over 2 MB, or is not YAML or JSON.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InputError([Problem(str(path), 0, 0, "", message)]) from error
    if len(content) > MAX_BYTES:
        message = f"the file is over {MAX_BYTES:,} bytes; CloudFormation takes a million"
        raise InputError([Problem(str(path), 0, 0, "", message)])
    return parsed(content, str(path))


def parsed(content: bytes, name: str) -> Any:
    """A template's text as plain data; keys are text, as they are to CloudFormation.

    *name* is what a problem says it is of.

    Raises:
        InputError: it is not YAML or JSON.
    """
    # the careful reader goes first: encoding, depth, aliases, tabs; JSON is YAML to it
    node, problems = parse(content, name, max_depth=MAX_DEPTH)
    serious = [p for p in problems if node is None or "duplicate key" in p.message]
    if serious or node is None:
        raise InputError(serious or [Problem(name, 0, 0, "", "the file is empty")])
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    try:
        if text.lstrip().startswith(("{", "[")):
            return json.loads(text)
        return _with_text_keys(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        what = " ".join(str(error).split())
        raise InputError([Problem(name, 0, 0, "", f"cannot be read: {what}")]) from error


def _with_text_keys(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _with_text_keys(item) for key, item in tree.items()}
    if isinstance(tree, (list, set)):
        return [_with_text_keys(item) for item in tree]
    return tree if isinstance(tree, (str, int, float, type(None))) else str(tree)
