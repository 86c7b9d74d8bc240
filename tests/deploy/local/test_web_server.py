"""The program that a placeholder image runs is run here, on this machine's own processor."""

from __future__ import annotations

import http.client
import platform
import shutil
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.local.web_server import ARCHITECTURES, Architecture, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine())
EMULATORS = {"amd64": "qemu-x86_64-static", "arm64": "qemu-aarch64-static"}
ANSWER = "a placeholder, in the place of hoge:1.0\nünïcode too\n"


def command_for(architecture: Architecture) -> list[str]:
    if sys.platform != "linux":
        pytest.skip("the program is for Linux")
    if architecture == OWN:
        return []
    emulator = shutil.which(EMULATORS[architecture])
    if emulator is None:
        pytest.skip(f"needs {EMULATORS[architecture]} (package qemu-user-static)")
    return [emulator]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(architecture: Architecture, folder: Path, port: int) -> Iterator[str]:
    """Run the program; yield its first line."""
    path = folder / "web-server"
    path.write_bytes(web_server(architecture, port, ANSWER, patience_ms=50))
    path.chmod(0o755)
    command = [*command_for(architecture), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode()
        finally:
            process.kill()


def ask(port: int, path: str = "/") -> tuple[int, str | None, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    found = response.status, response.getheader("Content-Type"), response.read().decode()
    connection.close()
    return found


def answering(port: int) -> None:
    """Wait until the program listens: its line is written just before."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_everybody_gets_the_answer(architecture: Architecture, tmp_path: Path) -> None:
    port = free_port()
    with running(architecture, tmp_path, port) as line:
        answering(port)
        answers = [ask(port, path) for path in ("/", "/health?deep=1", "/x" * 900)]

    assert line == f"listening on {port}\n"
    assert answers == [(200, "text/plain; charset=utf-8", ANSWER)] * 3


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_who_connects_and_says_nothing_holds_nobody_up(
    architecture: Architecture, tmp_path: Path
) -> None:
    port = free_port()
    with running(architecture, tmp_path, port):
        answering(port)
        with socket.create_connection(("127.0.0.1", port)):
            found = ask(port)

    assert found[2] == ANSWER


@pytest.mark.parametrize(("architecture", "machine"), [("amd64", 62), ("arm64", 183)])
def test_the_file_is_an_executable_for_its_machine(
    architecture: Architecture, machine: int
) -> None:
    program = web_server(architecture, 8080, "hello")
    kind, found, _, entry = struct.unpack_from("<HHIQ", program, 16)
    [address], [size] = (struct.unpack_from("<Q", program, at) for at in (80, 96))

    assert program[:6] == b"\x7fELF\x02\x01"
    assert (kind, found) == (2, machine)
    assert address < entry < address + size
    assert size == len(program) < 1000
