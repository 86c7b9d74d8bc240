"""Whether Docker is at hand, and which images it has; asked over its socket, without its tools."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

DEFAULT_SOCKET: Final = "/var/run/docker.sock"
TIMEOUT_S: Final = 5


class Image(Struct, frozen=True):
    """An image in Docker: its id, and what it is made for (``amd64``, ``arm64``)."""

    id: str
    architecture: str
    os: str


class Docker(Struct, frozen=True):
    """An engine that answers; ``host`` is what ``DOCKER_HOST`` is set to for it."""

    host: str

    def image(self, name: str) -> Image | None:
        """The image of this *name* (``repository:tag``), or None."""
        found = _ask(self.host, f"/images/{quote(name, safe='/:@')}/json")
        if found is None:
            return None
        return Image(str(found["Id"]), str(found["Architecture"]), str(found["Os"]))


def at_hand() -> Docker | None:
    """The engine that the ``docker`` command would use, if it answers."""
    host = os.environ.get("DOCKER_HOST") or _of_context() or f"unix://{DEFAULT_SOCKET}"
    return Docker(host) if _ask(host, "/version") is not None else None


def _of_context() -> str | None:
    """The engine of the ``docker`` command's current context: Docker Desktop, Colima."""
    command = shutil.which("docker")
    if command is None:
        return None
    arguments = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    try:
        done = subprocess.run(  # noqa: S603 - docker itself
            [command, *arguments], capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


class _Unix(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(self._path)


def _ask(host: str, path: str) -> Any:
    """Docker's answer to a GET; None where there is none, or no Docker."""
    place = urlsplit(host)
    if place.scheme == "unix":
        if not Path(place.path).exists():
            return None
        connection: http.client.HTTPConnection = _Unix(place.path)
    elif place.scheme == "tcp" and place.hostname:
        connection = http.client.HTTPConnection(
            place.hostname, place.port or 2375, timeout=TIMEOUT_S
        )
    else:
        return None
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        return json.loads(body) if response.status == http.client.OK else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
