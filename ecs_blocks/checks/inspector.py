"""Everything that judges a template, asked together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.checks.catalogue import ALL
from ecs_blocks.checks.engine import Engine
from ecs_blocks.checks.model import Platform, Severity, Template
from ecs_blocks.checks.run import Finding, Verdict, judge
from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.checks.cache import Cache


class Subject(Struct, frozen=True):
    """A template with the values of one environment: what is judged.

    ``file`` is what a finding names; ``environment`` is empty for a template on its own.
    """

    file: str
    environment: str
    template: Mapping[str, Any]
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, str]
    public_subnet_ids: tuple[str, ...] = ()
    private_subnet_ids: tuple[str, ...] = ()

    def inputs(self) -> dict[str, Any]:
        """All that a verdict depends on, as plain data."""
        return {
            "template": self.template,
            "parameters": dict(self.parameters),
            "pseudo": dict(self.pseudo),
            "subnets": [self.public_subnet_ids, self.private_subnet_ids],
        }


class Inspector:
    """Judges subjects. The validator is loaded when the first one is not in the cache."""

    def __init__(self, cache: Cache, guard_files: tuple[Path, ...] = ()) -> None:
        self._cache = cache
        self._guard_files = guard_files

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self._guard_files)

    def verdict(self, subject: Subject) -> Verdict:
        """Our own checks, AWS's validator and the Guard rules on *subject*."""
        return self._cache.verdict(subject.inputs(), lambda: self._judge(subject))

    def _judge(self, subject: Subject) -> Verdict:
        values = Values(parameters=subject.parameters, pseudo=subject.pseudo)
        try:
            resolved = resolve(subject.template, values)
        except Exception as error:  # noqa: BLE001 - of anybody's template: whatever it is, it is told
            fault = f"the template cannot be resolved: {type(error).__name__}: {error}"
            fix = "mend what is not as CloudFormation wants it; nothing else was judged"
            return Verdict((Finding("EB003", Severity.ERROR, "", "", fault, fix),), (), 0)
        platform = Platform(
            frozenset(subject.public_subnet_ids),
            frozenset(subject.private_subnet_ids),
            subject.pseudo.get("AWS::AccountId", ""),
            subject.pseudo.get("AWS::Region", ""),
        )
        own = judge(Template(resolved, platform), ALL)
        theirs = self._engine.judge(subject.template, resolved, subject.parameters, subject.pseudo)
        return Verdict(
            own.findings + theirs.findings, own.not_checked + theirs.not_checked, own.judged
        )
