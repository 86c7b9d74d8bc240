"""A server that answers each of AWS's operations with what a test says, over real HTTP.

    server.on("kms.DescribeKey", {"KeyMetadata": {"KeyId": "k", "KeyState": "Enabled"}})
    server.on("iam.GetRole", refused("NoSuchEntity"))
    server.on("ssm.GetParameters", lambda asked: {"Parameters": []})

What a test has not said is refused for want of the permission; ``asked`` are the requests.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

from botocore.config import Config

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.clock import Clock
from tests.fake_aws import protocol, query
from tests.fake_aws.errors import AwsError
from tests.fake_aws.models import LOADER, model
from tests.fake_aws.protocol import Call, Reply, Request
from tests.fake_aws.server import Server

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

Said: TypeAlias = "dict[str, Any] | AwsError"
Answer: TypeAlias = "Said | Callable[[dict[str, Any]], Said]"

ACCOUNT: Final = "123456789012"
REGION: Final = "ap-northeast-1"
VARIABLES: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "unchecked",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
}
_ROUTE53: Final = re.compile(r"/2013-04-01/hostedzone/(?P<Id>[^/?]+)(?P<records>/rrset)?/?")
_SIGNED: Final = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]*)/(?P<service>[^/]+)/")


def refused(code: str, message: str = "no") -> AwsError:
    """What AWS says with an error."""
    return AwsError(code, message)


DENIED: Final = refused("AccessDeniedException", "you are not authorized")


class StillClock(Clock):
    """A day that a test chooses; sleeping takes no time."""

    def __init__(self, day: dt.datetime) -> None:
        self._day = day

    def now_s(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Do not."""

    def utc(self) -> dt.datetime:
        return self._day


class Scripted:
    """The server, and the clients at it; one for all tests of a file, each after ``reset``."""

    def __init__(self, day: dt.datetime) -> None:
        self.answers: dict[str, Answer] = {}
        self.blobs: dict[str, bytes] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.regions: set[str] = set()
        self._server = Server(self._serve)
        self.url = self._server.url
        config = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={})
        with mock.patch.dict(os.environ, VARIABLES):
            self.aws = Aws(REGION, endpoint_url=self.url, clock=StillClock(day), config=config)
            self.aws._session._session.get_credentials()
        self.aws._session._session.register_component("data_loader", LOADER)

    def close(self) -> None:
        """Stop."""
        self._server.close()

    def reset(self) -> None:
        """Forget what was said and asked."""
        self.answers, self.blobs, self.asked, self.regions = {}, {}, [], set()

    def on(self, operation: str, answer: Answer) -> None:
        """Answer *operation* (``kms.DescribeKey``) so from now on."""
        self.answers[operation] = answer

    def parameters(self, operation: str) -> list[dict[str, Any]]:
        """With what *operation* was asked, each time."""
        return [parameters for name, parameters in self.asked if name == operation]

    def _serve(self, request: Request) -> Reply:
        signed = _SIGNED.search(request.headers.get("authorization", ""))
        if signed is None:
            body = self.blobs.get(request.path)
            return Reply(404, {}) if body is None else Reply(200, {}, body)
        call = _call(request, signed["service"])
        self.regions.add(signed["region"])
        operation = f"{call.service}.{call.operation}"
        self.asked.append((operation, call.parameters))
        answer = self.answers.get(operation, DENIED)
        result = answer(call.parameters) if callable(answer) else answer
        if isinstance(result, AwsError):
            return _refusal(call, result)
        return _reply(call, result)


def _call(request: Request, service: str) -> Call:
    if service == "route53":
        url = urlsplit(request.path)
        found = _ROUTE53.fullmatch(url.path)
        assert found is not None, request.path
        operation = "ListResourceRecordSets" if found["records"] else "GetHostedZone"
        return Call(service, operation, {"Id": found["Id"], **dict(parse_qsl(url.query))}, "xml")
    if service == "ec2":
        fields = query.form(request.body)
        return Call(service, fields.pop("Action"), dict(fields), "ec2")
    return protocol.call_of(request)


def _refusal(call: Call, error: AwsError) -> Reply:
    if call.form == "ec2":
        inner = f"<Error><Code>{error.code}</Code><Message>{error.message}</Message></Error>"
        body = f"<Response><Errors>{inner}</Errors><RequestID>r</RequestID></Response>"
        return Reply(error.status, {}, body.encode())
    return protocol.refusal("query" if call.form == "xml" else call.form, error, "r")


def _reply(call: Call, result: dict[str, Any]) -> Reply:
    if call.form not in ("ec2", "xml"):
        return protocol.answer(call, result, "r")
    shape = model(call.service).operation_model(call.operation).output_shape
    inner = "".join(query._members(result, shape))
    name = f"{call.operation}Response"
    return Reply(200, {"content-type": "text/xml"}, f"<{name}>{inner}</{name}>".encode())
