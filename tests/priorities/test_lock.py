"""The lock file: one line for each rule, and a render that only reads it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.priorities.lock import (
    LISTENER_RULE,
    PENDING,
    Entry,
    Lock,
    put_in,
    read_lock,
    written,
)

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = [
    Entry("blog", "BlogListenerRule", 16599, "host=blog.${HostedZoneName}"),
    Entry("shop", "ShopListenerRule", 15528, "host=www.${HostedZoneName} path=/shop,/shop/*"),
    Entry("shop", "ShopListenerRule2", 15529, "host=www.${HostedZoneName} path=/cart"),
]
TEXT = """\
# Priorities of rules on shared listeners: app, rule, priority, what it matches.
# `ecs-blocks priorities` writes this file; commit it.
# After a merge conflict keep the lines of both sides, and run it again.
blog BlogListenerRule 16599 host=blog.${HostedZoneName}
shop ShopListenerRule 15528 host=www.${HostedZoneName} path=/shop,/shop/*
shop ShopListenerRule2 15529 host=www.${HostedZoneName} path=/cart
"""


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "priorities.lock"
    path.write_text(written(ENTRIES), encoding="utf-8")

    lock, problems = read_lock(path, "stacks/priorities.lock")

    assert problems == []
    assert list(lock.entries.values()) == ENTRIES


def test_the_text_is_the_same_whatever_order_the_rules_come_in() -> None:
    mixed = random.Random(7).sample(ENTRIES, len(ENTRIES))

    assert written(mixed) == written(ENTRIES) == TEXT


def test_another_rule_is_one_more_line_and_no_other_changes() -> None:
    more = Entry("longer-than-all-others", "LongerThanAllOthersListenerRule", 2, "path=/x")

    before, after = written(ENTRIES).splitlines(), written([*ENTRIES, more]).splitlines()

    assert [line for line in after if line not in before] == [str(more)]
    assert [line for line in before if line not in after] == []


def test_without_a_file_nothing_is_allotted(tmp_path: Path) -> None:
    lock, problems = read_lock(tmp_path / "priorities.lock", "stacks/priorities.lock")

    assert (dict(lock.entries), problems) == ({}, [])


SPOILT = [
    pytest.param(
        "shop ShopListenerRule",
        "stacks/priorities.lock:4:1: expected app, rule, priority and what it matches; run "
        "ecs-blocks priorities",
        id="too short",
    ),
    pytest.param(
        "shop ShopListenerRule 50001 path=/x",
        "stacks/priorities.lock:4:1: expected app, rule, priority and what it matches; run "
        "ecs-blocks priorities",
        id="a number that ELB refuses",
    ),
    pytest.param(
        "<<<<<<< HEAD",
        "stacks/priorities.lock:4:1: a merge conflict; keep the lines of both sides, then run "
        "ecs-blocks priorities",
        id="a merge conflict",
    ),
    pytest.param(
        "blog BlogListenerRule 7 path=/x",
        "stacks/priorities.lock:5:1: BlogListenerRule of blog stands in the file twice; remove "
        "one line",
        id="twice",
    ),
]


@pytest.mark.parametrize(("line", "message"), SPOILT)
def test_what_is_wrong_in_the_file_is_said_at_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    head, blog, *rest = TEXT.partition("blog")
    before = [head.rstrip("\n"), line] if "twice" not in message else [head.rstrip("\n")]
    after = "".join((blog, *rest))
    text = "\n".join(before) + "\n" + after
    if "twice" in message:
        text = text.replace("shop ShopListenerRule 15528", f"{line}\nshop ShopListenerRule 15528")
    path = tmp_path / "priorities.lock"
    path.write_text(text, encoding="utf-8")

    _, problems = read_lock(path, "stacks/priorities.lock")

    assert [str(problem) for problem in problems] == [message]


def template(*hosts: str, priority: Any = PENDING) -> dict[str, Any]:
    conditions = [{"Field": "host-header", "HostHeaderConfig": {"Values": list(hosts)}}]
    rule = {"Priority": priority, "Conditions": conditions}
    return {
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup"},
            "Rule": {"Type": LISTENER_RULE, "Properties": rule},
        }
    }


def lock(*entries: Entry) -> Lock:
    return Lock("stacks/priorities.lock", {(one.app, one.rule): one for one in entries})


def test_a_rule_that_waits_gets_the_number_of_its_line() -> None:
    made = template("a.b")

    assert put_in(made, "shop", lock(Entry("shop", "Rule", 7, "host=a.b"))) == []
    assert made["Resources"]["Rule"]["Properties"]["Priority"] == 7


def test_a_number_of_its_own_stays() -> None:
    made = template("a.b", priority={"Ref": "Priority"})

    assert put_in(made, "shop", lock()) == []
    assert made["Resources"]["Rule"]["Properties"]["Priority"] == {"Ref": "Priority"}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        pytest.param(
            (),
            "stacks/priorities.lock: Rule of shop has no priority yet; run ecs-blocks priorities",
            id="new",
        ),
        pytest.param(
            (Entry("blog", "Rule", 7, "host=a.b"),),
            "stacks/priorities.lock: Rule of shop has no priority yet; run ecs-blocks priorities",
            id="of another app",
        ),
        pytest.param(
            (Entry("shop", "Rule", 7, "host=old.b"),),
            "stacks/priorities.lock: Rule of shop matches host=a.b now, and not host=old.b; run "
            "ecs-blocks priorities",
            id="changed",
        ),
    ],
)
def test_what_the_lock_does_not_know_is_said(entries: tuple[Entry, ...], message: str) -> None:
    problems = put_in(template("a.b"), "shop", lock(*entries))

    assert [str(problem) for problem in problems] == [message]


def test_a_template_without_resources_has_no_rules() -> None:
    assert put_in({}, "shop", lock()) == []
