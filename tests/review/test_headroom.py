"""How much of a limit is used."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.headroom import headroom
from ecs_blocks.review.side import Pair
from tests.review.impact.stage import balanced, container, group, stack, task, web
from tests.review.stacks import body, side

RULE = "ElasticLoadBalancingV2::ListenerRule"
LISTENER = "ElasticLoadBalancingV2::Listener"


def used(before: Any, after: Any) -> dict[str, tuple[int, int, int]]:
    """Name to (used, limit, used before)."""
    sides = [side(one) if isinstance(one, dict) else one for one in (before, after)]
    pair = Pair(app="hoge", environment="prod", before=sides[0], after=sides[1])
    return {one.name: (one.used, one.limit, one.before) for one in headroom(pair)}


def rules(number: int) -> dict[str, Any]:
    return {
        "Balancer": body("ElasticLoadBalancingV2::LoadBalancer"),
        "Listener": body(LISTENER, LoadBalancerArn={"Ref": "Balancer"}),
        **{
            f"Rule{n}": body(RULE, ListenerArn={"Ref": "Listener"}, Priority=n)
            for n in range(number)
        },
    }


def test_cloudformation_s_own() -> None:
    before = side({"A": body("SQS::Queue")}, template_bytes=300)
    after = side(
        {name: body("SQS::Queue") for name in "ABC"},
        Parameters={"P": {}},
        Outputs={"O": {}},
        template_bytes=600,
    )

    assert used(before, after) == {
        "template bytes": (600, 51_200, 300),
        "resources": (3, 500, 1),
        "parameters": (1, 200, 0),
        "outputs": (1, 200, 0),
    }


@pytest.mark.parametrize(("size", "limit"), [(51_200, 51_200), (51_201, 1_000_000)])
def test_a_large_template_goes_through_s3(size: int, limit: int) -> None:
    assert used(None, side({}, template_bytes=size))["template bytes"] == (size, limit, 0)


@pytest.mark.parametrize(
    ("before", "after", "name", "expected"),
    [
        (rules(20), rules(30), "listener rules of Balancer", (30, 100, 20)),
        # a tenth, and no other number than before
        (rules(10), rules(10), "listener rules of Balancer", None),
        (rules(30), rules(30), "listener rules of Balancer", (30, 100, 30)),
        (
            {},
            {"R": body(RULE, ListenerArn="arn", Priority=1)},
            "listener rules of the shared load balancer",
            None,
        ),
        (
            stack(web(2)),
            stack(web(3)),
            "tasks of Web",
            (3, 5000, 2),
        ),
        (
            stack(web(2)),
            stack(web(2), task(*(container(Name=f"c{n}") for n in range(3)))),
            "containers of Task",
            (3, 10, 1),
        ),
        (
            {},
            stack(
                web(400, **balanced()),
                None,
                Group=group(),
                Rule=body(RULE, ListenerArn="arn", Actions=[{"TargetGroupArn": {"Ref": "Group"}}]),
            ),
            "targets of the shared load balancer",
            (400, 1000, 0),
        ),
        (
            {},
            {
                "G": body("EC2::SecurityGroup", SecurityGroupIngress=[{}] * 20),
                "R": body("EC2::SecurityGroupIngress", GroupId={"Ref": "G"}),
            },
            "incoming rules of G",
            (21, 60, 0),
        ),
    ],
)
def test_quotas(
    before: dict[str, Any],
    after: dict[str, Any],
    name: str,
    expected: tuple[int, int, int] | None,
) -> None:
    assert used(before, after).get(name) == expected


def test_every_limit_says_where_it_stands() -> None:
    pair = Pair(app="a", environment="b", before=None, after=side(rules(40), template_bytes=9))

    assert all(one.source for one in headroom(pair))


def test_nothing_is_used_by_a_stack_that_is_gone() -> None:
    assert used(side(rules(40)), None) == {}
