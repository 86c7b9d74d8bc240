"""One node of the file, or one word of ``--set``, as the value that its field asks for."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.credentials import WAY_OUT, credential_in, is_name
from ecs_blocks.environment.nodes import (
    Node,
    Refused,
    Scalar,
    Sequence,
    describe,
    meaning,
    shortened,
)
from ecs_blocks.environment.read_lookup import lookup_in, read_lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.environment.fields import Field

_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WITH_UNIT: Final = re.compile(r"([1-9][0-9]{0,8}) ?([A-Za-z]{1,12})")
_KILO: Final = frozenset({"g", "gb", "gib", "vcpu", "vcpus"})
"""Units of which AWS counts 1,024 parts: MiB of memory, units of CPU."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's control, format and separator characters; a text may hold tabs and line feeds."""
MAX_DIGITS: Final = 30
MAX_BYTES: Final = 4096
"""Of one parameter's value. Source: CloudFormation User Guide, "CloudFormation quotas"."""
_TRUTHS: Final = {"true": True, "false": False, "True": True, "False": False}


def read_node(field: Field, node: Node) -> Any:
    """The value of *field* that *node* holds; a ``Lookup`` where it is looked up at deploy time.

    Raises:
        Refused: with a message that says what was given, what is allowed, and what to do.
    """
    if isinstance(node, Scalar) and node.tag is not None:
        return read_lookup(field, node)
    if isinstance(node, Scalar) and not node.plain and lookup_in(node.text):
        raise Refused(f"a lookup is written without quotes: {shortened(node.text)}")
    if not field.type.many:
        return _constrained(field, _item(field, node), node)
    if not isinstance(node, Sequence):
        raise Refused(f"expected {field.type.name}, got {describe(node)}{_as_list(node)}")
    items = [_constrained(field, _item(field, item), item) for item in node.items]
    return _counted(field, items)


def read_text(field: Field, text: str) -> Any:
    """The value of *field* that ``--set Key=text`` gives; a list is split at its commas.

    Raises:
        Refused: as ``read_node``.
    """
    if lookup_in(text):
        raise Refused("a lookup cannot be given with --set; write it in environment.yaml")
    words = text.split(",") if field.type.many and text else [text] if not field.type.many else []
    items = []
    for word in words:
        node = Scalar(0, 0, word.strip() if field.type.many else word)
        if any("\ud800" <= c <= "\udfff" for c in word):
            raise Refused("the value is not UTF-8 text")
        if len(word.encode()) > MAX_BYTES:
            raise Refused(f"the value is longer than {MAX_BYTES:,} bytes")
        _no_credential(field, word)
        scalar = field.type.scalar
        if scalar is str:
            value: Any = word.strip() if field.type.many else word
        elif scalar is bool and word in _TRUTHS:
            value = _TRUTHS[word]
        elif (scalar is int and _WHOLE.fullmatch(word)) or (
            scalar is float and _NUMBER.fullmatch(word)
        ):
            value = _measured(field, field.type.name, word, node)
        else:
            raise Refused(f"expected {field.type.name}, got {describe(node)}")
        items.append(_constrained(field, value, node))
    return _counted(field, items) if field.type.many else items[0]


def _item(field: Field, node: Node) -> Any:
    wanted = field.type.name if not field.type.many else f"an item of {field.type.name}"
    if not isinstance(node, Scalar):
        raise Refused(f"expected {wanted}, got {describe(node)}", node)
    if node.tag is not None:
        raise Refused(f"{node.tag} stands for the whole list, not for an item of it", node)
    if len(node.text.encode()) > MAX_BYTES:
        raise Refused(f"the value is longer than {MAX_BYTES:,} bytes", node)
    _no_credential(field, node.text, node)
    if node.kind == "null":
        way = 'write "" for empty text, or leave the key out' if field.type.scalar is str else ""
        raise Refused("; ".join(filter(None, (f"expected {wanted}, got nothing", way))), node)
    match field.type.scalar:
        case kind if kind is str:
            return _text(wanted, node)
        case kind if kind is bool:
            return _truth(wanted, node)
    return _number(field, wanted, node)


def _text(wanted: str, node: Scalar) -> str:
    if node.kind != "str":
        raise Refused(
            f"expected {wanted}, but YAML reads {shortened(node.text)} as {meaning(node)}; "
            f'write it in quotes: "{shortened(node.text)}"',
            node,
        )
    return node.text


