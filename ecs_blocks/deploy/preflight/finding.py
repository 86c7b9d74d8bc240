"""What a check finds, and what all of them found together."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(enum.StrEnum):
    """What a finding means for the deploy."""

    PROBLEM = "problem"
    """The deploy would fail, or what it deploys would not serve: it is refused."""
    WARNING = "warning"
    FACT = "fact"
    SKIPPED = "skipped"
    """Could not be known, and why."""


class Finding(Struct, frozen=True):
    """One thing that was found out. ``where`` is what it is about, ``hint`` what to do."""

    kind: Kind
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class Gap(Struct, frozen=True):
    """Something that could not be known, and why."""

    why: str


def problem(where: str, message: str, hint: str = "") -> Finding:
    """What stops the deploy."""
    return Finding(Kind.PROBLEM, where, message, hint)


def warning(where: str, message: str, hint: str = "") -> Finding:
    """What a person should know before they approve."""
    return Finding(Kind.WARNING, where, message, hint)


def fact(where: str, message: str) -> Finding:
    """What is as it should be, and worth to be seen."""
    return Finding(Kind.FACT, where, message)


def skipped(where: str, gap: Gap) -> Finding:
    """What was not checked."""
    return Finding(Kind.SKIPPED, where, f"not checked: {gap.why}")


class Report(Struct, frozen=True):
    """All that the pre-flight found, in the order of the checks."""

    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    facts: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Report:
        """Findings by their kind, each once; gaps of one reason become one line."""
        all_of_them = list(dict.fromkeys(findings))
        return cls(
            problems=tuple(one for one in all_of_them if one.kind is Kind.PROBLEM),
            warnings=tuple(one for one in all_of_them if one.kind is Kind.WARNING),
            facts=tuple(one for one in all_of_them if one.kind is Kind.FACT),
            skipped=tuple(_joined(one for one in all_of_them if one.kind is Kind.SKIPPED)),
        )

    def refusal(self, stack_name: str) -> DeployError | None:
        """The error that names every problem, or None where there is none."""
        if not self.problems:
            return None
        lines = [f"  {one}" for one in self.problems]
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        head = f"{stack_name}: {count} would make the deploy fail; nothing was changed"
        hints = dict.fromkeys(one.hint for one in self.problems if one.hint)
        return DeployError(Exit.REJECTED, "\n".join([head, *lines]), "\n  ".join(hints))


def _joined(gaps: Iterable[Finding]) -> Iterator[Finding]:
    by_message: dict[str, list[str]] = {}
    for one in gaps:
        by_message.setdefault(one.message, []).append(one.where)
    for message, places in by_message.items():
        yield Finding(Kind.SKIPPED, ", ".join(dict.fromkeys(places)), message)
