"""What a deploy would do, for a person to approve: what is lost stands first, and loud.

A new revision of a task definition is a replacement in CloudFormation's words and happens with
every deploy: it stands last, and calm.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.changes import (
    CALM_TYPES,
    Change,
    ParameterChange,
    PropertyChange,
)
from ecs_blocks.deploy.show.line import Line, Paper, Span, ansi, fitted, paragraph, plain, safe
from ecs_blocks.deploy.show.masking import HIDDEN, shown
from ecs_blocks.deploy.show.safe_text import width
from ecs_blocks.deploy.show.words import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LATER: Final = "decided during deploy"
_KNOWN_LATER: Final = "{{changeSet:KNOWN_AFTER_APPLY}}"
_NOT_TOLD: Final = "(not told)"
_SERVICE: Final = "AWS::ECS::Service"


class Group(enum.Enum):
    """The parts of the view in their order, by what the summary counts."""

    REPLACED = "replaced"
    REMOVED = "removed"
    UNDECIDED = LATER
    ADDED = "added"
    IMPORTED = "taken over"
    CHANGED = "changed"
    REVISION = "new revision"
    ROLLOUT = "rollout"
    FOLLOWER = "unchanged in the end"

    @property
    def is_loud(self) -> bool:
        """Whether it is something that a person has to know before it happens."""
        return self in (Group.REPLACED, Group.REMOVED, Group.UNDECIDED)


_HEADINGS: Final = {
    "!! REPLACED": (Group.REPLACED,),
    "!! REMOVED": (Group.REMOVED,),
    "!! DECIDED DURING DEPLOY": (Group.UNDECIDED,),
    "+ ADDED": (Group.ADDED, Group.IMPORTED),
    "~ CHANGED": (Group.CHANGED,),
    "AS WITH EVERY DEPLOY": (Group.REVISION, Group.ROLLOUT, Group.FOLLOWER),
}
_CALM: Final = (
    *(Group.CHANGED, Group.ADDED, Group.IMPORTED),
    *(Group.REVISION, Group.ROLLOUT, Group.FOLLOWER),
)


class Verdict(Struct, frozen=True):
    """What happens to one resource, in words."""

    group: Group
    text: str


_REPLACED: Final = {
    "": "a new one is made, the old one is deleted",
    "ReplaceAndDelete": "a new one is made, the old one is deleted",
    "ReplaceAndRetain": "a new one is made, the old one stays in AWS outside the stack",
    "ReplaceAndSnapshot": "a new one is made, the old one is deleted after a snapshot",
}
_REMOVED: Final = {
    "": "is deleted",
    "Delete": "is deleted",
    "Retain": "leaves the stack and stays in AWS",
    "Snapshot": "is deleted after a snapshot",
}
_ACTIONS: Final = {
    "Add": Verdict(Group.ADDED, "is created"),
    "Import": Verdict(Group.IMPORTED, "exists already, and becomes part of the stack"),
    "Dynamic": Verdict(Group.UNDECIDED, f"what happens to it is {LATER}"),
    "SyncWithActual": Verdict(Group.CHANGED, "stays as it is; CloudFormation takes note of it"),
}
_SCOPES: Final[dict[tuple[str, ...], str]] = {
    ("Tags",): "only its tags change",
    ("Metadata",): "only its metadata in the template changes",
    ("DeletionPolicy",): "only its deletion policy changes",
    ("UpdateReplacePolicy",): "only its replacement policy changes",
}


def verdict(change: Change) -> Verdict:
    """What happens to a resource; an action that is not known is told in CloudFormation's word."""
    if change.action == "Remove":
        text = _REMOVED.get(change.policy_action, f"is removed ({change.policy_action})")
        return Verdict(Group.REMOVED, text)
    if change.action == "Modify":
        return _modified(change)
    unknown = Verdict(Group.UNDECIDED, f"{change.action}: not known to this version of ecs_blocks")
    return _ACTIONS.get(change.action, unknown)


