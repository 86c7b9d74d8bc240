"""A world, its clock, and AWS's clients for it over HTTP."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import pytest
from botocore.config import Config

from ecs_blocks.deploy.aws import Aws
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from tests.deploy.ecs.tasks import REGION, SERVICE, revision_arn
from tests.deploy.ecs.world import Refusal, VirtualClock, World

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"


def plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    raise TypeError(value)


def target_health(found: list[tuple[str, str]]) -> str:
    members = "".join(
        f"<member><Target><Id>10.0.0.{n}</Id></Target><TargetHealth><State>{state}</State>"
        f"<Description>{escape(told)}</Description></TargetHealth></member>"
        for n, (state, told) in enumerate(found)
    )
    return (
        f'<DescribeTargetHealthResponse xmlns="{NAMESPACE}"><DescribeTargetHealthResult>'
        f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>"
        "</DescribeTargetHealthResult></DescribeTargetHealthResponse>"
    )


class Handler(BaseHTTPRequestHandler):
    """AWS's protocols, as far as they are needed: JSON, and the query protocol of the balancer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: two would wait for each other, 40 ms
    world: World

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        is_json = bool(target)
        asked = json.loads(body) if is_json else dict(parse_qsl(body.decode()))
        operation = target.rpartition(".")[2] if is_json else asked["Action"]
        try:
            answer = self.world.answer(operation, asked)
        except Refusal as refusal:
            self.send(refusal.status, self.refused(refusal, is_json=is_json))
            return
        text = json.dumps(answer, default=plain) if is_json else target_health(answer["targets"])
        self.send(200, text)

    @staticmethod
    def refused(refusal: Refusal, *, is_json: bool) -> str:
        if refusal.raw is not None:
            return refusal.raw
        if is_json:
            return json.dumps({"__type": refusal.code, "message": refusal.message})
        code, message = escape(refusal.code), escape(refusal.message)
        return (
            f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code>'
            f"<Message>{message}</Message></Error></ErrorResponse>"
        )

    def send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Aws, type[Handler]]]:
    """A server and the clients for it: to make those takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=2)
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield Aws(REGION, endpoint_url=url, clock=VirtualClock(), config=config), Handler
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def world(stage: tuple[Aws, type[Handler]]) -> World:
    stage[1].world = World()
    return stage[1].world


@pytest.fixture
def aws(stage: tuple[Aws, type[Handler]], world: World) -> Aws:
    assert stage[1].world is world
    return stage[0]


@pytest.fixture
def clock(aws: Aws) -> VirtualClock:
    assert isinstance(aws.clock, VirtualClock)
    aws.clock.begin()
    return aws.clock


@pytest.fixture
def watcher(aws: Aws) -> ServiceWatcher:
    return ServiceWatcher(aws, "HogeService", SERVICE, revision_arn(42))
