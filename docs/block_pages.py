"""The pages of the reference about what a script calls: blocks, functions, the stack."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

import msgspec

import ecs_blocks as eb
from ecs_blocks.environment.fields import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable

_ENTRY: Final = re.compile(r"^    (\w+): ((?:.|\n(?=     ))+)", re.MULTILINE)
_NAMES: Final[list[str]] = vars(eb)["__all__"]
_WAYS: Final = {"standard": "env, …", "for_containers": "…"}


def blocks_page() -> str:
    """Every block, and what the ways to make it take that it has beside its arguments."""
    parts = [
        "# Blocks\n",
        "A block is a frozen `msgspec.Struct` with keyword arguments and `build(scope)`; "
        '`stack.add("Hoge", block)` builds it and returns its handle. `Value[int]` is an `int`, or '
        "a token for one. Traps are numbered as in [the explanation](../explanation/traps.md).\n",
    ]
    for name in _NAMES:
        thing = getattr(eb, name)
        if not (inspect.isclass(thing) and issubclass(thing, msgspec.Struct)):
            continue
        parts.append(f"## {name}\n")
        parts.append(_docstring(thing) + "\n")
        for way, arguments in _WAYS.items():
            if hasattr(thing, way):
                parts.append(f"### {name}.{way}({arguments})\n")
                parts.append(_function(getattr(thing, way)) + "\n")
    return "\n".join(parts)


def functions_page() -> str:
    """Every function, and the methods of a stack."""
    parts = [
        "# Functions, and the stack\n",
        "What a script calls beside [blocks](blocks.md), all of it in `import ecs_blocks as eb`.\n",
    ]
    for name in _NAMES:
        thing = getattr(eb, name)
        if inspect.isfunction(thing):
            parts.append(f"## {name}\n\n{_function(thing)}\n")
    parts.append("## Stack\n")
    parts.append(_docstring(eb.Stack) + "\n")
    for name, method in vars(eb.Stack).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            parts.append(f"### stack.{name}\n\n{_function(method)}\n")
    return "\n".join(parts)


def _function(thing: Callable[..., object]) -> str:
    """A function's docstring as Markdown: its Args as a table with types and defaults."""
    before, _, rest = (inspect.getdoc(thing) or "").partition("\nArgs:\n")
    said, _, after = rest.partition("\n\n")
    meanings = {found[1]: " ".join(found[2].split()) for found in _ENTRY.finditer(said)}
    signature = inspect.signature(thing)
    arguments = {name: one for name, one in signature.parameters.items() if name != "self"}
    if not meanings:
        spelt = str(signature.replace(parameters=[*arguments.values()]))
        spelt = re.sub(r"(: |-> )'([^']*)'", r"\1\2", spelt)
        return f"    {thing.__name__}{spelt}\n\n{markdown(before)}"
    rows = ["| argument | type | default | meaning |", "|---|---|---|---|"]
    for name, one in arguments.items():
        shown = f"*{name}" if one.kind is one.VAR_POSITIONAL else name
        kind = str(one.annotation).replace("|", "\\|")
        default = "needed" if one.default is one.empty else f"`{one.default!r}`"
        default = "any number" if shown.startswith("*") else default
        default = "needed" if one.default is MISSING else default
        rows.append(f"| `{shown}` | `{kind}` | {default} | {markdown(meanings.get(name, ''))} |")
    raises = after.replace("Raises:\n    ", "Raises ").replace("\n    ", "\n")
    return "\n".join((markdown(before), "", *rows, "", markdown(raises))).rstrip()


def _docstring(thing: type) -> str:
    """A class's docstring as Markdown: its Attributes as a table with types and defaults."""
    text = inspect.getdoc(thing) or ""
    before, _, rest = text.partition("\nAttributes:\n")
    if not rest:
        return markdown(before) + _in_order(thing)
    after = rest.partition("\n\n")[2]
    fields = {f.name: f for f in msgspec.structs.fields(thing)}
    kinds = _annotations(thing)
    rows = ["| argument | type | default | meaning |", "|---|---|---|---|"]
    for name, meaning in _meanings(thing).items():
        field = fields[name]
        kind = kinds[name].replace("|", "\\|")
        rows.append(f"| `{name}` | `{kind}` | {_default(field)} | {markdown(meaning)} |")
    return "\n".join((markdown(before), "", *rows, "", markdown(after)))


def _meanings(thing: type) -> dict[str, str]:
    """What the attributes of a class mean, by what it says itself, or else what its bases say.

    Those of the bases come first, where the class does not name all of them in an order of its own.
    """
    found: dict[str, str] = {}
    own: dict[str, str] = {}
    for base in reversed(thing.__mro__):
        said = inspect.cleandoc(vars(base).get("__doc__") or "").partition("\nAttributes:\n")[2]
        entries = _ENTRY.finditer(said.partition("\n\n")[0])
        own = {one[1]: " ".join(one[2].split()) for one in entries}
        found |= own
    return own if own.keys() == found.keys() else found


def _in_order(thing: type) -> str:
    """How a small block is written whose arguments need no table: `eb.Mount(volume, path)`."""
    if not issubclass(thing, msgspec.Struct) or not thing.__struct_fields__:
        return ""
    kinds = _annotations(thing)
    fields = [
        f"{one.name}: {kinds[one.name]}"
        + ("" if one.required else f" = {_default(one).strip('`')}")
        for one in msgspec.structs.fields(thing)
    ]
    return f"\n\n    eb.{thing.__name__}({', '.join(fields)})"


def _annotations(thing: type) -> dict[str, str]:
    """The types of a class's fields, as they are written."""
    return {
        k: v for base in reversed(thing.__mro__) for k, v in inspect.get_annotations(base).items()
    }


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "needed"
    if field.default is msgspec.NODEFAULT:
        name = getattr(field.default_factory, "__name__", "")
        return f"`{name}()`" if name not in ("dict", "list") else "none"
    text = repr(field.default)
    return f"`{text}`" if len(text) < 60 else "see above"


def markdown(text: str) -> str:
    """A docstring's way to write code, as Markdown writes it."""
    return text.replace("``", "`")
