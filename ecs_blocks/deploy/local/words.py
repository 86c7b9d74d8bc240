"""What the screen says of the imitation: that it is one, and what it does not show."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.local.process import Local

_URL: Final = re.compile(r"https?://([a-z0-9.-]+)(/\S*)?")


def introduction(local: Local, stop: str) -> str:
    """Three lines: what this is, what runs, and what it proves nothing of.

    *stop* is the command that ends it.
    """
    if local.docker_host:
        runs = "Tasks are containers in Docker, and load balancers ask them."
    else:
        runs = (
            "Without Docker tasks are only recorded, and nothing answers for them. Once Docker "
            f"runs: {stop}"
        )
    return (
        f"MiniStack, an imitation of AWS, at {local.url}. Nothing of this reaches AWS.\n"
        f"{runs}\n"
        "It does not prove permissions, quotas, scaling, alarms, TLS, DNS or the network."
    )


def not_running() -> str:
    """Where there is none."""
    return "no local AWS is running for this folder"


def addresses(local: Local, values: Iterable[object]) -> list[tuple[str, str]]:
    """Every URL among *values*, with where to look at it on this machine."""
    urls = [url for value in values if isinstance(value, str) and (url := _URL.fullmatch(value))]
    return [(url[0], f"{local.address(url[1])}{url[2] or '/'}") for url in urls]


def to_stderr(line: str) -> None:
    """Say it."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
