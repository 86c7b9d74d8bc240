"""What a template needs to be acknowledged before CloudFormation takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_NESTED: Final = "AWS::CloudFormation::Stack"


def capabilities(template: Mapping[str, Any]) -> list[str]:
    """What the template needs to be acknowledged: IAM resources, macros, nested stacks."""
    types = [str(one.get("Type", "")) for one in template.get("Resources", {}).values()]
    found = []
    if any(kind.startswith("AWS::IAM::") or kind == _NESTED for kind in types):
        found.append("CAPABILITY_NAMED_IAM")
    is_module = any(kind.endswith("::MODULE") for kind in types)
    if is_module or _NESTED in types or "Transform" in template or _has_macro(template):
        found.append("CAPABILITY_AUTO_EXPAND")
    return found


def _has_macro(tree: Any) -> bool:
    if isinstance(tree, Mapping):
        return "Fn::Transform" in tree or any(map(_has_macro, tree.values()))
    return isinstance(tree, list) and any(map(_has_macro, tree))
