"""The priorities on a balancer of a service's own, where it has more than one rule."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING

from ecs_blocks.blocks.routes import Allotted
from ecs_blocks.errors import BlockError
from ecs_blocks.priorities.allot import allot
from ecs_blocks.priorities.bands import PLACES, band
from ecs_blocks.priorities.claims import EVERYTHING, Claim
from ecs_blocks.priorities.lock import Lock
from ecs_blocks.priorities.patterns import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.listener_rules import RuleParts


def own_priorities(rules: Mapping[str, RuleParts]) -> dict[str, int]:
    """The numbers of the rules that have none of their own, by title.

    Raises:
        BlockError: two of them claim the same, or one would never be reached.
    """
    claims = {title: _claim(title, rule) for title, rule in rules.items()}
    for one, other in combinations(claims.values(), 2):
        _refuse(one, other)
    waiting = [one for one in claims.values() if one.waits]
    bands = {one.key: _band(one, rules[one.rule]) for one in waiting}
    allotted, problems = allot(claims.values(), bands, Lock("", {}))
    if problems:
        raise BlockError(problems[0].message)
    return {one.rule: one.priority for one in allotted.entries}


def _refuse(one: Claim, other: Claim) -> None:
    same = sorted(set(one.cells()) & set(other.cells()))
    if same and one.others == other.others:
        host, path = same[0]
        place = host if path == EVERYTHING else host + path
        raise BlockError(f"{one.rule} and {other.rule} both claim {place}; one route is enough")
    if one.priority is None or other.priority is None:
        return
    first, second = sorted((one, other), key=lambda claim: claim.priority or 0)
    if first.priority == second.priority:
        raise BlockError(f"{one.rule} and {other.rule} both have the priority {one.priority}")
    if first.hides(second):
        raise BlockError(
            f"{first.rule} with the priority {first.priority} takes what is meant for "
            f"{second.rule} with {second.priority}; the narrower one has to come first"
        )


def _band(claim: Claim, rule: RuleParts) -> range:
    hosts, paths = (_values(rule, field) for field in PLACES)
    return band(hosts, paths, len(claim.others))


def _values(rule: RuleParts, field: str) -> tuple[str, ...]:
    return tuple(
        text_of(value) for one in rule.conditions if one.field == field for value in one.values
    )


def _claim(title: str, rule: RuleParts) -> Claim:
    """What a rule takes of its listener."""
    hosts, paths = (_values(rule, field) for field in PLACES)
    number = rule.route.priority
    return Claim(
        app="",
        rule=title,
        environment="",
        file="",
        listener="",
        priority=number if isinstance(number, int) else None,
        hosts=tuple(host if "${" in host else host.lower() for host in hosts),
        paths=paths or (EVERYTHING,),
        others=frozenset(
            json.dumps([one.field, one.name, [text_of(value) for value in one.values]])
            for one in rule.conditions
            if one.field not in PLACES
        ),
        waits=isinstance(number, Allotted),
        matches="",
    )
