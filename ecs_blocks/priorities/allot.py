"""Give each rule a number that it keeps, whoever comes after it."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ecs_blocks.errors import Problem
from ecs_blocks.priorities.bands import FIRST, LAST, in_order
from ecs_blocks.priorities.lock import Entry, Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ecs_blocks.priorities.claims import Claim

Key = tuple[str, str]


class Allotted(Struct, frozen=True):
    """The entries that the lock file should have, and how they differ from those it has."""

    entries: tuple[Entry, ...]
    added: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Entry], ...]
    removed: tuple[Entry, ...]


class _Rule(Struct, frozen=True):
    """One rule in all its environments, and those that share a listener with it.

    ``before`` and ``after`` are the rules of the lock file that have to come before and after it;
    ``above`` and ``below`` are numbers that others have of their own, with the same meaning.
    """

    file: str
    matches: str
    band: range
    beside: set[Key] = field(default_factory=set)
    before: set[Key] = field(default_factory=set)
    after: set[Key] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    above: set[int] = field(default_factory=set)
    below: set[int] = field(default_factory=set)

    def fitting(self, key: Key, numbers: Mapping[Key, int]) -> list[int]:
        """The numbers that it could have beside those given out, the best first."""
        low = max({FIRST - 1, *self.above, *_of(self.before, numbers)})
        high = min({LAST + 1, *self.below, *_of(self.after, numbers)})
        taken = self.taken | _of(self.beside, numbers)
        best = [n for n in in_order(self.band, "/".join(key)) if low < n < high and n not in taken]
        if best:
            return best
        others = [n for n in range(low + 1, high) if n not in taken]
        return others[len(others) // 2 :]

    def keeps(self, own: Entry, numbers: Mapping[Key, int]) -> bool:
        """Whether the number that it has is still right, beside those given out.

        Numbers that others have of their own move no rule that is as it was, nor take its number:
        whoever comes later with one has to give way (``clashes`` says so).
        """
        number, is_as_it_was = own.priority, own.matches == self.matches
        above = _of(self.before, numbers) | (set() if is_as_it_was else self.above)
        below = _of(self.after, numbers) | (set() if is_as_it_was else self.below)
        return (
            (is_as_it_was or number in self.band)
            and number not in _of(self.beside, numbers)
            and all(number > n for n in above)
            and all(number < n for n in below)
        )


def allot(
    claims: Iterable[Claim], bands: Mapping[Key, range], lock: Lock
) -> tuple[Allotted, list[Problem]]:
    """The number of every rule that waits for one.

    A rule that has a number keeps it, as long as it is in the right order; a new one takes a free
    number in its band (*bands*, by app and rule) that leaves all others where they are.
    """
    rules, problems = _rules(tuple(claims), bands)
    numbers: dict[Key, int] = {}
    for key in sorted(rules, key=lambda key: (_news(rules[key], lock.entries.get(key)), key)):
        rule = rules[key]
        own = lock.entries.get(key)
        if own is not None and rule.keeps(own, numbers):
            numbers[key] = own.priority
        elif fitting := rule.fitting(key, numbers):
            numbers[key] = fitting[0]
        else:
            message = (
                f"there is no priority left for {key[1]} between the rules that have to come "
                "before and after it; give it one of its own, or make routes of some of its paths"
            )
            problems.append(Problem(rule.file, 0, 0, key[1], message))
    entries = {
        key: Entry(*key, number, rules[key].matches) for key, number in sorted(numbers.items())
    }
    return _compared(entries, lock), problems


def _news(rule: _Rule, own: Entry | None) -> int:
    """Who chooses first: what is as it was, then what was changed, then what is new."""
    if own is None:
        return 2
    return int(own.matches != rule.matches)


def _of(keys: set[Key], numbers: Mapping[Key, int]) -> set[int]:
    return {numbers[key] for key in keys if key in numbers}


def _rules(
    claims: Sequence[Claim], bands: Mapping[Key, range]
) -> tuple[dict[Key, _Rule], list[Problem]]:
    rules: dict[Key, _Rule] = {}
    problems: list[Problem] = []
    by_listener: dict[str, list[Claim]] = defaultdict(list)
    for one in claims:
        by_listener[one.listener].append(one)
        if one.waits and one.key not in rules:
            rules[one.key] = _Rule(one.file, one.matches, bands[one.key])
        elif one.waits and rules[one.key].matches != one.matches:
            message = (
                f"it matches {one.matches} in {one.environment}, and not "
                f"{rules[one.key].matches}: with one number for all environments it has to match "
                "the same; give it one of its own in environment.yaml"
            )
            problems.append(Problem(one.file, 0, 0, one.rule, message))
    for group in by_listener.values():
        for one, other in combinations(group, 2):
            if one.key != other.key:
                _relate(rules.get(one.key), one, other)
                _relate(rules.get(other.key), other, one)
    return rules, problems


def _relate(rule: _Rule | None, own: Claim, other: Claim) -> None:
    """Note in *rule* what *other*, on the same listener, means for its number."""
    if rule is None:
        return
    first, last = own.hides(other), other.hides(own)
    if other.waits:
        rule.beside.add(other.key)
        if first:
            rule.before.add(other.key)
        if last:
            rule.after.add(other.key)
    elif other.priority is not None:
        rule.taken.add(other.priority)
        if first:
            rule.above.add(other.priority)
        if last:
            rule.below.add(other.priority)


def _compared(entries: Mapping[Key, Entry], lock: Lock) -> Allotted:
    moved = tuple(
        (before, entries[key])
        for key, before in sorted(lock.entries.items())
        if key in entries and entries[key] != before
    )
    return Allotted(
        tuple(entries.values()),
        tuple(one for key, one in entries.items() if key not in lock.entries),
        moved,
        tuple(one for key, one in sorted(lock.entries.items()) if key not in entries),
    )
