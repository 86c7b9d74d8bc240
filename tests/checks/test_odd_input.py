"""No check falls over what somebody else wrote: wrong types and missing parts, everywhere."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.checks.catalogue import ALL
from ecs_blocks.checks.model import Template
from ecs_blocks.checks.run import judge
from tests.checks.templates import CLEAN, with_values

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ODD: Final[tuple[Any, ...]] = (
    None,
    7,
    True,
    "x",
    [],
    [None],
    {},
    {"a": {"b": 1}},
    {"Ref": "Outside"},
    {"Fn::GetAtt": ["Key"]},
    {"Fn::Sub": "${Key.Arn}:${x}"},
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in *tree*."""
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in list(keys):
        yield tree, key
        yield from places(tree[key])


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_nothing_falls_over(odd: Any) -> None:
    asked = 0
    template = copy.deepcopy(with_values(CLEAN))
    resources = template["Resources"]
    for name, body in resources.items():
        checks = [one for one in ALL if body["Type"] in one.types]
        for container, key in places(body):
            kept, container[key] = container[key], odd
            asked += judge(Template({"Resources": resources | {name: body}}), checks).judged
            container[key] = kept

    assert asked > 5_000
