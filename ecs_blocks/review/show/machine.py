"""A review for machines: JSON in the shapes of ``model``, and its JSON Schema."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ecs_blocks.review.model import VERSION, Review, Weight

if TYPE_CHECKING:
    from ecs_blocks.review.model import StackReview

_WEIGHT: Final[dict[str, Any]] = {
    "description": "How much a reader has to care; approval is exit code 4, the others 3.",
    "enum": [weight.value for weight in Weight],
}


def to_json(review: Review) -> str:
    """*review* as JSON, with the weight of each stack and of all; a final line feed."""
    tree = _weighed(msgspec.to_builtins(review), review)
    tree["stacks"] = [
        _weighed(one, stack) for one, stack in zip(tree["stacks"], review.stacks, strict=True)
    ]
    # json, not msgspec: a template of anybody's may hold a number beyond 64 bits
    return json.dumps(_finite(tree), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(tree: Any) -> Any:
    """With the numbers that YAML has and JSON has not as text: ``inf``, ``nan``."""
    if isinstance(tree, dict):
        return {key: _finite(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_finite(item) for item in tree]
    return str(tree) if isinstance(tree, float) and not math.isfinite(tree) else tree


def schema() -> dict[str, Any]:
    """The JSON Schema of what ``to_json`` gives."""
    found = msgspec.json.schema(Review)
    for name in ("Review", "StackReview"):
        shape = found["$defs"][name]
        shape["properties"]["weight"] = _WEIGHT
        shape["required"] = ["weight", *shape["required"]]
    found["$defs"]["Review"]["properties"]["version"] = {"const": VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A review by ecs-blocks, version {VERSION}",
        **found,
    }


def _weighed(tree: dict[str, Any], whole: Review | StackReview) -> dict[str, Any]:
    return {"weight": whole.weight.value, **tree}
