"""What text and markdown say alike: weights, verdicts, causes, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.impact.phrases import CUT, count, listed, spoken, words
from ecs_blocks.review.model import WEIGHTS, Action, Fate, Replacement, Status, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ecs_blocks.review.model import (
        Cause,
        Consequence,
        Headroom,
        ParameterChange,
        PropertyChange,
        ResourceChange,
        Review,
        StackReview,
    )

MEANING: Final = {
    Weight.APPROVAL: "needs approval",
    Weight.NOTICE: "read it",
    Weight.CALM: "calm",
}
LONG: Final = 80
"""Characters of a value that are shown."""
_CONTEXT: Final = 20
_SHORT: Final = 12
"""Characters of a value that may stand in a sentence by chance."""
TIGHT: Final = 0.8
"""Of a limit, the share from which on it is shown."""
_NOISE: Final = "only tags, order, metadata or policies"
_REVISIONS: Final = "AWS::ECS::TaskDefinition"
"""Replaced with every deploy, and nothing is lost by it."""
_REPLACED: Final = {
    Replacement.YES: "is replaced",
    Replacement.MAYBE: "may be replaced, decided during deploy",
    Replacement.NO: "changes",
}
_REVISED: Final = {
    Replacement.YES: "gets a new revision",
    Replacement.MAYBE: "may get a new revision, decided during deploy",
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


def name_of(stack: StackReview) -> str:
    """``hoge/prod``."""
    return f"{stack.app}/{stack.environment}"


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
    called = {Weight.APPROVAL: approval, Weight.NOTICE: "to read", Weight.CALM: "calm"}
    parts = [f"{number} {called[weight]}" for weight, number in numbers.items() if number]
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
    if change.was:
        return f"cannot be made of {change.was}: the deploy fails"
    if change.type == _REVISIONS and change.replacement != "no":
        return _REVISED[change.replacement]
    fate = f"; {_FATE[change.fate]}" if change.fate and change.replacement != "no" else ""
    return f"{_REPLACED[change.replacement]}{fate}"


def lead(stack: StackReview) -> str:
    """The headline, where it stands above the consequences; empty where the first says the same."""
    first = stack.consequences[0].text if stack.consequences else ""
    for text in filter(None, (first, first.partition(": ")[2])):
        if f"{stack.headline};".startswith(f"{text};"):
            return ""
        begin, cut, _ = stack.headline.partition(CUT)
        if cut and begin and text.startswith(begin):
            return ""
    return stack.headline


def whole(consequence: Consequence) -> str:
    """All that a consequence says by itself."""
    return "\n".join((consequence.text, *consequence.details))


def reasons(causes: Iterable[Cause], told: str = "") -> list[str]:
    """Why, each reason once: ``because ImageTag 1.8.2 → 1.8.3 (stacks/hoge/environment.yaml:12)``.

    Resources that one line of a script makes change for one reason: that line. Values that *told*
    says already are not said again.
    """
    return list(dict.fromkeys(filter(None, (_because(one, told) for one in causes))))


def _because(cause: Cause, told: str) -> str:
    place = f" ({cause.place})" if cause.place else ""
    match cause.kind:
        case "parameter" | "lookup":
            values = f"{cause.before or 'unset'} → {cause.after or 'unset'}"
            if values in told or (len(cause.after) > _SHORT and cause.after in told):
                return f"because {cause.name} changes{place}" if place else ""
            values = values if cause.before or cause.after else "changes"
            return f"because {cause.name} {values}{place}"
        case "resource":
            return f"because {cause.name} changes{place}"
        case "tags":
            return f"because the stack's tags change{place}"
    # That the template changes is plain to see; the line that makes it may be news.
    return f"by {cause.place}" if cause.place else ""


def property_values(change: PropertyChange, quoted: Callable[[str], str] = str) -> str:
    """``1 → 2``, each value *quoted*; of a hidden one, and of a reference, only that it changes."""
    if change.hidden:
        return "changes; its value is hidden"
    before, after = (None if v is None else words(v) for v in (change.before, change.after))
    if before is not None and before == after:
        names = listed(cause.name for cause in change.causes if cause.kind == "resource")
        return f"{quoted(spoken(before))}, which changes" if not names else f"follows {names}"
    sides = _apart(before, after)
    before, after = ("unset" if one is None else quoted(spoken(one)) for one in sides)
    return f"{before} → {after}"


def _apart(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Two long texts from shortly before the place where they part, so that it is seen."""
    if before is None or after is None:
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
    is_news = headroom.before not in (0, headroom.used)
    before = f", before {headroom.before:,}" if is_news else ""
    return f"{headroom.name}: {headroom.used:,} of {headroom.limit:,} ({share} %{before})"
