"""An HTTP server on 127.0.0.1, in threads of its own."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.protocol import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

RESET: Final = Reply(0, {})
"""No answer: the connection is reset."""
SILENCE: Final = Reply(1, {})
"""No answer: the connection stays open until the client gives up."""


class Server:
    """Serves what *serve* answers."""

    def __init__(self, serve: Callable[[Request], Reply]) -> None:
        handler = type("Handler", (_Handler,), {"serve": staticmethod(serve)})
        self._http = _Http(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop, and close every connection."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def server_close(self) -> None:
        super().server_close()
        for one in list(self._open):
            one.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    serve: Callable[[Request], Reply]

    def handle_one_request(self) -> None:
        # botocore sends head and body apart, and waits 40 ms for the first one's acknowledgement
        if hasattr(socket, "TCP_QUICKACK"):
            with suppress(OSError):
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        super().handle_one_request()

    def _any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if self.headers.get("expect", "").lower() == "100-continue":
            self.wfile.flush()
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.serve(Request(self.command, self.path, headers, self.rfile.read(length)))
        if reply.status <= SILENCE.status:
            self._end(reply)
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        body = b"" if self.command == "HEAD" else reply.body
        if "content-length" not in reply.headers:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _end(self, reply: Reply) -> None:
        self.close_connection = True
        if reply is SILENCE:
            self.connection.settimeout(60)
            self.connection.recv(1)
        else:
            linger = struct.pack("ii", 1, 0)  # closing then sends a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _any  # noqa: N815 - http.server's names

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
        """Nothing is logged."""
