"""A value that a template parameter would take, where nobody has given one."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: Final = "local"

_IDS: Final = {
    "AWS::EC2::VPC::Id": "vpc",
    "AWS::EC2::Subnet::Id": "subnet",
    "AWS::EC2::SecurityGroup::Id": "sg",
}
_EXAMPLE: Final = re.compile(r", like (\S+)$")


def invented(declaration: Mapping[str, Any], name: str) -> str:
    """A value for the parameter that *declaration* declares, the same each time for *name*.

    An id for a type of AWS, the first of what is allowed, the example that the declaration gives;
    otherwise ``local``.
    """
    kind = str(declaration.get("Type", "String"))
    inner = kind.removeprefix("List<").removesuffix(">")
    if prefix := _IDS.get(inner):
        ids = [f"{prefix}-{_hex(f'{name} {number}')[:17]}" for number in range(2)]
        return ",".join(ids) if inner != kind else ids[0]
    if inner == "AWS::Route53::HostedZone::Id":
        return f"Z{_hex(name)[:20].upper()}"
    if allowed := declaration.get("AllowedValues"):
        return str(allowed[0])
    if inner == "Number":
        return str(declaration.get("MinValue", 1))
    pattern = declaration.get("AllowedPattern")
    example = _EXAMPLE.search(str(declaration.get("ConstraintDescription", "")))
    if pattern and example and re.fullmatch(pattern, example[1]):
        return example[1]
    return PLAIN


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
