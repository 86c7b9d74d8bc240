"""A review for a terminal or a log, as lines without a width: who prints them wraps them."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.review.impact.phrases import count
from ecs_blocks.review.model import Action, Replacement, Reversal, Status, Weight
from ecs_blocks.review.show.words import (
    MEANING,
    by_weight,
    is_tight,
    name_of,
    parameter_values,
    property_values,
    reasons,
    tally,
    unchanged,
    used,
    verdict,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.review.model import (
        Consequence,
        EnvironmentsSideBySide,
        PropertyChange,
        ResourceChange,
        Review,
        StackReview,
    )

MAX_RESOURCES: Final = 12
"""So many resources of a stack are shown; calm ones go first."""
MAX_PROPERTIES: Final = 5
"""So many properties of a resource."""
MAX_NAME: Final = 30
"""Columns that the names of stacks take in the summary, as long as they fit."""
SIGNS: Final = {Weight.APPROVAL: "!!", Weight.NOTICE: "! ", Weight.CALM: "· "}
_ACTIONS: Final = {Action.ADD: "+", Action.MODIFY: "~", Action.REMOVE: "-"}


class Tone(enum.Enum):
    """How a line is to be painted where colours are; nothing is told by colour alone."""

    PLAIN = "plain"
    TITLE = "title"
    ALARM = "alarm"
    NOTICE = "notice"
    FAINT = "faint"


TONES: Final = {
    Weight.APPROVAL: Tone.ALARM,
    Weight.NOTICE: Tone.NOTICE,
    Weight.CALM: Tone.PLAIN,
}


class Line(Struct, frozen=True):
    """A line: where *text* is wrapped, what follows stands below the beginning of the text.

    ``sign`` stands before it, ``tail`` at the end of it or on the next line.
    """

    text: str = ""
    indent: int = 0
    sign: str = ""
    tone: Tone = Tone.PLAIN
    tail: str = ""


def lines(review: Review) -> Iterator[Line]:
    """All that a reader needs, the summary first.

    With stacks it is what changes; without, how the environments differ.
    """
    if review.base:
        yield Line(f"{review.base} → {review.head}", tone=Tone.FAINT)
    for note in review.notes:
        yield Line(note, sign="note:", tone=Tone.FAINT)
    if not review.stacks:
        for one in review.environments:
            yield Line()
            yield from _beside(one)
        return
    yield Line()
    yield Line(tally(review), tone=Tone.TITLE)
    changed = by_weight(review.stacks)
    wide = max((len(name_of(stack)) for stack in changed), default=0)
    for stack in changed:
        name = name_of(stack).ljust(min(wide, MAX_NAME))
        yield Line(stack.headline, sign=f"{SIGNS[stack.weight]} {name}", tone=TONES[stack.weight])
    if still := unchanged(review.stacks):
        yield Line(f"unchanged: {still}", sign="  ", tone=Tone.FAINT)
    told: dict[str, dict[str, list[Line]]] = {}
    asked: dict[tuple[str, ...], str] = {}
    for stack in changed:
        yield Line()
        above = told.setdefault(stack.app, {})
        resources = list(_resources(stack.changes))
        like = next((name for name, one in above.items() if resources == one), None)
        if like is not None and len(resources) > 1:
            resources = [Line(f"the resources change as in {like}, above", indent=2, sign="~")]
        else:
            above[name_of(stack)] = resources
        first = asked.setdefault(stack.unknowns, name_of(stack))
        is_told = first != name_of(stack) and len(stack.unknowns) > 1
        unknowns = (f"the same as in {first}, above",) if is_told else stack.unknowns
        yield from _stack(structs.replace(stack, unknowns=unknowns), resources)


def _stack(stack: StackReview, resources: Sequence[Line]) -> Iterator[Line]:
    title = f"{name_of(stack)} ({stack.stack_name}), {stack.status}: {MEANING[stack.weight]}"
    yield Line(title, tone=Tone.TITLE)
    for consequence in stack.consequences:
        yield from _consequence(consequence)
    yield from resources
    told = {cause.name for one in stack.consequences for cause in one.causes}
    rest = [one for one in stack.parameters if one.name not in told]
    # Of a new stack every value is new, and nothing is to be compared.
    shown = 0 if stack.status is Status.NEW else MAX_RESOURCES
    for one in rest[:shown]:
        text = f"{one.name}: {parameter_values(one)}"
        yield Line(text, indent=2, sign="=", tail=one.place)
    yield from _more(len(rest) - shown, "parameter", indent=4) if shown else _new(stack)
    for output in stack.outputs[:shown]:
        text = f"output {output.path}: {property_values(output)}"
        yield Line(text, indent=2, sign="~")
    yield from _more(len(stack.outputs) - shown, "output", indent=4) if shown else ()
    for fact in stack.facts:
        yield Line(fact, indent=2, sign="i", tone=Tone.FAINT)
    for unknown in stack.unknowns:
        yield Line(f"not known: {unknown}", indent=2, sign="?")
    for headroom in filter(is_tight, stack.headroom):
        yield Line(used(headroom), indent=2, sign="#")
    if stack.rollback is not None:
        calm = stack.rollback.reversal is Reversal.REVERSIBLE
        tone = Tone.PLAIN if calm else Tone.NOTICE
        yield Line(f"a later rollback: {stack.rollback.reversal}", indent=2, sign="<", tone=tone)
        for reason in stack.rollback.reasons:
            yield Line(reason, indent=4)


def _new(stack: StackReview) -> Iterator[Line]:
    numbers = ((len(stack.parameters), "parameter"), (len(stack.outputs), "output"))
    words = " and ".join(count(number, noun) for number, noun in numbers if number)
    if words:
        text = f"{words}, all new; --format html or json shows them"
        yield Line(text, indent=2, sign="=", tone=Tone.FAINT)


def _consequence(consequence: Consequence) -> Iterator[Line]:
    weight = consequence.weight
    yield Line(consequence.text, indent=2, sign=SIGNS[weight], tone=TONES[weight])
    for detail in consequence.details[:MAX_RESOURCES]:
        yield Line(detail, indent=5)
    yield from _more(len(consequence.details) - MAX_RESOURCES, "detail", indent=5)
    for reason in reasons(consequence.causes, whole(consequence)):
        yield Line(reason, indent=5, tone=Tone.FAINT)


def _resources(changes: Sequence[ResourceChange]) -> Iterator[Line]:
    real = [one for one in changes if not one.is_noise]
    noise = [one for one in changes if one.is_noise]
    if all(one.action is Action.ADD for one in real) and len(real) > MAX_RESOURCES:
        yield Line(f"{count(len(real), 'resource')} are added", indent=2, sign="+")
        real = []
    shown = sorted(real, key=_concern)[:MAX_RESOURCES]
    for change in shown:
        text = f"{change.logical_id} ({change.type}) {verdict(change)}"
        yield Line(text, indent=2, sign=_ACTIONS[change.action], tail=change.line)
        if change.action is Action.MODIFY:
            yield from _properties(change.properties)
    yield from _more(len(real) - len(shown), "resource", indent=4)
    if noise:
        names = count(len(noise), "resource") if len(noise) > 1 else noise[0].logical_id
        text = f"{names} with nothing but other tags, order, metadata or policies"
        yield Line(text, indent=2, sign="~", tone=Tone.FAINT)


def _concern(change: ResourceChange) -> int:
    if change.action is Action.REMOVE:
        return 0
    return 1 if change.replacement is not Replacement.NO else 2


def _properties(properties: Sequence[PropertyChange]) -> Iterator[Line]:
    real = [one for one in properties if one.noise is None]
    for one in real[:MAX_PROPERTIES]:
        yield Line(f"{one.path}: {property_values(one)}", indent=6)
    yield from _more(len(real) - MAX_PROPERTIES, "property", indent=6)


def _more(number: int, noun: str, *, indent: int) -> Iterator[Line]:
    if number > 0:
        text = f"and {count(number, f'more {noun}')}; --format html or json shows all"
        yield Line(text, indent=indent, tone=Tone.FAINT)


def _beside(one: EnvironmentsSideBySide) -> Iterator[Line]:
    names = list(one.parameters[0].values) if one.parameters else []
    different = [row for row in one.parameters if row.differs]
    same = len(one.parameters) - len(different)
    yield Line(f"{one.app}: {', '.join(names)} beside each other", tone=Tone.TITLE)
    for row in different:
        yield Line(row.name, indent=2, sign="~")
        wide = max(map(len, names))
        for name in names:
            value = row.values.get(name)
            shown = "not declared" if value is None else value or '""'
            yield Line(shown, indent=6, sign=f"{name}:".ljust(wide + 1))
    if same:
        verb = "has" if same == 1 else "have"
        text = f"{count(same, 'parameter')} {verb} the same value in all"
        yield Line(text, indent=2, sign="=")
    for sentence in one.resources:
        yield Line(sentence, indent=2, sign="~")
    if not one.resources:
        yield Line("the template is the same in all", indent=2, sign="=")
