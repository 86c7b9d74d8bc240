"""A text where several belong is refused, in whatever field of a block it stands."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct

import ecs_blocks as eb
from ecs_blocks.errors import BlockError
from ecs_blocks.templates.plural import hint_of, is_many, is_mapping_of_many, refuse_text

TUPLE = 'has to be a tuple, not text; of one it is ("…",), with the comma'
ONE_OR_MANY = {("HealthCheck", "command")}
"""A command may be one text, which the shell of the container takes apart."""


class Whole(Struct):
    """Has a route, as blocks do."""

    routes: tuple[eb.Route, ...] = ()
    subnet_ids: eb.Value[list[eb.SubnetId]] | str = ""


WRONG: Any = "dev"


@pytest.mark.parametrize(
    ("block", "place"),
    [
        (eb.Route(headers={"X-Env": WRONG}), 'headers["X-Env"]'),
        (eb.Route(query={"a": ("1",), "b": WRONG}), 'query["b"]'),
        (Whole(routes=(eb.Route(), eb.Route(query={"b": WRONG}))), 'routes[1].query["b"]'),
        (eb.KeepsDeployed(marking_accounts="dev"), "marking_accounts"),
    ],
)
def test_the_place_is_named(block: object, place: str) -> None:
    with pytest.raises(BlockError) as refused:
        refuse_text(block)

    assert str(refused.value) == f"{place} {TUPLE}"


def test_every_field_that_holds_several_is_looked_at() -> None:
    kinds = [getattr(eb, name) for name in dir(eb)]
    structs = [one for one in kinds if isinstance(one, type) and issubclass(one, Struct)]
    left = {
        (kind.__name__, name)
        for kind in structs
        for name in kind.__struct_fields__
        if any(word in hint_of(kind, name) for word in ("tuple[", "Sequence[", "list[", "set["))
        and not is_many(hint_of(kind, name))
        and not is_mapping_of_many(hint_of(kind, name))
        and not hint_of(kind, name).startswith("Value[list[")
    }

    assert len(structs) > 50
    assert left == ONE_OR_MANY
