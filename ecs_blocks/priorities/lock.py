"""``stacks/priorities.lock``: the numbers of rules on shared listeners, committed.

One line for each rule, in the order of app and rule, with no column that a longer name would move:
two branches that add an app each merge without a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.errors import Problem
from ecs_blocks.priorities.bands import LAST, described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME: Final = "priorities.lock"
VERB: Final = "ecs-blocks priorities"
LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
PENDING: Final[Mapping[str, Any]] = {"Fn::EcsBlocksPriority": NAME}
"""What stands for a priority that the lock file gives, until a render puts it in."""

_HEAD: Final = f"""\
# Priorities of rules on shared listeners: app, rule, priority, what it matches.
# `{VERB}` writes this file; commit it.
# After a merge conflict keep the lines of both sides, and run it again.
"""
_LINE: Final = re.compile(r"([a-z0-9-]+) ([A-Za-z0-9]+) ([0-9]+) (\S.*)")


class Entry(Struct, frozen=True, order=True):
    """One line: the rule *rule* (its logical id) of *app* has *priority*, while it *matches*."""

    app: str
    rule: str
    priority: int
    matches: str

    def __str__(self) -> str:
        return f"{self.app} {self.rule} {self.priority} {self.matches}"


class Lock(Struct, frozen=True):
    """The lock file as it was read.

    Attributes:
        file: its name in messages.
        entries: its lines, by app and rule.
        lines: the number of each of these lines, counted from 1.
    """

    file: str
    entries: Mapping[tuple[str, str], Entry]
    lines: Mapping[tuple[str, str], int] = {}

    def place(self, key: tuple[str, str], priority: int | None) -> str:
        """Where it gives *priority* to the rule *key*; empty where it does not."""
        entry = self.entries.get(key)
        if entry is None or entry.priority != priority:
            return ""
        return f"{self.file}:{self.lines[key]}" if key in self.lines else self.file


def read_lock(path: Path, file: str) -> tuple[Lock, list[Problem]]:
    """Read the lock file at *path*; where there is none, nothing is allotted yet."""
    if not path.is_file():
        return Lock(file, {}), []
    found: dict[tuple[str, str], Entry] = {}
    lines: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _entry(line)
        message = ""
        if entry is None:
            message = f"expected app, rule, priority and what it matches; run {VERB}"
            if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
                message = f"a merge conflict; keep the lines of both sides, then run {VERB}"
        elif (entry.app, entry.rule) in found:
            message = f"{entry.rule} of {entry.app} stands in the file twice; remove one line"
        if entry is None or message:
            problems.append(Problem(file, number, 1, "", message))
        else:
            found[entry.app, entry.rule] = entry
            lines[entry.app, entry.rule] = number
    return Lock(file, found, lines), problems


def _entry(line: str) -> Entry | None:
    parts = _LINE.fullmatch(line.rstrip())
    if parts is None or not 1 <= int(parts[3]) <= LAST:
        return None
    return Entry(parts[1], parts[2], int(parts[3]), parts[4])


def written(entries: Iterable[Entry]) -> str:
    """The lock file's text."""
    return _HEAD + "".join(f"{entry}\n" for entry in sorted(entries))


def pending(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rules of a template that wait for a number of the lock file, by their logical ids."""
    for rule, resource in template.get("Resources", {}).items():
        if resource["Type"] == LISTENER_RULE:
            properties = resource["Properties"]
            if properties.get("Priority") == PENDING:
                yield rule, properties


def put_in(template: Mapping[str, Any], app: str, lock: Lock) -> list[Problem]:
    """Give the rules of *app*'s template their numbers; what the lock does not know is listed."""
    problems = []
    for rule, properties in pending(template):
        matches = described(properties["Conditions"])
        entry = lock.entries.get((app, rule))
        if entry is not None and entry.matches == matches:
            properties["Priority"] = entry.priority
            continue
        message = f"{rule} of {app} has no priority yet"
        if entry is not None:
            message = f"{rule} of {app} matches {matches} now, and not {entry.matches}"
        problems.append(Problem(lock.file, 0, 0, "", f"{message}; run {VERB}"))
    return problems
