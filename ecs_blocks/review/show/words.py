"""What text and markdown say alike: weights, verdicts, causes, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.impact.phrases import count, listed, spoken
from ecs_blocks.review.model import Action, Fate, Replacement, Status, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ecs_blocks.review.model import (
        Cause,
        Headroom,
        ParameterChange,
        PropertyChange,
        ResourceChange,
        Review,
        StackReview,
    )

WEIGHTS: Final = (Weight.APPROVAL, Weight.NOTICE, Weight.CALM)
"""The heaviest first."""
MEANING: Final = {
    Weight.APPROVAL: "needs approval",
    Weight.NOTICE: "read it",
    Weight.CALM: "calm",
}
LONG: Final = 80
"""Characters of a value that are shown."""
_CONTEXT: Final = 20
TIGHT: Final = 0.5
"""Of a limit, the share from which on it is shown."""
_NOISE: Final = "only tags, order, metadata or policies"
_REVISIONS: Final = "AWS::ECS::TaskDefinition"
"""Replaced with every deploy, and nothing is lost by it."""
_REPLACED: Final = {
    Replacement.YES: "is replaced",
    Replacement.MAYBE: "may be replaced, decided during deploy",
    Replacement.NO: "changes",
}
_FATE: Final = {
    Fate.DELETED: "the old one is deleted",
    Fate.RETAINED: "the old one is kept, outside of the stack",
    Fate.SNAPSHOT: "the old one is deleted after a snapshot",
}


def by_weight(stacks: Sequence[StackReview]) -> list[StackReview]:
    """Those that change or have something to say, the weightiest first."""
    changed = [one for one in stacks if is_told(one)]
    return sorted(changed, key=lambda one: WEIGHTS.index(one.weight))


def is_told(stack: StackReview) -> bool:
    """Whether a stack has a part of its own: it changes, or something stands against its deploy."""
    return stack.status is not Status.UNCHANGED or bool(stack.consequences)


def unchanged(stacks: Sequence[StackReview]) -> str:
    """The stacks that do not change, in one line: ``cluster (dev, stg, prod), hoge (dev)``."""
    apps: dict[str, list[str]] = {}
    for one in stacks:
        if not is_told(one):
            apps.setdefault(one.app, []).append(one.environment)
    return ", ".join(f"{app} ({', '.join(names)})" for app, names in apps.items())


def tally(review: Review) -> str:
    """How many stacks there are of each weight: ``3 stacks: 1 needs approval, 2 unchanged``."""
    changed = by_weight(review.stacks)
    numbers = {weight: sum(one.weight is weight for one in changed) for weight in WEIGHTS}
    approval = "needs approval" if numbers[Weight.APPROVAL] == 1 else "need approval"
    words = {Weight.APPROVAL: approval, Weight.NOTICE: "to read", Weight.CALM: "calm"}
    parts = [f"{number} {words[weight]}" for weight, number in numbers.items() if number]
    still = len(review.stacks) - len(changed)
    parts += [f"{still} unchanged"] if still else []
    return f"{count(len(review.stacks), 'stack')}: {', '.join(parts)}" if parts else "no stacks"


def verdict(change: ResourceChange) -> str:
    """What becomes of a resource: ``is replaced; the old one is deleted``."""
    if change.action is Action.ADD:
        return "is added"
    if change.action is Action.REMOVE:
        old = {Fate.RETAINED: "is kept, outside of the stack", Fate.SNAPSHOT: str(Fate.SNAPSHOT)}
        fate = old.get(change.fate, "") if change.fate else ""
        return f"leaves the stack and is {fate.removeprefix('is ') or 'deleted'}"
    if change.is_noise:
        return f"changes: {_NOISE}"
    if change.type == _REVISIONS and change.replacement == "yes":
        return "gets a new revision"
    fate = f"; {_FATE[change.fate]}" if change.fate and change.replacement != "no" else ""
    return f"{_REPLACED[change.replacement]}{fate}"


def reasons(causes: Iterable[Cause]) -> list[str]:
    """Why, each reason once: ``because ImageTag 1.8.2 → 1.8.3 (stacks/hoge/environment.yaml:12)``.

    Resources that one line of a script makes change for one reason: that line.
    """
    return list(dict.fromkeys(map(_because, causes)))


def _because(cause: Cause) -> str:
    place = f" ({cause.place})" if cause.place else ""
    values = f" {cause.before or 'unset'} → {cause.after or 'unset'}"
    values = values if cause.before or cause.after else ""
    match cause.kind:
        case "parameter" | "lookup":
            return f"because {cause.name}{values or ' changes'}{place}"
        case "resource":
            return f"because {cause.name} changes{place}"
        case "tags":
            return f"because the stack's tags change{place}"
    return f"because the template changes{place}"


def property_values(change: PropertyChange, quoted: Callable[[str], str] = str) -> str:
    """``1 → 2``, each value *quoted*; of a hidden one, and of a reference, only that it changes."""
    if change.hidden:
        return "changes; its value is hidden"
    before, after = (None if v is None else spoken(v) for v in _apart(change.before, change.after))
    if before is not None and before == after:
        names = listed(cause.name for cause in change.causes if cause.kind == "resource")
        return f"{quoted(before)}, which changes" if not names else f"follows {names}"
    before, after = ("unset" if one is None else quoted(one or '""') for one in (before, after))
    return f"{before} → {after}"


def _apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Two long texts from shortly before the place where they part, so that it is seen."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    same = next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))
    if max(len(before), len(after)) <= LONG or same <= _CONTEXT:
        return before, after
    start = same - _CONTEXT
    return f"…{before[start:]}", f"…{after[start:]}"


def parameter_values(change: ParameterChange, quoted: Callable[[str], str] = str) -> str:
    """``1 → 2``, each value *quoted*; of a hidden one only that it changes."""
    if change.hidden:
        return "changes; its value is hidden"
    sides = (change.before, change.after)
    before, after = ("unset" if one is None else quoted(one or '""') for one in sides)
    return f"{before} → {after}"


def is_tight(headroom: Headroom) -> bool:
    """Whether so much of a limit is used that one should know."""
    return headroom.used > TIGHT * headroom.limit


def used(headroom: Headroom) -> str:
    """``template bytes: 38,112 of 51,200 (74 %, before 37,900)``."""
    share = round(100 * headroom.used / headroom.limit) if headroom.limit else 100
    before = f", before {headroom.before:,}" if headroom.before != headroom.used else ""
    return f"{headroom.name}: {headroom.used:,} of {headroom.limit:,} ({share} %{before})"
