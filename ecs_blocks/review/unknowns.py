"""What could not be known, and what would tell: one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.views.tasks import TASK_DEFINITION
from ecs_blocks.review.difference.seen import LOOP
from ecs_blocks.review.difference.spelling import SSM
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.model import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecs_blocks.review.difference.seen import Seen
    from ecs_blocks.review.model import ResourceChange


def unknowns(new: Seen, changes: Iterable[ResourceChange]) -> Iterator[str]:
    """What the review of a stack could not know; *new* is what will be deployed."""
    yield from _of_replacements(changes)
    yield from _of_conditions(new)
    yield from _of_transforms(new)
    if new.side is not None and new.side.lookups:
        names = sorted(new.side.lookups)
        one, it = ("value", "it is") if len(names) == 1 else ("values", "they are")
        yield f"the {one} of {listed(names)}: {it} looked up when it is deployed"
    stored = sorted({name for one in new.resources.values() for name in _stored(one.properties)})
    if stored:
        hold = "parameter {} holds" if len(stored) == 1 else "parameters {} hold"
        yield f"what the SSM {hold.format(listed(stored))}: it is read during the deploy"
    for name, member in new.resources.items():
        if member.type == "AWS::CloudFormation::Stack":
            yield f"what changes inside the nested stack {name}: its template is not here"


def _of_replacements(changes: Iterable[ResourceChange]) -> Iterator[str]:
    """One for each that may be replaced; what only follows another one is told with that."""
    open_ones = {one.logical_id: one for one in changes if one.replacement is Replacement.MAYBE}
    behind = {name: _behind(one) & open_ones.keys() for name, one in open_ones.items()}
    for name, one in open_ones.items():
        if behind[name]:
            continue
        followers = _followers(name, behind)
        also = f" (and {listed(followers)} with it)" if followers else ""
        done = "gets a new revision" if one.type == TASK_DEFINITION else "is replaced"
        yield f"whether {name}{also} {done}: {one.why}"


def _behind(one: ResourceChange) -> set[str]:
    """What decides whether *one* is replaced, where that is nothing of its own."""
    causes = [
        cause
        for row in one.properties
        if row.replacement is Replacement.MAYBE
        for cause in row.causes
    ]
    only_others = all(cause.kind == "resource" for cause in causes)
    return {cause.name for cause in causes} if only_others else set()


def _followers(name: str, behind: Mapping[str, set[str]]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        more = [one for one, others in behind.items() if current in others and one not in found]
        found |= dict.fromkeys(more)
        waiting += more
    return list(found)


def _of_conditions(new: Seen) -> Iterator[str]:
    """Resources that are there or not: only what keeps its condition is undecided."""
    is_open = new.side.open_conditions() if new.side is not None else frozenset()
    found: dict[str, list[str]] = {}
    for name, member in new.resources.items():
        condition = member.resolved.get("Condition") if isinstance(member.resolved, dict) else None
        if isinstance(condition, str) and condition in is_open:
            found.setdefault(condition, []).append(name)
    for condition, names in found.items():
        yield f"whether {listed(names)} will be there: the condition {condition} is still open"


def _of_transforms(new: Seen) -> Iterator[str]:
    given = new.template.get("Transform")
    for one in given if isinstance(given, list) else [given] if given else []:
        name = one.get("Name", one) if isinstance(one, dict) else one
        yield f"what the transform {name} makes of the template"
    for name, member in new.resources.items():
        if member.type == LOOP:
            yield f"what {name} makes: CloudFormation runs the loop when it is deployed"


def _stored(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get(SSM)
        if isinstance(name, str):
            yield name
        for item in value.values():
            yield from _stored(item)
    elif isinstance(value, list):
        for item in value:
            yield from _stored(item)
