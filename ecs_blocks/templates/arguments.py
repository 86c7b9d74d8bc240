"""Which argument of a block is not what it has to be, once a script has failed over it.

Blocks are not checked when they are made: a wrong value comes to light somewhere inside, as an
AttributeError that nobody outside understands. So when that happens, and only then, what was given
to every function and block on the way is held against the annotations.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NewType, Union

from msgspec import Struct

from ecs_blocks.values import Token

if TYPE_CHECKING:
    from types import FrameType, ModuleType

_NONE: Final = type(None)
_PLAIN: Final = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    _NONE: "None",
}
_DEPTH: Final = 6


def wrong_argument(frame: FrameType) -> str | None:
    """What is wrong with an argument that the function of *frame* was given, if anything is."""
    function, module = _function_of(frame)
    if function is None or module is None:
        return None
    owner = frame.f_locals.get("self")
    if isinstance(owner, Struct) and (found := _of_fields(owner, "", _DEPTH)):
        return found
    for name, hint in _hints(function, module).items():
        if name in frame.f_locals and (found := _wrong(frame.f_locals[name], hint, name, _DEPTH)):
            return found.removeprefix("block.")
    return None


def environments_for(frame: FrameType) -> list[str]:
    """The public classes of environments that the function of *frame* takes as ``env``."""
    function, module = _function_of(frame)
    hint = _hints(function, module).get("env") if function and module else None
    kinds = typing.get_args(hint) or (hint,)
    wanted = {getattr(one, "__forward_arg__", getattr(one, "__name__", "")) for one in kinds}
    package = sys.modules["ecs_blocks"]
    public = [name for name in package.__all__ if name.endswith("Environment")]
    return [
        name for name in public if wanted & {one.__name__ for one in getattr(package, name).mro()}
    ]


def _function_of(frame: FrameType) -> tuple[Any, ModuleType | None]:
    """What runs in *frame*, and its module."""
    module = sys.modules.get(frame.f_globals.get("__name__", ""))
    found: Any = module
    for part in frame.f_code.co_qualname.split("."):
        found = getattr(found, part, None)
    function = inspect.unwrap(getattr(found, "__func__", found)) if found else None
    return (function if inspect.isfunction(function) else None), module


def _of_fields(block: Struct, place: str, depth: int) -> str | None:
    for owner in reversed(type(block).__mro__):
        module = sys.modules.get(owner.__module__)
        if module is None or not issubclass(owner, Struct):
            continue
        for name, hint in _hints(owner, module).items():
            if name in block.__struct_fields__:
                inner = f"{place}.{name}" if place else name
                if found := _wrong(getattr(block, name), hint, inner, depth):
                    return found
    return None


def _wrong(value: Any, hint: Any, place: str, depth: int) -> str | None:
    """What is wrong with *value* or, deeper, with one of its own fields."""
    if not depth:
        return None
    items = _item_of(hint)
    if items is not None and isinstance(value, (tuple, list)):
        inner = (_wrong(one, items, f"{place}[{n}]", depth - 1) for n, one in enumerate(value))
        return next((found for found in inner if found), None)
    if not _fits(value, hint):
        return f"{place} has to be {_kind(hint)}, not {_given(value)}{_way(value, hint)}"
    if isinstance(value, Struct) and type(value).__module__.startswith("ecs_blocks."):
        return _of_fields(value, place, depth - 1)
    return None


def _fits(value: Any, hint: Any) -> bool:
    """Whether *value* may be what *hint* says; what cannot be judged may."""
    if isinstance(hint, NewType):
        return isinstance(value, Token) or _fits(value, hint.__supertype__)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is typing.Literal:
        return isinstance(value, Token) or value in inner
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if isinstance(origin, type) and issubclass(origin, Iterable):
        kinds = (tuple, list) if origin is tuple else origin
        return isinstance(value, kinds) and not isinstance(value, str)
    kind = origin or hint
    if not isinstance(kind, type) or kind is Any:
        return True
    if getattr(kind, "_is_protocol", False) or hasattr(kind, "build"):  # then anything may build
        return not isinstance(value, (*_PLAIN, type))
    if kind is float:
        return isinstance(value, (int, float))
    return isinstance(value, kind)


def _item_of(hint: Any) -> Any | None:
    """What a tuple of any length holds, where *hint* is one, or a sequence of any kind."""
    inner, origin = typing.get_args(hint), typing.get_origin(hint)
    is_tuple = origin is tuple and len(inner) == 2 and inner[1] is Ellipsis
    is_alike = isinstance(origin, type) and issubclass(origin, Iterable) and len(inner) == 1
    return inner[0] if is_tuple or is_alike else None


def _kind(hint: Any) -> str:
    """*hint* in words: ``a tuple of Rule``, ``Cidr or Group``."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) in (Union, types.UnionType):
        kinds = [one for one in inner if (typing.get_origin(one) or one) not in (Token, _NONE)]
        names = list(dict.fromkeys(_kind(one) for one in kinds))
        return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(repr(one) for one in inner)
    if (item := _item_of(hint)) is not None:
        return "a tuple" if item is Any else f"a tuple of {_kind(item)}"
    if isinstance(hint, NewType):
        return _kind(hint.__supertype__)
    kind = typing.get_origin(hint) or hint
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return "a dict"
    if getattr(kind, "_is_protocol", False) and (named := _named(kind)):
        return named
    name = str(getattr(kind, "__name__", kind))
    return _PLAIN.get(kind) or _given_by(name) or name


