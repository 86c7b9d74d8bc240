"""What holds of any change: all that differs is told of, and nothing breaks the words."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ecs_blocks.review.changes import compared
from ecs_blocks.review.headroom import headroom
from ecs_blocks.review.impact.fargate_peak import more_on_fargate
from ecs_blocks.review.impact.gathering import consequences
from ecs_blocks.review.impact.questions import questions
from ecs_blocks.review.impact.secret_reading import unknown_readings
from ecs_blocks.review.impact.subject import subject_of
from ecs_blocks.review.impact.summary import headline
from ecs_blocks.review.reversal import story
from ecs_blocks.review.side import Pair
from tests.review.test_properties import every

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.side import Side

pytestmark = pytest.mark.slow

ODD: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        *(None, "", "x", "NaN", "${x}", -1, 0, 7, True, False, [], {}, [None], [[]], ["a"]),
        *({"Ref": "Nowhere"}, {"Fn::GetAtt": ["Nowhere", "Arn"]}, {"Fn::If": ["C", "a", "b"]}),
        *({"Fn::Sub": "${a.b}"}, {"Fn::ImportValue": "v"}, {"a": {"b": 1}}, ["a", {"Ref": "X"}]),
    ]
)
"""What a person may write where something else belongs."""


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container below *value*, with each of its keys."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def changed(side: Side, edits: list[tuple[int, Any]]) -> Side:
    """*side* with something odd at some places of its resources; None takes the place out."""
    template = copy.deepcopy(dict(side.template))
    for number, odd in edits:
        found = list(places(template["Resources"]))
        if not found:
            break
        holder, key = found[number % len(found)]
        if odd is None:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(odd)
    return replace(side, template=template)


@given(
    place=st.integers(min_value=0),
    edits=st.lists(st.tuples(st.integers(min_value=0), ODD), min_size=1, max_size=4),
    back=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_every_resource_that_differs_is_told_of(
    place: int, edits: list[tuple[int, Any]], *, back: bool
) -> None:
    sides = list(every().values())
    before = sides[place % len(sides)]
    after = changed(before, edits)
    if back:
        before, after = after, before
    pair = Pair(app="hoge", environment="prod", before=before, after=after)
    subject = subject_of(pair, compared(before, after).resources)
    told = consequences(subject)
    mentioned = {name for one in told for name in one.resources}

    assert {one.logical_id for one in subject.changes} <= mentioned
    assert headline(subject, told)
    assert story(subject)
    assert headroom(pair) is not None
    assert list(questions(subject)) is not None
    assert list(unknown_readings(subject)) is not None
    assert all(one.unknown or one.vcpu >= one.needed for one in more_on_fargate(subject))
    assert all(one.text == one.text.strip() and "\n" not in one.text for one in told)
