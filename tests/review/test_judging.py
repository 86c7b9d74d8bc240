"""A stack, and all stacks, as one review."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ecs_blocks.review.judging import review_pair, review_pairs
from ecs_blocks.review.model import Consequence, Status, Weight
from ecs_blocks.review.side import Pair, Side
from tests.review.stacks import body, side

DECLARED = {"Size": {"Type": "String"}, "Password": {"Type": "String", "NoEcho": "true"}}
QUEUE = {"Queue": body("SQS::Queue", DelaySeconds={"Ref": "Size"})}
OLD = side(QUEUE, Parameters=DECLARED, parameters={"Size": "1"}, tags={"Team": "a"})


def pair(before: Side | None, after: Side | None) -> Pair:
    return Pair(app="hoge", environment="prod", before=before, after=after)


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (None, OLD, Status.NEW),
        (OLD, None, Status.GONE),
        (OLD, OLD, Status.UNCHANGED),
        (OLD, replace(OLD, parameters={"Size": "2"}), Status.CHANGED),
        (OLD, replace(OLD, tags={"Team": "b"}), Status.CHANGED),
        (OLD, replace(OLD, places={"Size": "a.yaml:1"}), Status.UNCHANGED),
        (OLD, side({}, Parameters=DECLARED, parameters={"Size": "1"}), Status.CHANGED),
    ],
)
def test_what_becomes_of_a_stack(before: Side | None, after: Side | None, status: Status) -> None:
    found = review_pair(pair(before, after))

    assert (found.app, found.environment, found.stack_name) == ("hoge", "prod", "hoge-prod")
    assert found.status is status
    assert found.headline
    assert (found.rollback is not None) is (status is Status.CHANGED)


def test_a_stack_that_is_gone_is_left_alone() -> None:
    """A deploy does not delete it: nothing of it is said to be removed."""
    found = review_pair(pair(OLD, None))

    assert found.changes == ()
    assert [one.text for one in found.consequences] == [
        "hoge-prod stays in the account with all that it holds, managed by nobody"
    ]
    assert found.weight is Weight.NOTICE


def test_a_stack_of_another_name_is_a_new_one() -> None:
    found = review_pair(pair(OLD, replace(OLD, stack_name="prod-hoge")))

    assert (found.status, found.stack_name) == (Status.NEW, "prod-hoge")
    assert found.consequences[0].text == (
        "the stack is called prod-hoge instead of hoge-prod: a second one is made, and hoge-prod "
        "stays"
    )
    assert found.weight is Weight.APPROVAL
    assert found.digest != review_pair(pair(None, replace(OLD, stack_name="prod-hoge"))).digest


def test_a_stack_of_another_name_cannot_have_the_names_of_the_old_one() -> None:
    """A rule at a listener of the stack's own is another one in the second stack."""
    rule = "ElasticLoadBalancingV2::ListenerRule"
    resources = {
        "Logs": body("Logs::LogGroup", LogGroupName="/ecs/hoge"),
        "Shared": body(rule, ListenerArn="arn:listener", Priority=7),
        "Listener": body("ElasticLoadBalancingV2::Listener", LoadBalancerArn="lb", Port=443),
        "Own": body(rule, ListenerArn={"Ref": "Listener"}, Priority=1),
        "Free": body("SQS::Queue"),
    }
    found = review_pair(pair(side(resources), replace(side(resources), stack_name="other")))

    assert found.consequences[0].kind == "blocked"
    assert found.consequences[0].details == (
        "Logs: its name /ecs/hoge is taken until Logs is deleted",
        "Shared: priority 7 of the listener is taken until Shared is deleted",
        "Listener: port 443 of the load balancer is taken until Listener is deleted",
    )
    assert found.headline == found.consequences[0].text
    assert found.headline == (
        "the deploy fails: the stack is called other instead of hoge-prod: a second one is made, "
        "and hoge-prod stays, which still has 3 things that the new one cannot make too"
    )


@pytest.mark.parametrize(
    ("key", "old", "new", "expected"),
    [
        (
            "AWS::AccountId",
            "111122223333",
            "444455556666",
            "the account is 444455556666 instead of 111122223333: a new stack is made there, and "
            "hoge-prod stays in 111122223333, with all that it holds",
        ),
        (
            "AWS::Region",
            "eu-west-1",
            "eu-west-2",
            "the Region is eu-west-2 instead of eu-west-1: a new stack is made there, and "
            "hoge-prod stays in eu-west-1, with all that it holds",
        ),
    ],
)
def test_a_stack_in_another_place_is_a_new_one(key: str, old: str, new: str, expected: str) -> None:
    """A role whose trust names the account does not grow wider by that."""
    sides = [replace(OLD, pseudo={key: value}) for value in (old, new)]
    found = review_pair(pair(*sides))

    assert (found.status, found.weight) == (Status.NEW, Weight.APPROVAL)
    assert (found.headline, found.consequences[0].text) == (expected, expected)
    assert review_pair(pair(replace(OLD, pseudo={}), sides[0])).status is Status.UNCHANGED


