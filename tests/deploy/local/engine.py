"""A Docker engine for tests: the one at hand, or Debian's own dockerd, started and ended.

One test process of this machine has it at a time. Two of Debian's share one bridge and give out the
same addresses, so that the containers of one answer for those of the other.
"""

from __future__ import annotations

import fcntl
import http.client
import io
import json
import os
import platform
import shutil
import struct
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.local.docker import Docker, _ask, _Unix, at_hand
from ecs_blocks.deploy.local.oci import Blob
from ecs_blocks.deploy.local.web_server import _MACHINES, Architecture, _elf

if TYPE_CHECKING:
    from collections.abc import Iterator

START_S: Final = 30
OWN: Final[Architecture] = "arm64" if platform.machine() in ("aarch64", "arm64") else "amd64"
"""The processor of this machine."""
CODE: Final = {
    # mov edi, 3; mov eax, 60; syscall
    ("exits", "amd64"): b"\xbf\x03\0\0\0\xb8\x3c\0\0\0\x0f\x05",
    # mov eax, 34 (pause); syscall; jump back
    ("is deaf", "amd64"): b"\xb8\x22\0\0\0\x0f\x05\xeb\xf7",
    # mov x0, 3; mov x8, 93; svc 0
    ("exits", "arm64"): struct.pack("<3I", 0xD2800060, 0xD2800BA8, 0xD4000001),
    # mov x0, x1, x2, x3 = 0; mov x8, 73 (ppoll); svc 0
    ("is deaf", "arm64"): struct.pack(
        "<6I", 0xD2800000, 0xD2800001, 0xD2800002, 0xD2800003, 0xD2800928, 0xD4000001
    ),
}
"""Programs that are no web server."""


def complaining(text: str, machine: Architecture = OWN) -> bytes:
    """A program that writes *text* to its output and exits with 3."""
    line, ending = text.encode(), CODE["exits", machine]
    if machine == "amd64":
        # mov edi, 1; mov edx, length; mov eax, 1; lea rsi, [rip + ...]; syscall
        code = b"\xbf\1\0\0\0\xba" + struct.pack("<I", len(line)) + b"\xb8\1\0\0\0"
        code += b"\x48\x8d\x35" + struct.pack("<i", 2 + len(ending)) + b"\x0f\x05"
    else:
        # mov x0, 1; adr x1, ...; mov x2, length; mov x8, 64; svc 0
        away = 16 + len(ending)  # from the second instruction to the text
        code = struct.pack(
            *("<5I", 0xD2800020, 0x10000001 | (away >> 2) << 5),
            *(0xD2800002 | len(line) << 5, 0xD2800808, 0xD4000001),
        )
    return _elf(_MACHINES[machine], code + ending + line)


@contextmanager
def engine(folder: Path) -> Iterator[Docker]:
    """The engine, once no other test has it; or a skip that says what is missing.

    The path of *folder* has to be short: there are sockets below it, and theirs end at 108 bytes.
    """
    lock = Path(tempfile.gettempdir()) / f"ecs-blocks-tests-docker-{os.geteuid()}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with _engine(folder) as found:
            yield found


@contextmanager
def _engine(folder: Path) -> Iterator[Docker]:
    found = at_hand()
    if found is not None and found.host.startswith("unix://"):
        yield found
        return
    program = shutil.which("dockerd") or shutil.which("dockerd", path="/usr/sbin")
    if program is None or os.geteuid() != 0:
        pytest.skip("no Docker answers, and none can be started here (needs root and dockerd)")
    socket = folder / "docker.sock"
    command = [program, "--host", f"unix://{socket}", "--pidfile", str(folder / "pid")]
    command += ["--data-root", str(folder / "data"), "--exec-root", str(folder / "exec")]
    command += ["--storage-driver", "vfs", "--iptables=false", "--ip6tables=false"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        deadline = time.monotonic() + START_S
        while _ask(f"unix://{socket}", "/version") is None:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                last = (folder / "log").read_text().strip().splitlines()[-1:]
                pytest.skip(f"dockerd does not start here: {last}")
        try:
            yield Docker(f"unix://{socket}")
        finally:
            process.terminate()


def load(docker: Docker, name: str, program: bytes) -> None:
    """Put an image with one program into Docker, as a build of this *name* would."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        entry = tarfile.TarInfo("program")
        entry.size, entry.mode = len(program), 0o755
        archive.addfile(entry, io.BytesIO(program))
    blob = Blob("", layer.getvalue())
    is_arm = platform.machine() in ("aarch64", "arm64")
    config = {
        "architecture": "arm64" if is_arm else "amd64",
        "os": "linux",
        "config": {"Entrypoint": ["/program"], "StopSignal": "SIGKILL"},
        "rootfs": {"type": "layers", "diff_ids": [blob.digest]},
    }
    listed = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    files = {
        "config.json": json.dumps(config).encode(),
        "layer.tar": blob.content,
        "manifest.json": json.dumps(listed).encode(),
    }
    saved = io.BytesIO()
    with tarfile.open(fileobj=saved, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    connection = _Unix(docker.host.removeprefix("unix://"))
    connection.request("POST", "/images/load", saved.getvalue())
    response = connection.getresponse()
    text = response.read()
    connection.close()
    assert response.status == http.client.OK, text


def containers(docker: Docker) -> list[dict[str, Any]]:
    """What runs, as inspected; of MiniStack's only."""
    listed = _ask(docker.host, "/containers/json")
    own = [one for one in listed if one["Names"][0].startswith("/ministack-ecs-")]
    return [_ask(docker.host, f"/containers/{one['Id']}/json") for one in own]
