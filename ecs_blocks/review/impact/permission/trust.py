"""Who may take a role on: its trust policy, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import Grant, beyond, grants
from ecs_blocks.review.impact.permission.words import readable, role_name, who
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.impact.subject import Subject

_TRUST: Final = "AssumeRolePolicyDocument"


def trusts(subject: Subject) -> Iterator[Finding]:
    """A finding for each role that others may take on, or may no longer."""
    for role in subject.after.of_type(ROLE):
        before = subject.before.resources.get(role.id)
        documents = [
            one.properties.get(_TRUST) if one is not None else None for one in (before, role)
        ]
        if not differs(*documents):
            continue
        covers = ((role.id, _TRUST),)
        name = role_name(role.id, subject.after)
        try:
            old, new = (grants(one) for one in documents)
        except Unknown:
            yield Finding(
                kind="permission",
                weight=Weight.APPROVAL,
                text=f"{name}: who may take it on changes, and is known during the deploy only",
                covers=covers,
            )
            continue
        for text, weight in _told(name, old, new, fresh=before is None):
            yield Finding(kind="permission", weight=weight, text=text, covers=covers)


def _told(
    name: str, old: list[Grant], new: list[Grant], *, fresh: bool
) -> Iterator[tuple[str, Weight]]:
    won = [one for one in beyond(new, old) if one.allow]
    lost = [one for one in beyond(old, new) if one.allow]
    if fresh:
        # A new role that a service of AWS takes on is what every task has.
        won = [one for one in won if not one.principal.startswith("Service ")]
    known = _tests_by_principal(old)
    freed: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    others: list[Grant] = []
    for one in won:
        before = known.get(one.principal, frozenset())
        if had := before - one.condition:
            key = had, one.condition - before
            freed.setdefault(key, []).append(who(one))
        else:
            others.append(one)
    for (had, now), some in freed.items():
        yield _freed(name, listed(some), sorted(had), sorted(now)), Weight.APPROVAL
    for someone in _by_principal(others):
        yield f"{name} may now be taken on by {someone}", Weight.APPROVAL
    gone = {who(one) for one in lost} - {who(one) for one in new if one.allow}
    if gone:
        yield f"{name} may no longer be taken on by {listed(sorted(gone))}", Weight.NOTICE


def _tests_by_principal(old: list[Grant]) -> dict[str, frozenset[str]]:
    """All the conditions under which each could take the role on."""
    found: dict[str, frozenset[str]] = {}
    for one in old:
        if one.allow:
            found[one.principal] = found.get(one.principal, frozenset()) | one.condition
    return found


def _freed(name: str, someone: str, had: Iterable[str], now: Iterable[str]) -> str:
    """That somebody may take the role on under fewer conditions, or other ones."""
    before, after = (listed(map(readable, one)) for one in (had, now))
    if after:
        return f"{name} may be taken on by {someone} if {after}; before only if {before}"
    return f"{name} may be taken on by {someone} without the condition {before}"


def _by_principal(won: list[Grant]) -> Iterator[str]:
    for someone, condition in dict.fromkeys((who(one), one.condition) for one in won):
        tests = f", if {listed(sorted(map(readable, condition)))}" if condition else ""
        yield f"{someone}{tests}"
