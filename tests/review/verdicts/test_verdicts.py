"""Property by property: replaced, changed in place, or decided during the deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.review.changes import compared
from ecs_blocks.review.model import Action, Replacement, ResourceChange
from ecs_blocks.review.side import Side
from tests.review.verdicts import containers, data, operations, traffic
from tests.review.verdicts.row import IN_PLACE

if TYPE_CHECKING:
    from tests.review.verdicts.row import Row

ROWS: Final = [*containers.ROWS, *traffic.ROWS, *operations.ROWS, *data.ROWS]


def properties(path: str, value: Any) -> dict[str, Any]:
    """Properties with *value* at *path*; without anything there where it is None."""
    name, _, rest = path.partition(".")
    if value is None:
        return {}
    return {name: properties(rest, value) if rest else value}


def change(row: Row, before: Any, after: Any, **more: Any) -> ResourceChange:
    """The change of the one resource whose property becomes *after*."""
    sides = [
        Side(
            stack_name="hoge-prod",
            template={
                "Parameters": {"Later": {"Type": "String"}},
                "Resources": {
                    "It": {"Type": row.type, "Properties": properties(row.property, value)}
                },
            },
            **more,
        )
        for value in (before, after)
    ]
    [found] = compared(*sides).resources
    return found


def test_there_are_enough() -> None:
    assert len(ROWS) >= 120
    assert len({row.type for row in ROWS}) >= 40


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_change_leads_to_what_the_documentation_says(row: Row) -> None:
    found = change(row, row.before, row.after)

    assert found.action is Action.MODIFY
    assert found.replacement is row.expected
    assert bool(found.why) == (row.expected is not IN_PLACE)
    assert (found.fate is None) == (row.expected is IN_PLACE)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_back_again_leads_to_the_same(row: Row) -> None:
    assert change(row, row.after, row.before).replacement is row.expected


@pytest.mark.parametrize("row", [row for row in ROWS if row.before is not None], ids=str)
def test_a_value_that_is_looked_up_is_never_said_to_replace(row: Row) -> None:
    lookups = {"Later": "!Ssm /platform/value"}
    found = change(row, row.before, {"Ref": "Later"}, lookups=lookups)

    assert found.replacement is (IN_PLACE if row.expected is IN_PLACE else Replacement.MAYBE)
