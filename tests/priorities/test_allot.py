"""Numbers that nobody else moves.

Trap 4: two stacks that take one priority of a shared listener. Here each has its number before any
deploy, keeps it whoever comes later, and stands before all that is wider.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies

from ecs_blocks.priorities.allot import allot
from ecs_blocks.priorities.claims import Claim, clashes
from ecs_blocks.priorities.lock import Entry, Lock
from tests.priorities.claiming import bands, claim
from tests.properties import MODEST

EMPTY = Lock("stacks/priorities.lock", {})


def locked(*entries: Entry) -> Lock:
    return Lock("stacks/priorities.lock", {(one.app, one.rule): one for one in entries})


def numbers(*claims: Claim, lock: Lock = EMPTY) -> dict[str, int]:
    """The number of each app's rule."""
    allotted, problems = allot(claims, bands(*claims), lock)
    assert problems == []
    return {f"{one.app}/{one.rule}": one.priority for one in allotted.entries}


def entries(*claims: Claim) -> Lock:
    return locked(*allot(claims, bands(*claims), EMPTY)[0].entries)


def test_trap_4_a_longer_path_comes_before_a_shorter_one_and_that_before_all() -> None:
    found = numbers(claim("site"), claim("shop", "/shop"), claim("admin", "/shop/admin"))

    assert found["admin/Rule"] < found["shop/Rule"] < found["site/Rule"]


def test_trap_4_a_new_app_changes_no_other() -> None:
    before = (claim("site"), claim("shop", "/shop/*"))
    lock = entries(*before)

    found = numbers(*before, claim("admin", "/shop/admin/*"), claim("blog", "/blog"), lock=lock)

    assert {name: found[name] for name in ("shop/Rule", "site/Rule")} == numbers(*before)
    assert found["admin/Rule"] < found["shop/Rule"]


def test_trap_4_two_branches_that_add_an_app_each_get_what_both_together_get() -> None:
    main = (claim("site"),)
    ours, theirs = claim("shop", "/shop"), claim("blog", "/blog")
    lock = entries(*main)

    apart = numbers(*main, ours, lock=lock) | numbers(*main, theirs, lock=lock)

    assert numbers(*main, ours, theirs, lock=lock) == apart


def test_a_removed_app_leaves_its_line_and_no_other_moves() -> None:
    site, shop = claim("site"), claim("shop", "/shop")
    lock = entries(site, shop)

    allotted, _ = allot([site], bands(site), lock)

    assert [one.app for one in allotted.removed] == ["shop"]
    assert (allotted.added, allotted.moved) == ((), ())
    assert allotted.entries == (lock.entries["site", "Rule"],)


def test_a_rule_that_changes_its_path_moves_itself_alone() -> None:
    site, shop = claim("site"), claim("shop", "/shop/*")
    lock = entries(site, shop)
    changed = claim("shop", "/shop/new/*")

    allotted, _ = allot([site, changed], bands(site, changed), lock)

    [(before, after)] = allotted.moved
    assert (before.app, after.matches) == ("shop", changed.matches)
    assert after.priority in bands(changed)["shop", "Rule"]
    assert allotted.entries[1] == lock.entries["site", "Rule"]


def test_a_rule_that_changes_within_its_band_keeps_its_number() -> None:
    site, shop = claim("site"), claim("shop", "/shop/*")
    lock = entries(site, shop)

    found = numbers(site, claim("shop", "/store/*"), lock=lock)

    assert found["shop/Rule"] == lock.entries["shop", "Rule"].priority


def test_a_changed_rule_moves_before_one_that_stays() -> None:
    """``shop`` sorts after ``admin``, and still is the one that moves."""
    admin, shop = claim("admin", "/x/*.png"), claim("shop", "/y/*")
    lock = locked(
        Entry("admin", "Rule", 200, admin.matches), Entry("shop", "Rule", 100, shop.matches)
    )
    changed = claim("shop", "/x/*")

    allotted, problems = allot([admin, changed], bands(admin, changed), lock)

    assert problems == []
    assert allotted.entries[0].priority == 200
    assert allotted.entries[1].priority > 200


def test_two_lines_of_one_number_after_a_merge_leave_the_first() -> None:
    one, other = claim("a", "/a"), claim("b", "/b")
    place = bands(one)["a", "Rule"][5]
    lock = locked(Entry("a", "Rule", place, one.matches), Entry("b", "Rule", place, other.matches))

    found = numbers(one, other, lock=lock)

    assert found["a/Rule"] == place != found["b/Rule"]


def test_who_shares_no_listener_may_have_the_same_number() -> None:
    one, other = claim("a", "/a"), claim("b", "/b", listener="another")
    place = bands(one)["a", "Rule"][5]
    lock = locked(Entry("a", "Rule", place, one.matches), Entry("b", "Rule", place, other.matches))

    assert numbers(one, other, lock=lock) == {"a/Rule": place, "b/Rule": place}


