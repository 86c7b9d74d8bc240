"""A web server that fits into an image without anything else: one answer, for everybody.

Where an image is not there yet, something has to run in its place, and without a network nothing
can be pulled. So the program is made here: a list of system calls, encoded for both processors,
with an ELF header before it and its texts after it. It listens, and gives each connection the same
answer.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct

Architecture: TypeAlias = Literal["amd64", "arm64"]

ARCHITECTURES: Final[tuple[Architecture, ...]] = ("amd64", "arm64")
BASE: Final = 0x400000
"""Where the program is loaded."""
BUFFER_BYTES: Final = 4096


class Text(Struct, frozen=True):
    """The address of one of the program's texts."""

    name: str


class Kept(Struct, frozen=True):
    """What an earlier call gave: the listening socket, or the connection."""

    name: Literal["server", "connection"]


class Buffer(Struct, frozen=True):
    """The address of room to write to."""


class Call(Struct, frozen=True):
    """A system call; ``keeps`` is what its result is kept as."""

    name: str
    arguments: tuple[int | Text | Kept | Buffer, ...]
    keeps: Literal["", "server", "connection"] = ""


class Machine(Struct, frozen=True):
    """What differs between processors: ELF's number, and those of Linux's system calls."""

    elf: int
    calls: Mapping[str, int]


_NAMES: Final = (
    *("write", "socket", "setsockopt", "bind", "listen"),
    *("accept", "read", "shutdown", "close"),
)
_MACHINES: Final[Mapping[Architecture, Machine]] = {
    "amd64": Machine(62, dict(zip(_NAMES, (1, 41, 54, 49, 50, 43, 0, 48, 3), strict=True))),
    "arm64": Machine(
        183, dict(zip(_NAMES, (64, 198, 208, 200, 201, 202, 63, 210, 57), strict=True))
    ),
}
_X86_ARGUMENTS: Final = (7, 6, 2, 10, 8)
"""The registers of a call's arguments: rdi, rsi, rdx, r10, r8."""
_X86_KEPT: Final = {"server": 3, "connection": 5}
"""rbx, rbp."""
_ARM_KEPT: Final = {"server": 19, "connection": 20}


