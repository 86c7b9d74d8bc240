"""How AWS's texts are read: rules in groups, the first one that matches says what a text means.

``{names}`` in a rule are filled from its pattern's groups and from what is known of the task; what
is not known is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.progress import FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping

UNREACHED: Final = (
    r"i/o timeout|deadline exceeded|request ?cancell?ed|client\.timeout|context cancell?ed|"
    r"connection (?:refused|reset|issue)|no such host|dial tcp|tls handshake|send request failed|"
    r"check your task network"
)
"""How AWS's programs say that they got no answer."""

DENIED: Final = r"access ?denied|not authorized|forbidden|unauthori[sz]ed|not allowed"
"""How they say that they may not."""


class Rule(Struct, frozen=True):
    """One meaning: ``summary`` says what happened, ``hint`` what to do about it."""

    pattern: re.Pattern[str]
    kind: FailureKind
    summary: str
    hint: str


class Group(Struct, frozen=True):
    """Rules that count only where ``pattern`` is found."""

    pattern: re.Pattern[str]
    rules: tuple[Rule, ...]


class Meaning(Struct, frozen=True):
    """What a text means."""

    kind: FailureKind
    summary: str
    hint: str


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def rule(pattern: str, kind: FailureKind, summary: str, hint: str) -> Rule:
    """A rule whose *pattern* takes no notice of case, and to which a line break is a character."""
    return Rule(re.compile(pattern, re.IGNORECASE | re.DOTALL), kind, summary, hint)


def group(pattern: str, *rules: Rule) -> Group:
    """Rules for texts in which *pattern* is found."""
    return Group(re.compile(pattern, re.IGNORECASE), rules)


def way_out(endpoints: str) -> str:
    """What to do where a task cannot reach an AWS service."""
    return (
        f"the task's subnet needs a NAT gateway, or VPC endpoints for {endpoints}, and its "
        "security group egress on 443"
    )


def meaning(text: str, facts: Mapping[str, str], groups: tuple[Group, ...]) -> Meaning | None:
    """What *text* means by the first rule that matches in a group that does, or None."""
    for one in groups:
        if one.pattern.search(text):
            for candidate in one.rules:
                found = candidate.pattern.search(text)
                if found:
                    return filled(candidate, facts, found)
    return None


def filled(one: Rule, facts: Mapping[str, str], found: re.Match[str]) -> Meaning:
    """The rule's sentences with *facts* in them, and with what its pattern has *found*."""
    told = {name: value for name, value in found.groupdict().items() if value}
    known = _Facts({**facts, **told})
    return Meaning(one.kind, one.summary.format_map(known), one.hint.format_map(known))
