"""One row of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ecs_blocks.review.model import Replacement

REPLACED: Final = Replacement.YES
"""Update requires: Replacement."""
IN_PLACE: Final = Replacement.NO
"""Update requires: No interruption, or Some interruptions."""
DEPENDS: Final = Replacement.MAYBE
"""Update requires: Replacement in some cases, told in the text under the property."""


@dataclass(frozen=True)
class Row:
    """The value at the dotted path *property* of a resource of this type changes."""

    type: str
    property: str
    before: Any
    after: Any
    expected: Replacement

    def __str__(self) -> str:
        return f"{self.type.removeprefix('AWS::')}.{self.property}"


def table(type_: str, *rows: tuple[str, Any, Any, Replacement]) -> list[Row]:
    """The rows of one type."""
    return [Row(f"AWS::{type_}", *row) for row in rows]
