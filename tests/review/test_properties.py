"""What holds of any templates: nothing differs from itself, and order is no change."""

from __future__ import annotations

import json
import random
from functools import cache
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_blocks.review.changes import compared
from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.model import Action, Status
from ecs_blocks.review.side import Pair, Side
from tests.golden.files import STACKS, rendered
from tests.scenarios.table import scenarios

if TYPE_CHECKING:
    from ecs_blocks.templates.render import RenderedApp

pytestmark = pytest.mark.slow

NAMES: Final = [one.name for one in scenarios()]


def sides_of(apps: list[RenderedApp]) -> dict[str, Side]:
    """Every app in its last environment."""
    return {
        app.app: Side(
            stack_name="hoge-prod",
            template=one.template,
            parameters=one.parameters,
            lookups={name: str(lookup) for name, lookup in one.lookups.items()},
            pseudo=one.pseudo,
            tags=one.tags,
        )
        for app in apps
        for one in app.environments[-1:]
    }


@cache
def every() -> dict[str, Side]:
    """Every shipped stack, and every scenario."""
    found = sides_of(rendered(STACKS))
    for scenario in scenarios():
        for name, side in sides_of(scenario.rendered()).items():
            found[f"{scenario.name}/{name}"] = side
    return found


def shuffled(value: Any, chance: random.Random) -> Any:
    """*value* with the keys of every mapping in another order; lists as they are."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, chance)) for key, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(seed=st.integers(), place=st.integers(min_value=0))
@settings(max_examples=60, deadline=None)
def test_another_order_of_properties_and_resources_is_no_change(seed: int, place: int) -> None:
    sides = list(every().values())
    side = sides[place % len(sides)]
    chance = random.Random(seed)
    other = Side(
        **{
            **{name: getattr(side, name) for name in side.__struct_fields__},
            "template": shuffled(side.template, chance),
            "parameters": shuffled(dict(side.parameters), chance),
        }
    )
    review = review_pair(Pair(app="a", environment="prod", before=side, after=other))

    assert (review.status, review.changes, review.consequences) == (Status.UNCHANGED, (), ())
    same = review_pair(Pair(app="a", environment="prod", before=side, after=side))
    assert review.digest == same.digest


VALUES: Final = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.sampled_from(["a", "b", "${A}", "", "[1]"]),
        st.sampled_from([{"Ref": "A"}, {"Fn::GetAtt": ["A", "Arn"]}, {"Fn::Sub": "x${A}"}]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["Key", "Value", "Name", "Other"]), inner, max_size=3),
    ),
    max_leaves=12,
)
TYPES: Final = st.sampled_from(["AWS::ECS::Service", "AWS::IAM::Role", "Custom::X", "Nothing"])
RESOURCES: Final = st.dictionaries(
    st.sampled_from(["A", "B", "C"]),
    st.fixed_dictionaries({"Type": TYPES, "Properties": VALUES}),
)


@given(resources=RESOURCES)
@settings(max_examples=150, deadline=None)
def test_nothing_differs_from_itself(resources: dict[str, Any]) -> None:
    side = Side(stack_name="x", template={"Resources": resources})

    assert compared(side, side).resources == ()


@given(one=RESOURCES, other=RESOURCES)
@settings(max_examples=150, deadline=None)
def test_there_and_back_again_are_the_same_places(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    sides = [Side(stack_name="x", template={"Resources": value}) for value in (one, other)]
    there = {change.logical_id: change for change in compared(*sides).resources}
    back = {change.logical_id: change for change in compared(*reversed(sides)).resources}

    assert there.keys() == back.keys()
    opposite = {Action.ADD: Action.REMOVE, Action.REMOVE: Action.ADD, Action.MODIFY: Action.MODIFY}
    assert {name: opposite[change.action] for name, change in there.items()} == {
        name: change.action for name, change in back.items()
    }
    # as JSON: to Python True is 1
    texts = [{name: json.dumps(body) for name, body in value.items()} for value in (one, other)]
    same = {name for name, body in texts[0].items() if texts[1].get(name) == body}
    assert same.isdisjoint(
        name
        for name, change in there.items()
        if not any(cause.kind == "resource" for row in change.properties for cause in row.causes)
    )


def test_each_scenario_is_compared_with_the_next_one() -> None:
    for (name, before), (other, after) in pairwise(every().items()):
        review = review_pair(Pair(app=name, environment=other, before=before, after=after))
        assert review.status is Status.CHANGED


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_any_two_scenarios_are_compared(name: str) -> None:
    sides = every()
    mine = [key for key in sides if key.startswith(f"{name}/")]
    later = list(sides)[list(sides).index(mine[0]) :]
    for before, after in product(mine, later):
        pair = Pair(app=name, environment="prod", before=sides[before], after=sides[after])
        review = review_pair(pair)
        back = compared(pair.after, pair.before)
        assert (review.status is Status.UNCHANGED) is (before == after), after
        assert bool(back.resources) is (before != after), after
