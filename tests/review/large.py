"""A stack of 162 resources in three environments, before and after a change of every kind."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.side import Pair, Side
from ecs_blocks.review.sources.rendering import rendered
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from ecs_blocks.review.model import Review

SERVICES: Final = ("Basket", "Catalogue", "Orders", "Payment", "Search", "Stock")


@cache
def large() -> tuple[Review, tuple[Pair, ...]]:
    """The review, and the pairs that it was made of."""
    sides = rendered(REPOSITORY / "stacks", "now", ["hoge"]).environments("hoge")
    pairs = []
    for environment, side in sides.items():
        before = _many(side)
        pairs.append(
            Pair(app="shop", environment=environment, before=before, after=_changed(before))
        )
    return review_pairs(pairs, base="main (3f2a1c9)", head="the work tree"), tuple(pairs)


def _many(side: Side) -> Side:
    """The one service of *side* six times, under six names, in one stack."""
    text = json.dumps(side.template["Resources"])
    resources: dict[str, Any] = {}
    for name in SERVICES:
        resources |= json.loads(text.replace("Hoge", name).replace("hoge", name.lower()))
    template = {**side.template, "Resources": resources}
    return structs.replace(side, stack_name="shop-prod", template=template)


def _changed(side: Side) -> Side:
    """A balancer replaced, a service removed but for its data, one added, values changed."""
    text = json.dumps(side.template["Resources"])
    resources: dict[str, Any] = {
        name: body
        for name, body in json.loads(text).items()
        if not name.startswith("Search") or name == "SearchLogGroup"
    }
    resources["BasketLoadBalancer"]["Properties"]["Scheme"] = "internal"
    resources["OrdersTargetGroup3FF6B5"]["Properties"]["Port"] = 9090
    for name, body in json.loads(text).items():
        if name.startswith("Search"):
            told = json.dumps(body).replace("Search", "Users").replace("search", "users")
            resources[name.replace("Search", "Users")] = json.loads(told)
    for body in resources.values():
        body.setdefault("Properties", {})
        if body["Type"] == "AWS::CloudWatch::Alarm" and "EvaluationPeriods" in body["Properties"]:
            body["Properties"]["EvaluationPeriods"] += 1
    template = {**side.template, "Resources": resources}
    values = {**side.parameters, "JavaOpts": "-Xmx1600m", "TaskMemory": "600"}
    return structs.replace(side, template=template, parameters=values)