def test_who_shares_a_listener_in_one_environment_only_has_another_number() -> None:
    here = claim("a", "/a", environment="prod"), claim("b", "/b", environment="prod")
    there = [claim("a", "/a", environment="dev", listener="dev")]
    place = bands(*here)["a", "Rule"][5]
    lock = locked(
        Entry("a", "Rule", place, here[0].matches), Entry("b", "Rule", place, here[1].matches)
    )

    found = numbers(*here, *there, lock=lock)

    assert found["a/Rule"] != found["b/Rule"]


def test_a_number_that_somebody_chose_is_not_given_again() -> None:
    waiting = claim("shop", "/shop")
    first = numbers(waiting)["shop/Rule"]

    found = numbers(waiting, claim("site", "/other", priority=first))

    assert found["shop/Rule"] != first


@pytest.mark.parametrize(
    "newcomer",
    [
        pytest.param(claim("admin", "/other", priority=15_000), id="who takes its number"),
        pytest.param(
            claim("zoo", "/other", priority=15_000), id="who takes its number, sorted last"
        ),
        pytest.param(claim("admin", "/*", priority=100), id="who would take its requests"),
    ],
)
def test_a_number_of_the_lock_file_belongs_to_its_rule(newcomer: Claim) -> None:
    shop = claim("shop", "/shop/*")
    lock = locked(Entry("shop", "Rule", 15_000, shop.matches))

    assert numbers(newcomer, shop, lock=lock) == {"shop/Rule": 15_000}


def test_a_rule_with_another_path_gives_way_to_a_number_that_somebody_chose() -> None:
    """Its number was chosen for the path before, so it is the one that moves."""
    lock = locked(Entry("shop", "Rule", 15_000, claim("shop", "/shop/*").matches))
    changed = claim("shop", "/new/*")

    found = numbers(claim("site", "/*", priority=100), changed, lock=lock)

    assert found["shop/Rule"] < 100


@pytest.mark.parametrize(("path", "before"), [("/shop/*", True), ("/shop/admin/x/*", False)])
def test_a_number_that_somebody_chose_is_kept_in_order(path: str, before: bool) -> None:  # noqa: FBT001
    found = numbers(claim("admin", "/shop/admin/*"), claim("shop", path, priority=20_000))

    assert (found["admin/Rule"] < 20_000) is before


def test_between_neighbours_that_leave_no_room_it_is_said() -> None:
    claims = (
        claim("wide", "/a/*", priority=10),
        claim("narrow", "/a/b/c/*", priority=9),
        claim("middle", "/a/b/*"),
    )

    _, problems = allot(claims, bands(*claims), EMPTY)

    assert [str(problem) for problem in problems] == [
        "stacks/middle/stack.py: Rule: there is no priority left for Rule between the rules that "
        "have to come before and after it; give it one of its own, or make routes of some of its "
        "paths"
    ]


def test_one_number_for_rules_that_differ_between_environments_is_refused() -> None:
    prod, dev = claim("shop", "/shop"), claim("shop", "/test", environment="dev", listener="dev")

    _, problems = allot((prod, dev), bands(prod), EMPTY)

    assert [str(problem) for problem in problems] == [
        "stacks/shop/stack.py: Rule: it matches host=www.example.com path=/test in dev, and not "
        "host=www.example.com path=/shop: with one number for all environments it has to match "
        "the same; give it one of its own in environment.yaml"
    ]


PIECES = strategies.lists(strategies.sampled_from(["a", "b", "c"]), max_size=3).map(
    lambda words: "/" + "/".join(words)
)
PATHS = strategies.tuples(PIECES, strategies.sampled_from(["", "/*", "/*.png"])).map("".join)
APPS = strategies.dictionaries(
    strategies.sampled_from([f"app{n}" for n in range(12)]), PATHS, max_size=10
)


def of(apps: dict[str, str]) -> list[Claim]:
    """One claim for each path: where two apps claim the same, the first."""
    seen: dict[str, str] = {}
    for app, path in sorted(apps.items()):
        seen.setdefault(path, app)
    return [claim(app, path) for path, app in seen.items()]


@pytest.mark.slow
@MODEST
@given(apps=APPS, more=APPS)
def test_whoever_comes_the_order_is_right_and_nobody_moves(
    apps: dict[str, str], more: dict[str, str]
) -> None:
    before = of(apps)
    lock = entries(*before)
    after = of(more | apps)
    kept = {one.key for one in before} & {one.key for one in after}

    allotted, problems = allot(after, bands(*after), lock)

    given_out: dict[tuple[str, str], Any] = {
        (one.app, one.rule): one.priority for one in allotted.entries
    }
    assert problems == []
    assert len(set(given_out.values())) == len(after)
    assert {key: given_out[key] for key in kept} == {
        key: lock.entries[key].priority for key in kept
    }
    numbered = [
        claim(one.app, *one.paths, priority=given_out[one.key], matches=one.matches)
        for one in after
    ]
    assert clashes(numbered) == []
