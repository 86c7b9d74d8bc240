"""Which property of a type replaces its resource, as AWS's own schemas have it.

MiniStack says "Conditionally" of every property of the types that are not in its table.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from ministack.services.cloudformation import stacks

_FACTS: Final = Path(__file__).resolve().parents[3] / "review" / "facts" / "types.json"
_told_by_ministack: Final = stacks._property_recreation


def install() -> None:
    """Let change sets tell by the schemas."""
    types: dict[str, dict[str, Any]] = json.loads(_FACTS.read_bytes())["types"]

    def recreation(kind: str, name: str) -> str:
        facts = types.get(kind)
        if facts is None:
            return str(_told_by_ministack(kind, name))
        if name in facts.get("createOnly", ()):
            return "Always"
        perhaps = (*facts.get("createOnly", ()), *facts.get("conditional", ()))
        return "Conditionally" if name in {one.partition(".")[0] for one in perhaps} else "Never"

    stacks._property_recreation = recreation
