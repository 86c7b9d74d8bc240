"""A review in which everything occurs that a page shows, with its picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.model import (
    Action,
    Cause,
    Fate,
    Noise,
    PropertyChange,
    Replacement,
    ResourceChange,
)
from tests.review.picture.drawn import pair
from tests.review.picture.test_drawing import WEB, changed
from tests.review.show.reviews import BESIDE, calm, review, stack, still
from tests.review.stacks import body, side

if TYPE_CHECKING:
    from ecs_blocks.review.model import Review
    from ecs_blocks.review.side import Pair

BALANCER = ResourceChange(
    logical_id="HogeLoadBalancer",
    type="AWS::ElasticLoadBalancingV2::LoadBalancer",
    action=Action.MODIFY,
    replacement=Replacement.MAYBE,
    fate=Fate.DELETED,
    why="Scheme cannot be changed in place",
    line="stacks/hoge/stack.py:31",
    properties=(
        PropertyChange(
            path="Scheme",
            before="internet-facing",
            after={"Fn::If": ["Public", "internal", {"Ref": "Scheme"}]},
            replacement=Replacement.MAYBE,
            causes=(Cause(kind="template", name="HogeLoadBalancer", place="stack.py:31"),),
        ),
        PropertyChange(path="Name", before=None, after="hoge"),
        PropertyChange(path="Token", before="(hidden)", after="(hidden)", hidden=True),
        PropertyChange(
            path="Subnets[0]",
            before={"Ref": "Net"},
            after={"Ref": "Net"},
            causes=(Cause(kind="resource", name="Net"),),
        ),
    ),
)
ADDED = ResourceChange(logical_id="HogeQueue", type="AWS::SQS::Queue", action=Action.ADD)
QUIET = ResourceChange(
    logical_id="HogeLogGroup",
    type="AWS::Logs::LogGroup",
    action=Action.MODIFY,
    properties=(PropertyChange(path="Tags[Team]", before="a", after="b", noise=Noise.TAGS),),
)


@cache
def sample() -> Review:
    """Made by hand: a stack that needs approval, a calm one, and one that stays."""
    first = stack()
    first = structs.replace(
        first,
        changes=(*first.changes, BALANCER, ADDED, QUIET),
        outputs=(PropertyChange(path="Url", before="http://a", after="https://a"),),
    )
    return review(
        calm(),
        first,
        still("fuga", "prod"),
        environments=(BESIDE,),
        notes=("compared with where this branch left main",),
    )


@cache
def pictured() -> tuple[Review, tuple[Pair, ...]]:
    """Judged: the balancer is replaced, a service has more tasks, a queue is new."""
    after = {**changed("Balancer", Scheme="internet-facing"), "Queue": body("SQS::Queue")}
    both = (pair(side(WEB), side(after)),)
    return review_pairs(both, base="main (3f2a1c9)", head="the work tree"), both
