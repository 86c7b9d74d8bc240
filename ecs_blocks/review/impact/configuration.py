"""Everything that no other family tells of: property by property, the same change in one line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.impact.deletion import successors_of
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.masking import HIDDEN_CHANGE, shown_change, shown_value
from ecs_blocks.review.impact.phrases import CUT, count, listed, verb
from ecs_blocks.review.impact.subject import real, within
from ecs_blocks.review.model import Action, Noise, Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import PropertyChange

_NOISE: Final = {
    Noise.TAGS: "tags change",
    Noise.ORDER: "only order or wording changes",
    Noise.METADATA: "only metadata changes",
    Noise.POLICY: "only what CloudFormation does on a later change or deletion changes",
}
_KEY: Final = re.compile(r"\[([^\]]+)\]")
_DOT: Final = re.compile(r"\.(?![^\[]*\])")
"""Between the steps of a path; not one within the name of an item."""
_LONG: Final = 45
"""Characters of a path that a sentence shows whole."""
_STEPS: Final = 2
_FEW: Final = 3

_Place = tuple[str, str]
"""A logical id and the path of a property."""


def configuration(subject: Subject, told: Iterable[Finding]) -> Iterator[Finding]:
    """A finding for each property change that *told* does not cover.

    The same change of several resources is one finding, and so are several changes of one; all that
    only takes what another resource gives is one for each such resource.
    """
    same: dict[str, list[_Place]] = {}
    followers: dict[str, list[_Place]] = {}
    heirs = _heirs(subject)
    for place, one in _untold(subject, told):
        if heir := next((new for old, new in heirs.items() if _moves(one, old, new)), ""):
            followers.setdefault(heir, []).append(place)
        elif _follows(one):
            followed = listed(cause.name for cause in one.causes)
            followers.setdefault(followed, []).append(place)
        else:
            same.setdefault(sentence(one), []).append(place)
    alone: dict[str, list[tuple[str, _Place]]] = {}
    for words, places in same.items():
        if len(places) == 1:
            alone.setdefault(places[0][0], []).append((words, places[0]))
        else:
            names = list(dict.fromkeys(name for name, _ in places))
            many = f"{count(len(names), 'resource')} ({listed(names)})"
            who = many if len(names) > 1 else names[0]
            yield _finding(f"{who}: {words}", Weight.NOTICE, places)
    for logical_id, found in alone.items():
        sentences = tuple(words for words, _ in found)
        text = f"{logical_id}: {listed(sentences, _FEW)}"
        details = sentences if len(sentences) > _FEW else ()
        yield _finding(text, Weight.NOTICE, [place for _, place in found], details)
    for followed, places in followers.items():
        yield _following(followed, places)


def _untold(subject: Subject, told: Iterable[Finding]) -> Iterator[tuple[_Place, PropertyChange]]:
    covered: dict[str, list[str]] = {}
    for finding in told:
        for logical_id, path in finding.covers:
            covered.setdefault(logical_id, []).append(path)
    for change in subject.changes:
        paths = covered.get(change.logical_id, ())
        for one in real(change) if change.action is Action.MODIFY else ():
            # A finding about a part covers the whole that the part stands in, as well.
            if not any(within(one.path, path) or within(path, one.path) for path in paths):
                yield (change.logical_id, one.path), one


def _heirs(subject: Subject) -> dict[str, str]:
    """The target groups that go, each with the one that takes its place."""
    found = {
        change.logical_id: successors_of(subject, change)
        for change in subject.changes
        if change.action is Action.REMOVE
    }
    return {old: new[0] for old, new in found.items() if len(new) == 1}


def _moves(change: PropertyChange, old: str, new: str) -> bool:
    """Whether the value is the same but for the resource that it is taken from."""
    sides = [json.dumps(one, sort_keys=True, default=str) for one in (change.before, change.after)]
    name = re.compile(rf"\b{re.escape(old)}\b")
    return sides[0] != sides[1] and name.sub(new, sides[0]) == sides[1]


def _following(followed: str, places: list[_Place]) -> Finding:
    who = list(dict.fromkeys(name for name, _ in places))
    if len(who) == 1:
        ends = dict.fromkeys(_end(path) for _, path in places)
        text = f"{who[0]}: {listed(ends)} {verb(ends, 'follows', 'follow')} {followed}"
        return _finding(text, Weight.CALM, places)
    text = f"{count(len(who), 'resource')} ({listed(who)}) take what {followed} gives"
    # Two paths may end alike: once said is enough.
    details = tuple(dict.fromkeys(f"{name}: {_end(path)}" for name, path in places))
    return _finding(text, Weight.CALM, places, details)


def _finding(
    text: str, weight: Weight, places: list[_Place], details: tuple[str, ...] = ()
) -> Finding:
    return Finding(
        kind="configuration", weight=weight, text=text, details=details, covers=tuple(places)
    )


def sentence(change: PropertyChange) -> str:
    """One property: ``VisibilityTimeout 30 → 60``."""
    path = _end(change.path)
    if change.hidden:
        return f"{path} {HIDDEN_CHANGE}"
    if _follows(change):
        names = listed(dict.fromkeys(one.name for one in change.causes))
        return f"{path} follows {names}"
    last = change.path.rpartition(".")[2]
    keys = _KEY.findall(change.path)
    name = keys[-1] if keys and last in ("Value", keys[-1]) else _KEY.sub("", last)
    if isinstance(change.before, list) and isinstance(change.after, list):
        return f"{path} {_items(name, change.before, change.after)}"
    values = (_value_of(change.before, keys), _value_of(change.after, keys))
    if all(isinstance(one, dict | list) and not is_intrinsic(one) for one in values):
        return f"{path} changes"
    words = shown_change(name, *values)
    # Two texts that are cut before they differ say nothing.
    return f"{path} {'changes' if words.count(CUT) > 1 else words}"


def _end(path: str) -> str:
    """The last two steps of a path that is too long for a sentence; the resources show it all."""
    steps = _DOT.split(path)
    is_short = len(path) <= _LONG or len(steps) <= _STEPS
    return path if is_short else f"…{'.'.join(steps[-_STEPS:])}"


def _value_of(item: Any, keys: list[str]) -> Any:
    """The value of an item that is named by its key in the path; anything else as it is."""
    if keys and isinstance(item, dict) and set(item) in ({"Key", "Value"}, {"Name", "Value"}):
        return item["Value"]
    return item


def _items(name: str, before: list[Any], after: list[Any]) -> str:
    """What is added to a list and taken from it; for lists of anything else, that they change."""
    if any(isinstance(one, dict | list) and not is_intrinsic(one) for one in (*before, *after)):
        return "changes"
    gone = [shown_value(name, one) for one in before if one not in after]
    new = [shown_value(name, one) for one in after if one not in before]
    words = (("without", gone), ("with", new))
    return ", ".join(f"{word} {listed(found)}" for word, found in words if found) or "changes"


def _follows(change: PropertyChange) -> bool:
    """Whether the value only follows another resource, and reads the same on both sides."""
    only = bool(change.causes) and all(one.kind == "resource" for one in change.causes)
    return only and change.before == change.after


def noises(subject: Subject, told: Iterable[Finding]) -> Iterator[Finding]:
    """One calm finding for each kind of difference that does nothing to what runs."""
    covered = {place for finding in told for place in finding.covers}
    for noise, words in _NOISE.items():
        found = [
            (change.logical_id, one.path)
            for change in subject.changes
            if change.is_noise
            for one in change.properties
            if one.noise is noise and (change.logical_id, one.path) not in covered
        ]
        names = list(dict.fromkeys(name for name, _ in found))
        if names:
            who = names[0] if len(names) == 1 else count(len(names), "resource")
            yield Finding(
                kind="configuration",
                weight=Weight.CALM,
                text=f"{who}: {words}",
                details=(listed(names, 20),) if len(names) > 1 else (),
                covers=tuple(found),
            )
