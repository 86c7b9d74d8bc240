"""Who claims what on a shared listener, and what cannot stand together.

Trap 4: two rules of one priority, found without an account, with both files named.
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.priorities.claims import claims_of, clashes, has_guests
from ecs_blocks.priorities.lock import LISTENER_RULE, PENDING
from tests.priorities.claiming import claim

ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/web/1/2"


def said(*claims: Any) -> list[str]:
    return [str(problem) for problem in clashes(claims)]


GOOD = [
    pytest.param((claim("a", "/a", priority=1), claim("b", "/b", priority=2)), id="apart"),
    pytest.param((claim("a", "/a/b", priority=1), claim("b", "/a/*", priority=2)), id="in order"),
    pytest.param(
        (claim("a", "/a", priority=1), claim("b", "/a", priority=1, listener="other")),
        id="on another listener",
    ),
    pytest.param(
        (claim("a", "/a", priority=1), claim("b", "/a", priority=2, hosts=("x.example.com",))),
        id="of another host",
    ),
    pytest.param(
        (claim("a", "/a", priority=1, others=frozenset({"h"})), claim("b", "/a", priority=2)),
        id="with a header first",
    ),
    pytest.param((claim("a", "/a"), claim("b", "/b")), id="not numbered yet"),
    pytest.param(
        (claim("a", "/a/*", priority=1), claim("b", "/*/a", priority=2)), id="that only overlap"
    ),
]


@pytest.mark.parametrize("claims", GOOD)
def test_what_can_stand_together(claims: Any) -> None:
    assert said(*claims) == []


BAD = [
    pytest.param(
        (claim("a", "/a", "/x"), claim("b", "/x")),
        "stacks/b/stack.py: Rule in prod: www.example.com/x is claimed by Rule of "
        "stacks/a/stack.py in prod too; only the first of them would get it",
        id="the same host and path",
    ),
    pytest.param(
        (claim("a"), claim("b")),
        "stacks/b/stack.py: Rule in prod: www.example.com is claimed by Rule of "
        "stacks/a/stack.py in prod too; only the first of them would get it",
        id="the same host",
    ),
    pytest.param(
        (claim("a", "/a", hosts=("*",)), claim("b", "/a", hosts=("*",))),
        "stacks/b/stack.py: Rule in prod: every host /a is claimed by Rule of "
        "stacks/a/stack.py in prod too; only the first of them would get it",
        id="the same path of every host",
    ),
    pytest.param(
        (claim("a", "/a", priority=7), claim("b", "/b", priority=7)),
        "stacks/b/stack.py: Rule in prod: the priority 7 is also that of Rule of "
        "stacks/a/stack.py in prod; give one of them another number",
        id="one number",
    ),
    pytest.param(
        (
            claim("a", "/a", priority=7, locked="stacks/priorities.lock:4"),
            claim("b", "/b", priority=7, locked="stacks/priorities.lock:5"),
        ),
        "stacks/b/stack.py: Rule in prod: the priority 7 is also that of Rule of "
        "stacks/a/stack.py in prod; run ecs-blocks priorities",
        id="one number in two lines of the lock file",
    ),
    pytest.param(
        (
            claim("a", "/a", priority=7, locked="stacks/priorities.lock:4"),
            claim("b", "/b", priority=7),
            claim("c", "/c", priority=8),
        ),
        "stacks/b/stack.py: Rule in prod: the priority 7 belongs to Rule of stacks/a/stack.py in "
        "prod, by stacks/priorities.lock:4; take another one: 6 is free",
        id="a number of the lock file",
    ),
    pytest.param(
        (
            claim("a", "/a", priority=7),
            claim("b", "/b", priority=7, locked="stacks/priorities.lock:4"),
        ),
        "stacks/a/stack.py: Rule in prod: the priority 7 belongs to Rule of stacks/b/stack.py in "
        "prod, by stacks/priorities.lock:4; take another one: 8 is free",
        id="a number of the lock file, of an app that comes first",
    ),
    pytest.param(
        (
            claim("a", "/a", priority=7, locked="stacks/priorities.lock:4"),
            claim("b", "/b/*", priority=7, typed=("stacks/b/environment.yaml", 5, 12, "prod.X")),
            claim("c", "/*", priority=8),
        ),
        "stacks/b/environment.yaml:5:12: prod.X: the priority 7 belongs to Rule of "
        "stacks/a/stack.py in prod, by stacks/priorities.lock:4; take another one: 6 is free",
        id="a number of the lock file, typed in environment.yaml, before a wider one",
    ),
    pytest.param(
        (
            claim("a", "/a", priority=7, environment="dev", hosts=("dev.example.com",)),
            claim("a", "/a", priority=7),
        ),
        "stacks/a/stack.py: Rule in prod: the priority 7 is also that of Rule of "
        "stacks/a/stack.py in dev; they share a listener: let environment.yaml give the rule a "
        "number in each",
        id="two environments on one listener",
    ),
    pytest.param(
        (claim("a", "/a/*", priority=1), claim("b", "/a/b", priority=2)),
        "stacks/b/stack.py: Rule in prod: Rule of stacks/a/stack.py in prod has the priority 1 "
        "and takes what is meant for Rule of stacks/b/stack.py in prod with 2; the narrower one "
        "has to come first",
        id="the wider one first",
    ),
    pytest.param(
        (claim("a", "/a", priority=2, others=frozenset({"h"})), claim("b", "/a", priority=1)),
        "stacks/b/stack.py: Rule in prod: Rule of stacks/b/stack.py in prod has the priority 1 "
        "and takes what is meant for Rule of stacks/a/stack.py in prod with 2; the narrower one "
        "has to come first",
        id="a header last",
    ),
    pytest.param(
        (claim("a", "/a/*", "/b/x", priority=1), claim("b", "/a/y", "/b/*", priority=2)),
        "stacks/b/stack.py: Rule in prod: Rule of stacks/a/stack.py in prod has the priority 1 "
        "and takes what is meant for Rule of stacks/b/stack.py in prod with 2; in no order do "
        "both get theirs: make routes of their own of some paths",
        id="each wider than the other",
    ),
]


@pytest.mark.parametrize(("claims", "message"), BAD)
def test_what_cannot_stand_together(claims: Any, message: str) -> None:
    assert said(*claims) == [message]


def test_where_no_number_is_free_it_says_what_else_to_do() -> None:
    found = said(
        claim("a", "/a/*", priority=3, locked="stacks/priorities.lock:4"),
        claim("b", "/a/b", "/x/*", priority=3),
        claim("c", "/x/y", priority=4),
    )

    assert found[0] == (
        "stacks/b/stack.py: Rule in prod: the priority 3 belongs to Rule of stacks/a/stack.py in "
        "prod, by stacks/priorities.lock:4; make routes of some of its paths"
    )


def test_every_pair_is_named() -> None:
    assert len(said(claim("a", "/x"), claim("b", "/x"), claim("c", "/x"))) == 3


def rule(listener: Any, **changed: Any) -> dict[str, Any]:
    properties = {
        "ListenerArn": listener,
        "Priority": PENDING,
        "Conditions": [
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["Shop.Example.com"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/A"]}},
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
        ],
    }
    return {"Type": LISTENER_RULE, "Properties": properties | changed}


def found(*rules: dict[str, Any], lookups: Any = None, account: str = "1 eu") -> list[Any]:
    template = {"Resources": {f"Rule{n}": one for n, one in enumerate(rules)}}
    file = "stacks/shop/stack.py"
    return list(claims_of("shop", file, "prod", template, template, lookups or {}, account))


def test_a_claim_is_what_the_template_says() -> None:
    [one] = found(rule(ARN))

    assert (one.app, one.rule, one.environment) == ("shop", "Rule0", "prod")
    assert (one.hosts, one.paths) == (("shop.example.com",), ("/A",))
    assert len(one.others) == 1
    assert (one.priority, one.waits) == (None, True)
    assert one.matches == "host=Shop.Example.com path=/A source-ip=10.0.0.0/8"


@pytest.mark.parametrize(("priority", "known"), [(7, 7), ("7", 7), ({"Ref": "Priority"}, None)])
def test_a_number_of_its_own(priority: Any, known: int | None) -> None:
    [one] = found(rule(ARN, Priority=priority))

    assert (one.priority, one.waits) == (known, False)


def test_a_listener_of_the_stack_itself_is_nobody_else_s_business() -> None:
    assert found(rule({"Ref": "HttpsListener"})) == []


def test_a_listener_is_known_by_what_is_looked_up() -> None:
    lookups = {"Listener": {"StackOutput": {"StackName": "cluster-prod", "OutputName": "X"}}}
    same = {"Other": lookups["Listener"]}
    [one] = found(rule({"Ref": "Listener"}), lookups=lookups)
    [other] = found(rule({"Ref": "Other"}), lookups=same)
    [elsewhere] = found(rule({"Ref": "Listener"}), lookups=lookups, account="2 eu")

    assert one.listener == other.listener != elsewhere.listener


def test_without_host_and_path_a_rule_claims_everything() -> None:
    [one] = found(rule(ARN, Conditions=[]))

    assert (one.hosts, one.paths) == (("*",), ("*",))


def test_other_resources_claim_nothing() -> None:
    assert found({"Type": "AWS::Logs::LogGroup"}) == []


def test_conditions_that_only_cloudformation_knows_claim_nothing_in_particular() -> None:
    undecided = {"Fn::If": ["Public", [], []]}

    [one] = found(rule(ARN, Conditions=undecided))

    assert (one.hosts, one.paths, one.matches) == (("*",), ("*",), "")


@pytest.mark.parametrize(
    ("resources", "guests"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param(
            {"Rule": rule({"Ref": "Listener"}), "Listener": {"Type": "X"}}, False, id="own"
        ),
        pytest.param({"Rule": rule({"Ref": "Listener"})}, True, id="by a parameter"),
        pytest.param({"Rule": rule(ARN)}, True, id="by ARN"),
    ],
)
def test_a_template_with_rules_elsewhere_is_told(
    resources: dict[str, Any],
    guests: bool,  # noqa: FBT001 - the outcome of a row
) -> None:
    assert has_guests({"Resources": resources}) is guests