def _truth(wanted: str, node: Scalar) -> bool:
    if node.plain and node.text in _TRUTHS:
        return _TRUTHS[node.text]
    if node.kind == "bool":
        way = f"; write {meaning(node)}"
    else:
        way = f"; write {node.text} without quotes" if node.text in _TRUTHS else ""
    given = describe(node) if node.kind != "bool" else node.text
    raise Refused(f"expected {wanted}, got {given}{way}", node)


def _number(field: Field, wanted: str, node: Scalar) -> int | float:
    pattern = _WHOLE if field.type.scalar is int else _NUMBER
    if not pattern.fullmatch(node.text):
        way = ""
        if node.kind == "int" or (node.kind == "float" and ":" in node.text):
            way = f", which YAML 1.1 reads as {meaning(node).removeprefix('the number ')}"
            way += "; write digits only, without a leading zero"
        elif node.text.startswith(".") and field.type.scalar is float:
            way = f"; write 0{node.text}"
        elif found := _WITH_UNIT.fullmatch(node.text):
            factor = 1024 if found[2].lower() in _KILO else 1
            way = f"; write {int(found[1]) * factor}"
        raise Refused(f"expected {wanted}, got {describe(node)}{way}", node)
    if not node.plain:
        raise Refused(f"expected {wanted}, got {describe(node)}; write it without quotes", node)
    return _measured(field, wanted, node.text, node)


def _measured(field: Field, wanted: str, digits: str, node: Node) -> int | float:
    if len(digits) > MAX_DIGITS:
        raise Refused(f"expected {wanted}, got one of {len(digits)} characters", node)
    return int(digits) if field.type.scalar is int else float(digits)


def _constrained(field: Field, value: Any, node: Node) -> Any:
    for message in _breaches(field, value):
        raise Refused(message, node)
    return value


def _breaches(field: Field, value: Any) -> Iterator[str]:
    spec, row = field.spec, field.type
    given = f'"{shortened(value, 120)}"' if isinstance(value, str) else f"{value}"
    if row.names_a_secret and not is_name(str(value)):
        given = "something else"  # it may be the secret itself
    if spec.choices and value not in spec.choices:
        yield f"got {given}; allowed: {', '.join(str(choice) for choice in spec.choices)}"
    if isinstance(value, str):
        if row.many and "," in value:
            yield f"got {given}; an item of a list holds no comma, write two items"
        if row.many and not value.strip():
            yield "an item of a list is not empty"
        if any(c not in "\t\n" and unicodedata.category(c) in _UNSEEN for c in value):
            yield "the text holds characters that nobody can see"
        if value == "" == spec.default:
            return  # what says "none" by default may be written out: it takes a layer's value back
        if not row.matches(value):
            example = f", like {row.example}" if row.example else ""
            yield f"got {given}, which is not {row.item}{example}{row.trap(value)}"
        elif spec.pattern and not re.fullmatch(spec.pattern, value):
            meaning = f" ({spec.help})" if spec.help else ""
            example = f", like {spec.default}" if isinstance(spec.default, str) else meaning
            yield f"got {given}; it has to match {spec.pattern}{example}"
    elif not isinstance(value, bool):
        low, high = spec.ge, spec.le
        if (low is not None and value < low) or (high is not None and value > high):
            allowed = (
                f"{low} to {high}"
                if low is not None and high is not None
                else (f"{low} or more" if low is not None else f"{high} or less")
            )
            yield f"got {given}; allowed: {allowed}"


def _counted(field: Field, items: list[Any]) -> list[Any]:
    least = field.spec.min_items
    if len(items) < least:
        raise Refused(f"got {len(items)} of them; at least {least} are needed")
    seen: set[Any] = set()
    for item in items:
        if item in seen:
            raise Refused(f'"{shortened(str(item))}" stands in the list twice')
        seen.add(item)
    if len(",".join(str(item) for item in items).encode()) > MAX_BYTES:
        raise Refused(f"the list is longer than {MAX_BYTES:,} bytes")
    return items


def _as_list(node: Node) -> str:
    if isinstance(node, Scalar) and node.text and node.kind == "str":
        return f"; write [{', '.join(shortened(node.text).replace(',', ' ').split())}]"
    return ""


def _no_credential(field: Field, text: str, node: Scalar | None = None) -> None:
    if field.type.scalar is str and (kind := credential_in(field.key, text)):
        raise Refused(f"this looks like {kind}; {WAY_OUT}", node)