def _modified(change: Change) -> Verdict:
    if change.follows:
        return Verdict(Group.FOLLOWER, f"stays, like {', '.join(change.follows)}, which it takes")
    if change.replacement in ("", "False"):
        if change.type == _SERVICE and _only_takes_the_revision(change):
            return Verdict(Group.ROLLOUT, "rolls out the new revision")
        return Verdict(Group.CHANGED, _SCOPES.get(change.scope, "is changed"))
    if change.type in CALM_TYPES:
        return Verdict(Group.REVISION, "new revision")
    if change.replacement == "True":
        other = f"a new one is made ({change.policy_action})"
        return Verdict(Group.REPLACED, _REPLACED.get(change.policy_action, other))
    if change.replacement == "Conditional":
        return Verdict(Group.UNDECIDED, f"may be replaced, {LATER}")
    text = f"replacement {change.replacement}: not known to this version of ecs_blocks"
    return Verdict(Group.UNDECIDED, text)


def _only_takes_the_revision(change: Change) -> bool:
    return bool(change.properties) and all(p.path == "TaskDefinition" for p in change.properties)


def summary(changes: Sequence[Change]) -> str:
    """``3 changed, 1 new revision, 1 replaced: HogeLoadBalancer``."""
    found: dict[Group, list[Change]] = {group: [] for group in (*_CALM, *Group)}
    for change in changes:
        found[verdict(change).group].append(change)
    calm, loud = [], []
    for group, those in found.items():
        text = f"{len(those)} {group.value}"
        if those and group.is_loud:
            loud.append(f"{text}: {', '.join(map(_name, those))}")
        elif those:
            is_noun = group in (Group.REVISION, Group.ROLLOUT) and len(those) > 1
            calm.append(f"{text}s" if is_noun else text)
    first = ", ".join([*calm, *loud[:1]])
    return "; ".join([first, *loud[1:]]) or "nothing changes"


def render(
    changes: Sequence[Change],
    parameters: Sequence[ParameterChange] = (),
    *,
    columns: int = 100,
    encoding: str = "utf-8",
    colour: bool = False,
) -> str:
    """The whole view as text, lines of at most *columns*; the summary is its last line.

    *parameters* are those that get other values: they tell what changes where CloudFormation does
    not. *encoding* is the output's. Values of secrets are hidden, foreign texts harmless.
    """
    paper = Paper(max(columns, 20), encoding=encoding)
    written = ansi if colour else plain
    given = {one.key: one for one in parameters}
    return "".join(f"{written(line).rstrip()}\n" for line in _lines(changes, given, paper))


_Given: TypeAlias = "Mapping[str, ParameterChange]"


def _lines(changes: Sequence[Change], given: _Given, paper: Paper) -> Iterator[Line]:
    told = [(change, verdict(change)) for change in changes]
    for heading, groups in _HEADINGS.items():
        found = [one for group in groups for one in told if one[1].group is group]
        if not found:
            continue
        tone = Tone.BAD if groups[0].is_loud else Tone.STRONG
        yield fitted([Span(heading, tone)], paper)
        followers: dict[tuple[str, ...], list[Change]] = {}
        for change, what in found:
            if change.follows:
                followers.setdefault(change.follows, []).append(change)
            else:
                yield from _resource(change, what, given, paper)
        for follows, those in followers.items():
            yield from _staying(follows, those, paper)
        yield ()
    yield from paragraph("", summary(changes), Tone.STRONG, paper)


def _staying(follows: tuple[str, ...], those: Sequence[Change], paper: Paper) -> Iterator[Line]:
    """Resources that only take what stays: one paragraph for all that take the same."""
    names = ", ".join(map(_name, those))
    one = len(those) == 1
    words = "stays, like {}, which it takes" if one else "stay, like {}, which they take"
    text = f"{names}: {words.format(', '.join(follows))}"
    yield from paragraph("   ", text, Tone.PLAIN, paper)


def _name(change: Change) -> str:
    return "/".join((*change.path, change.logical_id))


