"""What was found, for a person and for a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ecs_blocks.checks.inspector import Subject
from ecs_blocks.checks.model import Severity
from ecs_blocks.checks.run import Finding, NotChecked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.inspector import Inspector


class Reported(Struct, frozen=True):
    """A finding, where it is, and in which environments."""

    file: str
    environments: tuple[str, ...]
    finding: Finding

    @property
    def text(self) -> str:
        """As a person reads it: where, how bad, what, and the two ways out; a line for each.

        What a template says, however many lines it has, is in one of them.
        """
        one = self.finding
        place = ": ".join(
            part
            for part in (
                self.file + (f" ({', '.join(self.environments)})" if self.environments else ""),
                ".".join(part for part in (one.resource, one.property) if part),
            )
            if part
        )
        lines = [_one_line(f"{place}: {one.severity} {one.id}: {one.message}")]
        if one.suppressed:
            lines.append(f"    suppressed: {_one_line(one.suppressed)}")
            return "\n".join(lines)
        if one.fix:
            lines.append(f"    to mend it: {one.fix}")
        return "\n".join(lines)


class Report(Struct, frozen=True):
    """Everything that was found. ``judged`` counts how often a check was asked."""

    found: Sequence[Reported]
    not_checked: Sequence[tuple[Subject, NotChecked]]
    judged: int
    subjects: int

    def count(self, severity: Severity) -> int:
        """How many findings of *severity* are not suppressed."""
        return sum(
            1
            for one in self.found
            if one.finding.severity is severity and not one.finding.suppressed
        )

    def text(self, *, verbose: bool) -> str:
        """For a person: what is to do first, the count last."""
        lines = list(self._lines(verbose=verbose))
        open_ones = [one for one in self.found if not one.finding.suppressed]
        if open_ones:
            example = open_ones[0].finding
            lines += [
                "",
                "A finding that is right as it is can be silenced, with the reason beside it: "
                f'eb.suppress(resource, "{example.id}", reason="…") in stack.py, or in a template '
                f'Metadata: {{ecs_blocks: {{suppress: {{{example.id}: "…"}}}}}}.',
                "",
            ]
        silent = sum(1 for one in self.found if one.finding.suppressed)
        lines.append(
            f"{self.subjects} templates with values, {self.judged} checks: "
            f"{_plural(self.count(Severity.ERROR), 'error')}, "
            f"{_plural(self.count(Severity.WARNING), 'warning')}, {silent} suppressed, "
            f"{len(self.not_checked)} not checked"
            + ("" if verbose or not self.not_checked else " (--verbose lists them)")
        )
        return "\n".join(lines)

    def _lines(self, *, verbose: bool) -> Iterator[str]:
        order = list(Severity)
        for one in sorted(self.found, key=lambda r: order.index(r.finding.severity)):
            if verbose or not one.finding.suppressed:
                yield one.text
        for subject, open_one in self.not_checked if verbose else ():
            environment = f" ({subject.environment})" if subject.environment else ""
            yield _one_line(
                f"{subject.file}{environment}: {open_one.resource}.{open_one.property}: "
                f"not checked by {open_one.id}: the value is known only when CloudFormation runs"
            )

    def to_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "templates": self.subjects,
            "checks": self.judged,
            "findings": [
                {"file": r.file, "environments": list(r.environments), **structs.asdict(r.finding)}
                for r in self.found
            ],
            "not_checked": [
                {"file": subject.file, "environment": subject.environment, **structs.asdict(one)}
                for subject, one in self.not_checked
            ],
        }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def collect(
    inspector: Inspector,
    subjects: Sequence[Subject],
    others: Iterable[tuple[str, Finding]],
) -> Report:
    """Judge every subject; a finding that environments share is told once.

    *others* are findings about files, each with its place.
    """
    found: dict[tuple[str, Finding], list[str]] = {}
    not_checked: list[tuple[Subject, NotChecked]] = []
    judged = 0
    for subject in subjects:
        verdict = inspector.verdict(subject)
        judged += verdict.judged
        not_checked += [(subject, one) for one in verdict.not_checked]
        for finding in verdict.findings:
            found.setdefault((subject.file, finding), []).append(subject.environment)
    found |= {other: [] for other in others}
    reported = [
        Reported(file, tuple(filter(None, environments)), finding)
        for (file, finding), environments in found.items()
    ]
    return Report(reported, not_checked, judged, len(subjects))