def _given_by(handle: str) -> str:
    """The public blocks whose ``build`` gives a *handle*: that is how one comes by it."""
    package = sys.modules["ecs_blocks"]
    builds = {name: getattr(getattr(package, name), "build", None) for name in package.__all__}
    blocks = [
        f"eb.{name}"
        for name, build in builds.items()
        if handle.endswith("Handle")
        and getattr(build, "__annotations__", {}).get("return") == handle
    ]
    return f"what stack.add(…, {' or '.join(blocks)}…) gave (a {handle})" if blocks else ""


def _named(protocol: Any) -> str:
    """The classes that a protocol's docstring names: ``Rolling``, ``BlueGreen``."""
    public = sys.modules["ecs_blocks"].__all__
    names = re.findall(r"``(\w+)``", getattr(protocol, "__doc__", None) or "")
    return " or ".join(name for name in names if name in public)


def _given(value: Any) -> str:
    """What *value* is; text is not repeated, for it may be a secret."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if type(value) in (str, bool, int, float, _NONE):
        return _PLAIN[type(value)] if isinstance(value, str) else repr(value)
    return f"a {type(value).__name__}"


def _way(value: Any, hint: Any) -> str:
    item = _item_of(hint)
    if item is not None and _fits(value, item):
        return "; put it into brackets, with a comma behind it: (…,)"
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            if isinstance(getattr(value, name), Struct) and _fits(getattr(value, name), hint):
                return f"; give its .{name}"
    if isinstance(value, type) and issubclass(value, Struct):
        return f"; write {value.__name__}(…)"
    if isinstance(value, str) and value.isdigit() and _fits(0, hint):
        return "; write it without quotes"
    return ""


def _hints(thing: Any, module: ModuleType) -> dict[str, Any]:
    """The annotations of a function or class, as far as they can be told."""
    found = {}
    names = _Names(vars(module), module)
    for name, hint in inspect.get_annotations(thing).items():
        try:
            found[name] = eval(hint, {}, names) if isinstance(hint, str) else hint  # noqa: S307 - our own source
        except Exception:  # noqa: BLE001, S112 - then this one is not judged
            continue
    found.pop("return", None)
    return found


class _Names(dict[str, Any]):
    """The names of a module, with those that it imports for the type checker only."""

    def __init__(self, names: Mapping[str, Any], module: ModuleType) -> None:
        super().__init__(names)
        self._module = module

    def __missing__(self, name: str) -> Any:
        for line in _imports_for_types(self._module):
            if any((alias.asname or alias.name) == name for alias in line.names):
                exec(compile(ast.Module([line], []), "<types>", "exec"), self)  # noqa: S102 - an import of ours
                if name in self:
                    return self[name]
        raise KeyError(name)


def _imports_for_types(module: ModuleType) -> Iterator[ast.ImportFrom]:
    body: Sequence[ast.stmt] = ast.parse(inspect.getsource(module)).body
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from (line for line in node.body if isinstance(line, ast.ImportFrom))