def _resource(change: Change, what: Verdict, given: _Given, paper: Paper) -> Iterator[Line]:
    tone = Tone.BAD if what.group.is_loud else Tone.PLAIN
    yield from paragraph("   ", f"{_name(change)} ({change.type}): {what.text}", tone, paper)
    if what.group.is_loud and change.physical_id:
        now = change.physical_id.rpartition(":")[2] or change.physical_id
        yield fitted([Span(f"      now: {now}", Tone.QUIET)], paper)
    for one in change.properties:
        causes = _parameters_of(one, given)
        if causes:
            yield from _by_parameters(one, what, causes, paper)
        else:
            yield from _property(one, what, paper)


def _parameters_of(one: PropertyChange, given: _Given) -> list[ParameterChange]:
    """The parameters whose values tell the change of a property, where its own are not told."""
    if one.before is not None or one.after is not None:
        return []
    causes = [cause.removeprefix("parameter ") for cause in one.cause.split(", ")]
    return [given[cause] for cause in causes if cause in given]


def _by_parameters(
    one: PropertyChange, what: Verdict, causes: Sequence[ParameterChange], paper: Paper
) -> Iterator[Line]:
    """A property of which CloudFormation tells no values: the parameters' values tell it."""
    for number, parameter in enumerate(causes):
        key, before, after = parameter.key, parameter.before, parameter.after
        told = PropertyChange(
            f"{one.path}, by parameter {key}",
            before=HIDDEN if before is None else shown(key, before),
            after=HIDDEN if after is None else shown(key, after),
            recreation="Never" if number else one.recreation,
        )
        yield from _property(told, what, paper)


def _property(one: PropertyChange, what: Verdict, paper: Paper) -> Iterator[Line]:
    before, after = _value(one.path, one.before), _value(one.path, one.after)
    if one.dynamic and one.after is None:
        after = LATER
    notes = []
    if what.group.is_loud and one.recreation != "Never":
        notes.append("replaces it" if one.recreation == "Always" else "may replace it")
    is_told = one.before is not None or one.after is not None
    by_resources = bool(one.cause) and not is_told and "parameter " not in one.cause
    notes += [f"because of {one.cause}"] if one.cause and (one.dynamic or not by_resources) else []
    notes += ["AWS cut the values"] if one.truncated else []
    if not is_told and not one.dynamic:
        how = f"changes with {one.cause}" if by_resources else "changes, AWS does not tell how"
    elif not is_told:
        how = LATER
    elif before == after:
        how = "changes, the value is hidden" if HIDDEN in after else "changes in what is invisible"
    else:
        how = f"{before} → {after}"
    note = f" ({'; '.join(notes)})" if notes else ""
    line = f"      {one.path}: {how}{note}"
    if width(safe(line, paper)) <= paper.columns:
        yield fitted([Span(line)], paper)
    elif "→" not in how:
        yield from paragraph("      ", line, Tone.PLAIN, paper)
    else:
        yield from paragraph("      ", f"{one.path}{note}", Tone.PLAIN, paper)
        values = _around(safe(before, paper), safe(after, paper), paper.columns - 10)
        for sign, text in zip("-+", values, strict=True):
            yield fitted([Span(f"        {sign} {text}")], paper)


def _value(path: str, value: str | None) -> str:
    """A value on one line; two that differ in line breaks look different."""
    if value is None:
        return _NOT_TOLD
    text = shown(path, value).replace(_KNOWN_LATER, LATER)
    return text.replace("\\", "\\\\").replace("\n", "\\n") if "\n" in text else text


def _around(before: str, after: str, room: int) -> tuple[str, str]:
    """Both from shortly before the place where they begin to differ, where all is too long."""
    both = list(zip(before, after, strict=False))
    same = next((n for n, (a, b) in enumerate(both) if a != b), len(both))
    longest = max(len(before), len(after))
    if longest <= room or same < room * 2 // 3:
        return before, after
    start = min(same - room // 3, longest - room + len("..."))
    return f"…{before[start:]}", f"…{after[start:]}"
