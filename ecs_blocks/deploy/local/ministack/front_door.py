"""What answers before MiniStack does: who this server is, and the names in its Route 53.

A request for a name that an alias record gives to a load balancer goes to that balancer, as DNS
would have it: with ``Host: hoge.dev.example.com``, or to ``hoge.dev.example.com.localhost``, which
curl and most browsers send to this machine. Without a port of its own in ``Host`` the request is
taken for one on HTTPS where the balancer has such a listener.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import alb, route53

if TYPE_CHECKING:
    from collections.abc import Iterator

IDENTITY: Final = "/_ecs-blocks/"
"""Followed by the token of a server: 200 from that one, 404 from any other."""
HTTP: Final = 80
HTTPS: Final = 443

_ministack: Final = app.app


def install() -> None:
    """Stand before MiniStack."""
    app.app = _answer


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http" or scope["path"].startswith(app._ALB_PATH_PREFIX):
        await _ministack(scope, receive, send)
        return
    if scope["path"].startswith(IDENTITY):
        own = scope["path"].removeprefix(IDENTITY) == os.environ.get("ECS_BLOCKS_TOKEN")
        await app._send_response(send, 200 if own else 404, {"Content-Type": "text/plain"}, b"")
        return
    headers = {
        name.decode("latin-1").lower(): app.decode_header_value(value)
        for name, value in scope["headers"]
    }
    host, _, port = headers.get("host", "").lower().partition(":")
    name = host.removesuffix(".localhost")
    for account, region, balancer in _balancers(name):
        with request_scope(account, region):
            await _forward(scope, receive, send, headers, balancer, name, port)
        return
    await _ministack(scope, receive, send)


def _balancers(host: str) -> Iterator[tuple[str, str, Any]]:
    """The load balancers that an alias record gives *host* to, with account and region."""
    aliases = {
        str(alias["DNSName"]).rstrip(".").lower()
        for records in list(route53._records._data.values())
        for record in records
        if str(record.get("Name", "")).rstrip(".").lower() == host
        and (alias := record.get("AliasTarget"))
    }
    if not aliases:
        return
    for (account, region, _), balancer in list(alb._lbs.all_items()):
        if balancer["DNSName"].lower() in aliases:
            yield account, region, balancer


async def _forward(  # noqa: PLR0917 - ASGI's three, and what was found out about the request
    scope: Any,
    receive: Any,
    send: Any,
    headers: dict[str, str],
    balancer: Any,
    name: str,
    port: str,
) -> None:
    """Let the balancer's listener answer."""
    own = {
        int(listener["Port"])
        for listener in alb._listeners.values()
        if listener["LoadBalancerArn"] == balancer["LoadBalancerArn"]
    }
    asked = int(port) if port.isdigit() else 0
    listener_port = asked if asked in own else HTTPS if HTTPS in own else HTTP
    query = scope.get("query_string", b"").decode("latin-1")
    raw_path = scope.get("raw_path")
    body = await app._read_request_body(receive, scope["method"], headers)
    response = await alb.dispatch_request(
        balancer,
        scope["method"],
        scope["path"],
        headers | {"host": name},
        body,
        parse_qs(query, keep_blank_values=True),
        listener_port,
        client_ip=(scope.get("client") or ("127.0.0.1",))[0],
        raw_query_string=query,
        raw_path=raw_path.decode("latin-1") if raw_path else None,
    )
    await app._send_if_handled(send, response, receive)
