"""S3, and three services that speak JSON, as far as records and templates need them.

    with Services() as services:
        services.buckets["records"] = Bucket()
        aws = services.aws()

A real server on 127.0.0.1 with real rules: owners, regions, conditional writes, pages. ``faults``
are used up one by one, each by the first request of its method. One server serves the tests of a
file, each after ``reset``: to make a client takes longer than a test.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import struct
import threading
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Literal, Self
from unittest import mock
from xml.sax.saxutils import escape

from botocore.config import Config

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT: Final = "111122223333"
REGION: Final = "ap-northeast-1"
ONCE: Final = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={})
VARIABLES: Final = {
    "AWS_ACCESS_KEY_ID": ACCOUNT,
    "AWS_SECRET_ACCESS_KEY": "unchecked",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""For as long as the server runs, nothing of the caller's own is used."""

Fault = Literal["none", "reset", "reset after", "403", "409", "500", "ExpiredToken"]


class StoppedClock(Clock):
    """Time passes when somebody sleeps, and only then."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds


@dataclass
class Bucket:
    """A bucket; ``allows`` are the methods that the caller's policy has."""

    owner: str = ACCOUNT
    region: str = REGION
    allows: frozenset[str] = frozenset({"HEAD", "GET", "PUT"})
    objects: dict[str, bytes] = field(default_factory=dict)


class Services:
    """The server; ``requests`` are the methods and paths that it was asked."""

    def __init__(self) -> None:
        self.buckets: dict[str, Bucket] = {}
        self.faults: list[tuple[str, Fault]] = []
        self.requests: list[str] = []
        self.answers: dict[str, Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]] = {}
        self.page = 1000
        self._aws: Aws | None = None
        self._variables = mock.patch.dict(os.environ, VARIABLES)
        handler = type("Handler", (_Handler,), {"services": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def aws(self) -> Aws:
        """The clients, at this server; they try everything once."""
        self._aws = self._aws or self.new_aws(ONCE)
        return self._aws

    def new_aws(self, config: Config) -> Aws:
        """Clients of their own."""
        return Aws(REGION, endpoint_url=self.url, clock=StoppedClock(), config=config)

    def reset(self) -> None:
        """Forget everything that was said and done."""
        self.buckets, self.faults, self.requests, self.answers = {}, [], [], {}
        self.page = 1000

    def __enter__(self) -> Self:
        self._variables.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._variables.stop()

    def fault(self, method: str) -> Fault | None:
        for number, (wanted, kind) in enumerate(self.faults):
            if wanted == method:
                del self.faults[number]
                return kind if kind != "none" else None
        return None


class _Handler(BaseHTTPRequestHandler):
    services: Services
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_HEAD(self) -> None:
        self._asked()

    def do_GET(self) -> None:
        self._asked()

    def do_PUT(self) -> None:
        self._asked()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        target = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.services.requests.append(target)
        status, body = self.services.answers[target](json.loads(self.rfile.read(length)))
        self._answer(status, json.dumps(body).encode())

    def _asked(self) -> None:
        services = self.services
        path, _, query = self.path.partition("?")
        name, _, key = urllib.parse.unquote(path).removeprefix("/").partition("/")
        services.requests.append(f"{self.command} {name}/{key}")
        length = int(self.headers.get("Content-Length", 0))
        fault = services.fault(self.command)
        if fault == "reset":
            self.rfile.read(length // 2)
            self._reset()
            return
        body = self.rfile.read(length)
        if fault not in (None, "reset after"):
            status = 400 if fault == "ExpiredToken" else int(fault or 0)
            code = {"403": "AccessDenied", "409": "ConditionalRequestConflict"}.get(fault or "")
            self._error(status, code or fault or "")
            return
        if fault == "reset after":
            self._s3(name, key, query, body, lambda *_: None)
            self._reset()
        else:
            self._s3(name, key, query, body, self._answer)

    def _s3(
        self, name: str, key: str, query: str, body: bytes, answer: Callable[..., None]
    ) -> None:
        bucket = self.services.buckets.get(name)
        owner = self.headers.get("x-amz-expected-bucket-owner")
        if bucket is None:
            self._error(404, "NoSuchBucket")
            return
        where = {"x-amz-bucket-region": bucket.region}
        signed = re.search(r"Credential=[^/]+/\d+/([^/]+)/", self.headers["Authorization"])
        if signed and signed[1] != bucket.region:
            self._error(301, "PermanentRedirect", where)
        elif self.command not in bucket.allows or owner not in (None, bucket.owner):
            self._error(403, "AccessDenied", where)
        elif self.command == "HEAD":
            answer(200, b"", where)
        elif self.command == "PUT":
            if self.headers.get("If-None-Match") == "*" and key in bucket.objects:
                self._error(412, "PreconditionFailed")
                return
            bucket.objects[key] = body
            answer(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
        elif key:
            found = bucket.objects.get(key)
            if found is None:
                self._error(404, "NoSuchKey")
            else:
                answer(200, found)
        else:
            answer(200, self._listed(bucket, dict(urllib.parse.parse_qsl(query))))

    def _listed(self, bucket: Bucket, query: dict[str, str]) -> bytes:
        after = query.get("continuation-token", "")
        keys = sorted(k for k in bucket.objects if k.startswith(query["prefix"]) and k > after)
        page, rest = keys[: self.services.page], keys[self.services.page :]
        items = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in page)
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if rest else ""
        truncated = str(bool(rest)).lower()
        return (
            f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{items}{more}"
            "</ListBucketResult>"
        ).encode()

    def _error(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        body = f"<Error><Code>{code}</Code><Message>{code} it is</Message></Error>"
        self._answer(status, body.encode(), headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)  # a reset, not a goodbye
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
