"""Who claims what on a listener that several stacks share, as each environment would have it."""

from __future__ import annotations

import json
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.errors import Problem
from ecs_blocks.priorities.bands import FIRST, LAST, PLACES, described, values_of
from ecs_blocks.priorities.lock import LISTENER_RULE, PENDING, VERB
from ecs_blocks.priorities.patterns import covers, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

EVERYTHING: Final = "*"


class Claim(Struct, frozen=True):
    """One rule on a shared listener, in one environment, with its values.

    Attributes:
        app: whose it is.
        rule: its logical id.
        environment: where.
        file: the script that makes it, in messages.
        listener: tells the listener from all others.
        priority: None where it is not known yet.
        hosts: names and patterns, in lower case.
        paths: patterns.
        others: the conditions beside those.
        waits: whether the lock file gives its number.
        matches: its conditions in one line, the same in all environments.
        locked: the place in the lock file that gives it its number; empty where none does.
        typed: file, line, column and path of the value that is its number, where that is known.
    """

    app: str
    rule: str
    environment: str
    file: str
    listener: str
    priority: int | None
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    others: frozenset[str]
    waits: bool
    matches: str
    locked: str = ""
    typed: tuple[str, int, int, str] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the lock file knows it by."""
        return self.app, self.rule

    def who(self) -> str:
        """It in a message."""
        return f"{self.rule} of {self.file} in {self.environment}"

    def cells(self) -> Iterator[tuple[str, str]]:
        """Every pair of a host and a path that it claims."""
        return product(self.hosts, self.paths)

    def hides(self, other: Claim) -> bool:
        """Whether it would take something that *other* claims, all of it, if it came first."""
        return self.others <= other.others and any(
            covers(host, h) and covers(path, p)
            for host, path in self.cells()
            for h, p in other.cells()
        )


def has_guests(template: Mapping[str, Any]) -> bool:
    """Whether a template has a rule on a listener that is not its own."""
    resources = template.get("Resources", {})
    for resource in resources.values():
        if resource["Type"] == LISTENER_RULE:
            match resource.get("Properties", {}).get("ListenerArn"):
                case {"Ref": str() as name} if name in resources:
                    continue
                case _:
                    return True
    return False


def claims_of(  # noqa: PLR0917 - what makes an environment
    app: str,
    file: str,
    environment: str,
    template: Mapping[str, Any],
    resolved: Mapping[str, Any],
    lookups: Mapping[str, Mapping[str, Any]],
    account: str,
) -> Iterator[Claim]:
    """The rules that a template puts on listeners of other stacks.

    *resolved* is *template* with the environment's values; *lookups* are the parameters that a
    deploy finds; *account* is the account and region, which a lookup means something else without.
    """
    for rule, resource in resolved["Resources"].items():
        if resource["Type"] != LISTENER_RULE:
            continue
        properties = resource.get("Properties", {})
        listener = _listener(properties.get("ListenerArn"), lookups, account)
        if listener is None:
            continue
        raw = template["Resources"][rule]["Properties"]
        conditions = _listed(properties)
        by_field = {one.get("Field"): values_of(one) for one in conditions}
        hosts, paths = ([text_of(v) for v in by_field.get(field, [])] for field in PLACES)
        others = frozenset(
            json.dumps(one, sort_keys=True) for one in conditions if one.get("Field") not in PLACES
        )
        priority = str(properties.get("Priority"))
        yield Claim(
            app,
            rule,
            environment,
            file,
            listener,
            int(priority) if priority.isdigit() else None,
            tuple(host.lower() for host in hosts) or (EVERYTHING,),
            tuple(paths) or (EVERYTHING,),
            others,
            properties.get("Priority") == PENDING,
            described(_listed(raw)),
        )


def _listed(properties: Mapping[str, Any]) -> list[Any]:
    """The conditions that can be read: those of a user's own rule may be a function."""
    found = properties.get("Conditions")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _listener(value: Any, lookups: Mapping[str, Mapping[str, Any]], account: str) -> str | None:
    """What tells one listener from another; None for one of the stack's own."""
    match value:
        case str():
            return value
        case {"Ref": str() as name} if name in lookups:
            return f"{account} {json.dumps(lookups[name], sort_keys=True)}"
    return None


