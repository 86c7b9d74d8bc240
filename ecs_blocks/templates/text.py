"""A template as text: YAML with short intrinsics, or JSON; the same bytes every time."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
import yaml

MAX_INLINE_BYTES: Final = 51_200
"""What the API takes as a body; a larger template is uploaded to S3 first."""
MAX_TEMPLATE_BYTES: Final = 1_000_000
"""What CloudFormation takes from S3: its quota is "1 MB"; the smaller reading is the safe one."""

_DUMPER_BASE: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_SHORT: Final = {"Ref": "!Ref", "Condition": "!Condition"}
_LOOKS_LIKE_ANOTHER_TYPE: Final = re.compile(r"[-+.]?[0-9][0-9_.,:eExXoOa-fA-F+-]*|[yYnN]|=|<<")


def to_json(tree: Any) -> str:
    """JSON with two spaces of indentation, in the order of *tree*, and a final line feed."""
    return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode() + "\n"


def to_yaml(tree: Any) -> str:
    """YAML with ``!Ref`` and its like, in the order of *tree*, without comments or anchors."""
    text: str = yaml.dump(
        tree,
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=100,
    )
    return text


class _Dumper(_DUMPER_BASE):  # type: ignore[misc]  # Any: the C dumper where PyYAML has one
    """Quotes whatever any YAML parser could take for something else than text."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _dict(dumper: Any, data: dict[str, Any]) -> Any:
    if len(data) == 1:
        [(function, argument)] = data.items()
        tag = _SHORT.get(function)
        if function.startswith("Fn::"):
            tag = "!" + function.removeprefix("Fn::")
        # A short form cannot directly hold another one as its scalar, nor stand for a section.
        if tag is not None and not (function == "Condition" and not isinstance(argument, str)):
            return _short(dumper, tag, argument)
    return dumper.represent_dict(data)


def _short(dumper: Any, tag: str, argument: Any) -> Any:
    if tag == "!GetAtt" and isinstance(argument, list):
        if all(isinstance(part, str) for part in argument):
            return dumper.represent_scalar(tag, ".".join(argument))
        return dumper.represent_sequence(tag, argument)
    if isinstance(argument, list):
        return dumper.represent_sequence(tag, argument)
    if isinstance(argument, dict):
        # "!Base64 !Sub" is not YAML; the long form around the short one is.
        return dumper.represent_mapping("tag:yaml.org,2002:map", {"Fn::" + tag[1:]: argument})
    text = str(argument)
    style = "|" if "\n" in text else None if text else "'"
    return dumper.represent_scalar(tag, text, style=style)


def _str(dumper: Any, data: str) -> Any:
    style = None
    if "\n" in data and not re.search(r"[ \t]\n|\t", data):
        style = "|"
    elif _LOOKS_LIKE_ANOTHER_TYPE.fullmatch(data):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(dict, _dict)
_Dumper.add_representer(str, _str)
