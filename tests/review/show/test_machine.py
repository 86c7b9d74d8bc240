"""A review for machines: valid against its documented schema, whatever is in it."""

from __future__ import annotations

import json
import math

import jsonschema
import msgspec
import pytest

from ecs_blocks.review.model import Action, PropertyChange, ResourceChange, Review
from ecs_blocks.review.show.machine import schema, to_json
from tests.project import REPOSITORY
from tests.review.show.reviews import BESIDE, calm, review, stack, still

ALL = review(stack(), calm(), still("a", "b"), environments=(BESIDE,), notes=("a note",))


def test_it_is_valid_and_complete() -> None:
    tree = json.loads(to_json(ALL))

    jsonschema.validate(tree, schema())
    assert tree["version"] == 1
    assert tree["weight"] == "approval"
    assert [one["weight"] for one in tree["stacks"]] == ["approval", "calm", "calm"]
    assert msgspec.convert(tree, Review) == ALL


@pytest.mark.parametrize(
    ("key", "value"), [("version", 2), ("weight", "grave"), ("stacks", None), ("base", 1)]
)
def test_the_schema_refuses_what_is_not_one(key: str, value: object) -> None:
    tree = json.loads(to_json(ALL))
    tree[key] = value

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tree, schema())


def test_the_same_review_is_the_same_text() -> None:
    assert to_json(ALL) == to_json(review(*ALL.stacks, environments=(BESIDE,), notes=("a note",)))


@pytest.mark.parametrize("value", [10**30, 1.5, True, None, "é", {"Ref": "A"}, [1, {"x": None}]])
def test_a_value_of_any_template(value: object) -> None:
    change = ResourceChange(
        logical_id="R",
        type="T",
        action=Action.MODIFY,
        properties=(PropertyChange(path="P", before=value, after="x"),),
    )

    tree = json.loads(to_json(review(stack(changes=(change,)))))

    assert tree["stacks"][0]["changes"][0]["properties"][0]["before"] == value
    jsonschema.validate(tree, schema())


def test_a_number_that_json_lacks() -> None:
    change = ResourceChange(
        logical_id="R",
        type="T",
        action=Action.MODIFY,
        properties=(PropertyChange(path="P", before=math.inf, after=math.nan),),
    )

    text = to_json(review(stack(changes=(change,))))

    assert "Infinity" not in text
    assert "NaN" not in text


def test_the_documented_schema_is_the_codes() -> None:
    path = REPOSITORY / "docs" / "reference" / "review.schema.json"

    written = json.loads(path.read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(schema())), "run: make docs"