def web_server(
    architecture: Architecture, port: int, answer: str, patience_ms: int = 2000
) -> bytes:
    """An ELF program for Linux that answers *answer*, as plain text, on *port*.

    Whoever connects and stays silent is let go after *patience_ms*.
    """
    body = answer.encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    texts = {
        "address": struct.pack("<H", 2) + struct.pack(">H12x", port),  # AF_INET, any interface
        "patience": struct.pack("<QQ", patience_ms // 1000, patience_ms % 1000 * 1000),
        "yes": struct.pack("<I", 1),
        "started": f"listening on {port}\n".encode(),
        "answer": head.encode() + body,
    }
    size = len(_code(architecture, texts, 0))  # addresses do not change it
    code = _code(architecture, texts, size)
    return _elf(_MACHINES[architecture], code + b"".join(texts.values()))


def _program(texts: Mapping[str, bytes]) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
    """What is done once, and what for each connection."""
    server, connection = Kept("server"), Kept("connection")
    once = (
        Call("write", (1, Text("started"), len(texts["started"]))),
        Call("socket", (2, 1, 0), keeps="server"),
        Call("setsockopt", (server, 1, 2, Text("yes"), len(texts["yes"]))),  # SO_REUSEADDR
        Call("setsockopt", (server, 1, 20, Text("patience"), len(texts["patience"]))),
        Call("bind", (server, Text("address"), len(texts["address"]))),
        Call("listen", (server, 64)),
    )
    each = (
        Call("accept", (server, 0, 0), keeps="connection"),
        Call("read", (connection, Buffer(), BUFFER_BYTES)),
        Call("write", (connection, Text("answer"), len(texts["answer"]))),
        Call("shutdown", (connection, 1)),
        Call("close", (connection,)),
    )
    return once, each


def _code(architecture: Architecture, texts: Mapping[str, bytes], size: int) -> bytes:
    """The instructions, if they are *size* bytes long and the texts follow."""
    places, place = {}, size
    for name, text in texts.items():
        places[name] = place
        place += len(text)
    encode, jump, room = (
        (_x86, _x86_jump, b"\x48\x81\xec" + struct.pack("<I", BUFFER_BYTES))  # sub rsp, 4096
        if architecture == "amd64"
        else (_arm, _arm_jump, struct.pack("<I", 0xD14007FF))  # sub sp, sp, 1 << 12
    )
    numbers = _MACHINES[architecture].calls
    code = room
    once, each = _program(texts)
    for call in once:
        code += encode(call, numbers[call.name], places, len(code))
    start = len(code)
    for call in each:
        code += encode(call, numbers[call.name], places, len(code))
    return code + jump(start - len(code))


def _x86(call: Call, number: int, places: Mapping[str, int], at: int) -> bytes:
    code = b""
    for register, argument in zip(_X86_ARGUMENTS, call.arguments, strict=False):
        high, low = register >> 3, register & 7
        match argument:
            case int():  # mov r32, imm32
                code += (b"\x41" if high else b"") + bytes([0xB8 | low])
                code += struct.pack("<I", argument)
            case Text(name):  # lea r64, [rip + n]
                code += bytes([0x48 | high << 2, 0x8D, low << 3 | 5])
                code += struct.pack("<i", places[name] - (at + len(code) + 4))
            case Kept(name):  # mov r64, r64
                code += bytes([0x48 | high, 0x89, 0xC0 | _X86_KEPT[name] << 3 | low])
            case Buffer():  # mov r64, rsp
                code += bytes([0x48 | high, 0x89, 0xC0 | 4 << 3 | low])
    code += b"\xb8" + struct.pack("<I", number) + b"\x0f\x05"  # mov eax, imm32; syscall
    if call.keeps:  # mov r64, rax
        code += bytes([0x48, 0x89, 0xC0 | _X86_KEPT[call.keeps]])
    return code


def _x86_jump(distance: int) -> bytes:
    return b"\xe9" + struct.pack("<i", distance - 5)


def _arm(call: Call, number: int, places: Mapping[str, int], at: int) -> bytes:
    words = []
    for register, argument in enumerate(call.arguments):
        match argument:
            case int():  # movz x, imm16
                words.append(0xD2800000 | argument << 5 | register)
            case Text(name):  # adr x, n
                distance = places[name] - (at + 4 * len(words))
                high = distance >> 2 & 0x7FFFF
                words.append(0x10000000 | (distance & 3) << 29 | high << 5 | register)
            case Kept(name):  # mov x, x
                words.append(0xAA0003E0 | _ARM_KEPT[name] << 16 | register)
            case Buffer():  # mov x, sp
                words.append(0x910003E0 | register)
    words += [0xD2800000 | number << 5 | 8, 0xD4000001]  # movz x8, imm16; svc 0
    if call.keeps:  # mov x, x0
        words.append(0xAA0003E0 | _ARM_KEPT[call.keeps])
    return struct.pack(f"<{len(words)}I", *words)


def _arm_jump(distance: int) -> bytes:
    return struct.pack("<I", 0x14000000 | (distance >> 2) & 0x3FFFFFF)


def _elf(machine: Machine, content: bytes) -> bytes:
    """An executable file that is loaded as a whole, to be read and run."""
    header_bytes, segment_bytes = 64, 56
    start = header_bytes + segment_bytes
    size = start + len(content)
    identity = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header = struct.pack(
        *("<16sHHIQQQIHHHHHH", identity, 2, machine.elf, 1, BASE + start, header_bytes, 0, 0),
        *(header_bytes, segment_bytes, 1, 0, 0, 0),
    )
    readable_and_executable = 5
    segment = struct.pack(
        "<IIQQQQQQ", 1, readable_and_executable, 0, BASE, BASE, size, size, 0x10000
    )
    return header + segment + content
