"""A small reader of YAML with ``!Ref`` and its like: what a parser that is not ours would see."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

_NOT_TEXT: Final = re.compile(
    r"y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"  # YAML 1.1, the whole of it
    r"|true|True|TRUE|false|False|FALSE|null|Null|NULL|~|"  # from here the core schema of YAML 1.2
    r"|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"
)


class _Loader(yaml.SafeLoader):
    """The long forms again: ``!Sub x`` is ``{"Fn::Sub": "x"}``."""


def _long(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _long)


def load(text: str) -> Any:
    """The tree that *text* is."""
    return yaml.load(text, Loader=_Loader)


def read_otherwise(text: str) -> list[str]:
    """The plain scalars in *text* that YAML 1.1 or 1.2 does not read as text."""
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    scalars = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    plain = [event.value for event in scalars if event.style is None and event.tag is None]
    return [value for value in plain if _NOT_TEXT.fullmatch(value)]