def test_the_weightiest_comes_first() -> None:
    before = side(
        {"Lb": body("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal"), **QUEUE},
        Outputs={"Url": {"Value": "a", "Export": {"Name": "url"}}},
    )
    after = side(
        {"Lb": body("ElasticLoadBalancingV2::LoadBalancer", Scheme="internet-facing"), **QUEUE}
    )
    found = review_pair(pair(before, after))

    order = [Weight.APPROVAL, Weight.NOTICE, Weight.CALM]
    places = [order.index(one.weight) for one in found.consequences]
    assert places == sorted(places)
    assert found.weight is Weight.APPROVAL


OTHER = [
    replace(OLD, parameters={"Size": "2"}),
    replace(OLD, tags={}),
    replace(OLD, lookups={"Size": "!Ssm /size"}),
    replace(OLD, pseudo={"AWS::Region": "eu-west-1"}),
    side({}, Parameters=DECLARED, parameters={"Size": "1"}, tags={"Team": "a"}),
]


@pytest.mark.parametrize("other", OTHER)
def test_an_approval_is_of_one_change_only(other: Side) -> None:
    digests = {
        review_pair(pair(*sides)).digest for sides in ((OLD, OLD), (OLD, other), (other, OLD))
    }

    assert len(digests) == 3


def test_the_digest_does_not_know_a_secret() -> None:
    """Whoever has a hash of all but one short value can try all values."""
    sides = [replace(OLD, parameters={"Size": "1", "Password": value}) for value in ("a", "b")]

    assert len({review_pair(pair(OLD, one)).digest for one in sides}) == 1


def test_the_digest_of_all_is_of_each_and_of_no_order() -> None:
    pairs = [
        Pair(app=name, environment="prod", before=OLD, after=after)
        for name, after in (("a", OTHER[0]), ("b", OTHER[1]))
    ]
    review = review_pairs(pairs, base="main", head="this")

    assert (review.base, review.head, len(review.stacks)) == ("main", "this", 2)
    assert review.digest == review_pairs(pairs[::-1], base="main", head="this").digest
    assert review.digest != review_pairs(pairs[:1], base="main", head="this").digest


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is said of outputs."""
    sides = [side(QUEUE, Outputs=outputs) for outputs in (before, after)]
    found: tuple[Consequence, ...] = review_pair(pair(*sides)).consequences
    return [one.text for one in found if "output" in one.text or "export" in one.text]


EXPORTED = {"Url": {"Value": "a", "Export": {"Name": "url"}}}
IMPORTED = "the deploy fails where a stack imports it (aws cloudformation list-imports)"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (EXPORTED, {}, [f"the output Url goes away: {IMPORTED}"]),
        (EXPORTED, {"Url": {"Value": "a"}}, [f"the export of Url goes away: {IMPORTED}"]),
        (
            EXPORTED,
            {"Url": {"Value": "a", "Export": {"Name": "other"}}},
            [f"the export of Url is renamed: {IMPORTED}"],
        ),
        (
            EXPORTED,
            {"Url": {"Value": "b", "Export": {"Name": "url"}}},
            [f"the exported value of Url becomes another one: {IMPORTED}"],
        ),
        (
            {"Url": {"Value": "a"}},
            {},
            [
                "the output Url goes away: what looks it up (!StackOutput hoge-prod.Url) cannot be "
                "deployed any more"
            ],
        ),
        ({"Url": {"Value": "a"}}, {"Url": {"Value": "b"}}, []),
        ({}, EXPORTED, []),
        (EXPORTED, EXPORTED, []),
    ],
)
def test_what_a_changed_output_means_for_others(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert told(before, after) == expected


def test_an_export_changes_because_of_what_was_written() -> None:
    outputs = {"Group": {"Value": {"Ref": "Group"}, "Export": {"Name": "group"}}}
    sides = [
        side(
            {"Group": body("Logs::LogGroup", LogGroupName={"Ref": "Size"})},
            Parameters=DECLARED,
            Outputs=outputs,
            parameters={"Size": name},
        )
        for name in ("/one", "/two")
    ]
    found = [one for one in review_pair(pair(*sides)).consequences if "export" in one.text]

    assert [one.text for one in found] == [
        f"the exported value of Group becomes another one: {IMPORTED}"
    ]
    assert [(cause.kind, cause.name) for cause in found[0].causes] == [("parameter", "Size")]
