"""The query protocol: forms in, XML out, by the shapes of botocore's models."""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.errors import AwsError

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMPTY: Final[dict[str, Any]] = {}


def form(body: bytes) -> dict[str, str]:
    """The fields of a form."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def parameters(fields: dict[str, str], shape: Any) -> dict[str, Any]:
    """What a form asks for."""
    tree: dict[str, Any] = {}
    for key, value in fields.items():
        place = tree
        for part in key.split("."):
            place = place.setdefault(part, {})
        place[""] = value
    found = _value(tree, shape) if shape else {}
    assert isinstance(found, dict)
    return found


def _value(tree: dict[str, Any], shape: Any) -> Any:
    if shape.type_name == "structure":
        return {
            name: _value(tree[_name(member, name)], member)
            for name, member in shape.members.items()
            if _name(member, name) in tree
        }
    if shape.type_name == "list":
        flat = shape.serialization.get("flattened")
        entries = tree if flat else tree.get(_name(shape.member, "member"), _EMPTY)
        return [_value(entries[key], shape.member) for key in _numbers(entries)]
    if shape.type_name == "map":
        entries = tree if shape.serialization.get("flattened") else tree.get("entry", _EMPTY)
        found = (entries[key] for key in _numbers(entries))
        return {one["key"][""]: _value(one["value"], shape.value) for one in found}
    return _scalar(tree[""], shape.type_name)


def _name(shape: Any, name: str) -> str:
    return str(shape.serialization.get("name", name))


def _numbers(entries: dict[str, Any]) -> list[str]:
    return sorted((key for key in entries if key.isdecimal()), key=int)


def _scalar(text: str, kind: str) -> Any:
    if kind == "boolean":
        return text == "true"
    if kind in ("integer", "long"):
        return int(text)
    if kind in ("float", "double"):
        return float(text)
    return text


def answer(operation: Any, result: dict[str, Any], request_id: str) -> bytes:
    """The XML that stands for *result*."""
    shape = operation.output_shape
    namespace = operation.service_model.metadata.get("xmlNamespace", "")
    parts = [f'<{operation.name}Response xmlns="{namespace}">']
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{operation.name}Result")
        parts += [f"<{wrapper}>", *_members(result, shape), f"</{wrapper}>"]
    parts.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
    parts.append(f"</{operation.name}Response>")
    return "".join(parts).encode()


def refusal(error: AwsError, request_id: str) -> bytes:
    """The XML that stands for an error."""
    kind = "Sender" if error.status < 500 else "Receiver"
    return (
        f"<ErrorResponse><Error><Type>{kind}</Type><Code>{error.code}</Code>"
        f"<Message>{text(error.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


def _members(value: dict[str, Any], shape: Any) -> Iterator[str]:
    unknown = value.keys() - shape.members.keys()
    assert not unknown, f"{shape.name} has no {unknown}"
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _element(value[name], member, _name(member, name))


def _element(value: Any, shape: Any, name: str) -> Iterator[str]:
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        for one in value:
            yield from _element(one, shape.member, _name(shape.member, name))
        return
    yield f"<{name}>"
    if shape.type_name == "structure":
        yield from _members(value, shape)
    elif shape.type_name == "list":
        for one in value:
            yield from _element(one, shape.member, _name(shape.member, "member"))
    elif shape.type_name == "map":
        for key, one in value.items():
            yield f"<entry><key>{text(key)}</key>"
            yield from _element(one, shape.value, "value")
            yield "</entry>"
    else:
        yield text(value)
    yield f"</{name}>"


def text(value: Any) -> str:
    """A scalar as XML's text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return escape(_NOT_XML.sub("?", str(value)))
