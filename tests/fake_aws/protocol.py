"""Requests as plain data, and answers as AWS writes them: query, JSON or CBOR by the service."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.parsers import RpcV2CBORParser
from botocore.serialize import CBORSerializer
from msgspec import Struct

from tests.fake_aws import query
from tests.fake_aws.models import json_operations, model, service_of

if TYPE_CHECKING:
    from tests.fake_aws.errors import AwsError

_SIGNED_FOR: Final = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")


class Request(Struct, frozen=True):
    """What came in. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Reply(Struct, frozen=True):
    """What goes out."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Call(Struct, frozen=True):
    """A request, understood. ``form`` is how its answer is written."""

    service: str
    operation: str
    parameters: dict[str, Any]
    form: str


def call_of(request: Request) -> Call:
    """What a request asks for; S3's are for ``s3.py``."""
    signed = _SIGNED_FOR.search(request.headers.get("authorization", ""))
    service = service_of(signed[1]) if signed else "sts"
    if service == "s3":
        return Call("s3", "", {}, "s3")
    target = request.headers.get("x-amz-target")
    if target:
        operation = target.rpartition(".")[2]
        return Call(
            service, operation, _from_json(request.body, _input(service, operation)), "json"
        )
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        operation = request.path.rpartition("/")[2]
        return Call(service, operation, _from_cbor(request.body), "cbor")
    fields = query.form(request.body)
    operation = fields.pop("Action")
    fields.pop("Version", None)
    shape = _input(service, operation)
    return Call(service, operation, query.parameters(fields, shape), "query")


def _input(service: str, operation: str) -> Any:
    return json_operations(service)[operation].input_shape


def answer(call: Call, result: dict[str, Any], request_id: str) -> Reply:
    """A successful answer."""
    operation = model(call.service).operation_model(call.operation)
    headers = {"x-amzn-requestid": request_id}
    if call.form == "query":
        body = query.answer(operation, result, request_id)
        return Reply(200, {**headers, "content-type": "text/xml"}, body)
    shape = operation.output_shape
    if call.form == "cbor":
        body = _to_cbor(result, shape) if shape else b""
        form = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Reply(200, {**headers, **form}, body)
    body = json.dumps(_to_json(result, shape) if shape else {}).encode()
    return Reply(200, {**headers, "content-type": "application/x-amz-json-1.1"}, body)


def refusal(form: str, error: AwsError, request_id: str) -> Reply:
    """An error, in the form in which it was asked."""
    headers = {"x-amzn-requestid": request_id, **error.headers}
    if form == "s3":
        body = f"<Error><Code>{error.code}</Code><Message>{query.text(error.message)}</Message>"
        return Reply(error.status, headers, f"{body}</Error>".encode())
    if form == "query":
        return Reply(
            error.status, {**headers, "content-type": "text/xml"}, query.refusal(error, request_id)
        )
    content = {"__type": error.code, "message": error.message}
    if form == "cbor":
        extra = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        extra["x-amzn-query-error"] = f"{error.code};Sender"
        return Reply(error.status, {**headers, **extra}, _to_cbor(content, None))
    return Reply(error.status, headers, json.dumps(content).encode())


def _from_json(body: bytes, shape: Any) -> dict[str, Any]:
    content = json.loads(body or b"{}")
    assert isinstance(content, dict)
    return {name: _loaded(one, shape.members.get(name)) for name, one in content.items()}


def _loaded(value: Any, shape: Any) -> Any:
    kind = shape.type_name if shape else ""
    if kind == "timestamp":
        return dt.datetime.fromtimestamp(value, dt.UTC)
    if kind == "blob":
        return base64.b64decode(value)
    return value


def _to_json(value: Any, shape: Any) -> Any:
    if shape.type_name == "structure":
        unknown = value.keys() - shape.members.keys()
        assert not unknown, f"{shape.name} has no {unknown}"
        members = ((name, shape.members[name], one) for name, one in value.items())
        return {
            member.serialization.get("name", name): _to_json(one, member)
            for name, member, one in members
            if one is not None
        }
    if shape.type_name == "list":
        return [_to_json(one, shape.member) for one in value]
    if shape.type_name == "map":
        return {key: _to_json(one, shape.value) for key, one in value.items()}
    if isinstance(value, dt.datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _from_cbor(body: bytes) -> dict[str, Any]:
    parser = RpcV2CBORParser()
    if not body:
        return {}
    found = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))
    assert isinstance(found, dict)
    return found


class _Text(Struct, frozen=True):
    """A shape for a map of texts, which is what an error is."""

    type_name: str


class _TextMap(Struct, frozen=True):
    type_name: str = "map"
    key: _Text = _Text("string")
    value: _Text = _Text("string")


def _to_cbor(value: dict[str, Any], shape: Any) -> bytes:
    written = bytearray()
    CBORSerializer()._serialize_data_item(written, value, shape or _TextMap())
    return bytes(written)