def clashes(claims: Iterable[Claim]) -> list[Problem]:
    """What cannot stand together: all of it, with the files of both sides."""
    by_listener: dict[str, list[Claim]] = {}
    for one in claims:
        by_listener.setdefault(one.listener, []).append(one)
    problems = []
    for group in by_listener.values():
        for one, other in combinations(sorted(group, key=_order), 2):
            found = _same(one, other) or _taken(one, other, group) or _clash(one, other)
            if found is not None:
                problems.append(found)
    return problems


def _order(claim: Claim) -> tuple[str, str, str]:
    return claim.app, claim.rule, claim.environment


def _same(one: Claim, other: Claim) -> Problem | None:
    both = sorted(set(one.cells()) & set(other.cells()))
    if not both or one.others != other.others:
        return None
    message = f"{_shown(both)} is claimed by {one.who()} too; only the first of them would get it"
    return Problem(other.file, 0, 0, _where(other), message)


def _taken(one: Claim, other: Claim, group: Sequence[Claim]) -> Problem | None:
    """One of them was written with the number that the lock file gives to the other."""
    if one.priority is None or one.priority != other.priority:
        return None
    owner, later = (one, other) if one.locked else (other, one)
    if not owner.locked or later.locked or owner.key == later.key:
        return None
    free = _free(later, [each for each in group if each.key != later.key])
    way = (
        "make routes of some of its paths" if free is None else f"take another one: {free} is free"
    )
    message = f"the priority {later.priority} belongs to {owner.who()}, by {owner.locked}; {way}"
    file, line, column, where = later.typed or (later.file, 0, 0, _where(later))
    return Problem(file, line, column, where, message)


def _free(claim: Claim, others: Sequence[Claim]) -> int | None:
    """The number nearest to its own that is free beside *others*, and in the right order."""
    known = [(one, one.priority) for one in others if one.priority is not None]
    low = max((number for one, number in known if claim.hides(one)), default=FIRST - 1)
    high = min((number for one, number in known if one.hides(claim)), default=LAST + 1)
    free = set(range(low + 1, high)) - {number for _, number in known}
    wanted = claim.priority or FIRST
    return min(free, key=lambda number: (abs(number - wanted), -number), default=None)


def _where(claim: Claim) -> str:
    return f"{claim.rule} in {claim.environment}"


def _clash(one: Claim, other: Claim) -> Problem | None:
    if one.priority is None or other.priority is None:
        return None
    if one.priority == other.priority:
        way = f"run {VERB}" if one.locked else "give one of them another number"
        if one.key == other.key:
            way = "they share a listener: let environment.yaml give the rule a number in each"
        message = f"the priority {one.priority} is also that of {one.who()}; {way}"
    else:
        message = _hidden(one, other)
    return Problem(other.file, 0, 0, _where(other), message) if message else None


def _hidden(one: Claim, other: Claim) -> str:
    first, second = sorted((one, other), key=lambda claim: claim.priority or 0)
    if not first.hides(second):
        return ""
    way = "the narrower one has to come first"
    if second.hides(first):
        way = "in no order do both get theirs: make routes of their own of some paths"
    return (
        f"{first.who()} has the priority {first.priority} and takes what is meant for "
        f"{second.who()} with {second.priority}; {way}"
    )


def _shown(cells: Sequence[tuple[str, str]]) -> str:
    host, path = cells[0]
    where = "every host" if host == EVERYTHING else host
    what = "" if path == EVERYTHING else path
    return f"{where} {what}".strip() if host == EVERYTHING else f"{where}{what}"
