"""A call in a script with an argument that does not exist, or without one that it needs."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_UNKNOWN: Final = re.compile(r"nexpected keyword argument '(\w+)'")
_MISSING: Final = re.compile(r"issing (?:\d+ )?required .*argument.*?'(\w+)'")
_POSITIONAL: Final = "Extra positional arguments provided"


def wrong_call(text: str, where: TracebackType, path: Path) -> str | None:
    """What a TypeError at *where* says of the call there; None if it is about something else."""
    unknown, missing = _UNKNOWN.search(text), _MISSING.search(text)
    if not (unknown or missing or text == _POSITIONAL):
        return None
    spelt, called, owner = _called(where, path)
    if called is None:
        return None
    names = _arguments(called)
    takes = f"it takes {', '.join(names)}"
    if missing:
        return f"{spelt} needs the argument {missing[1]}; {takes}"
    if unknown is None:
        short = f"; did you mean {spelt}.standard(env, …)?" if hasattr(called, "standard") else ""
        return f"{spelt} takes its arguments by name{short or f'; {takes}'}"
    if issubclass(owner, Struct) and unknown[1] in owner.__struct_fields__:
        return (
            f"{spelt} has no argument {unknown[1]}, but {owner.__name__} has such a field: "
            f"msgspec.structs.replace({spelt}(…), {unknown[1]}=…)"
        )
    near = nearest(unknown[1], names)
    return f"{spelt} has no argument {unknown[1]}{near or f'; {takes}'}"


def _arguments(called: Any) -> Sequence[str]:
    if isinstance(called, type) and issubclass(called, Struct):
        return called.__struct_fields__
    return list(inspect.signature(called).parameters)


def _called(where: TracebackType, path: Path) -> tuple[str, Any, type]:
    """What was called at *where*: as it is spelt, itself, and the class that it is a method of."""
    nothing = ("", None, object)
    position = list(where.tb_frame.f_code.co_positions())[where.tb_lasti // 2]
    end = position[1], position[3]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call) or (node.end_lineno, node.end_col_offset) != end:
            continue
        names = ast.unparse(node.func).split(".")
        frame = where.tb_frame
        found = {**frame.f_globals, **frame.f_locals}.get(names[0])
        owner: Any = None
        for name in names[1:]:
            owner, found = found, getattr(found, name, None)
        if not callable(found):
            return nothing
        kind = owner if isinstance(owner, type) else found if isinstance(found, type) else object
        return ".".join(names), found, kind
    return nothing
