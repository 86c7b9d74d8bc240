"""Who may take a role on: its trust policy, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import Grant, beyond, grants
from ecs_blocks.review.impact.permission.words import principal, readable, role_name
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.impact.subject import Subject

_TRUST = "AssumeRolePolicyDocument"


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
    freed = sorted({test for one in lost for test in one.condition if _lost(test, won)})
    if freed and {one.principal for one in won} <= {one.principal for one in lost}:
        who = listed(principal(one.principal) for one in won)
        tests = listed(map(readable, freed))
        yield f"{name} may be taken on by {who} without the condition {tests}", Weight.APPROVAL
    elif won:
        for one in _by_principal(won):
            yield f"{name} may now be taken on by {one}", Weight.APPROVAL
    gone = {one.principal for one in lost} - {one.principal for one in new if one.allow}
    if gone:
        who = listed(sorted(map(principal, gone)))
        yield f"{name} may no longer be taken on by {who}", Weight.NOTICE


def _lost(test: str, won: Iterable[Grant]) -> bool:
    return all(test not in one.condition for one in won)


def _by_principal(won: list[Grant]) -> Iterator[str]:
    for one in dict.fromkeys((one.principal, one.condition) for one in won):
        who, condition = one
        tests = f", if {listed(sorted(map(readable, condition)))}" if condition else ""
        yield f"{principal(who)}{tests}"
