"""Claims for the tests: one line each."""

from __future__ import annotations

from typing import Any

from ecs_blocks.priorities.bands import band
from ecs_blocks.priorities.claims import Claim


def claim(name: str, *paths: str, **changed: Any) -> Claim:
    """A claim of ``app/Rule`` on *paths* of one host, waiting for a number."""
    app, _, rule = name.partition("/")
    arguments: dict[str, Any] = {
        "app": app,
        "rule": rule or "Rule",
        "environment": "prod",
        "file": f"stacks/{app}/stack.py",
        "listener": "shared",
        "priority": None,
        "hosts": ("www.example.com",),
        "paths": paths or ("*",),
        "others": frozenset(),
        "waits": True,
    }
    arguments |= changed
    if arguments["priority"] is not None:
        arguments["waits"] = False
    matches = f"host={','.join(arguments['hosts'])} path={','.join(arguments['paths'])}"
    return Claim(**{"matches": matches} | arguments)


def bands(*claims: Claim) -> dict[tuple[str, str], range]:
    """The bands of those that wait."""
    return {
        one.key: band(one.hosts if one.hosts != ("*",) else (), one.paths, len(one.others))
        for one in claims
        if one.waits
    }
