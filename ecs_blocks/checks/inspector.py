"""Everything that judges a template, asked together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.checks.catalogue import ALL
from ecs_blocks.checks.engine import Engine
from ecs_blocks.checks.model import Platform, Severity, Template
from ecs_blocks.checks.run import Finding, Verdict, judge
from ecs_blocks.templates.resolve import Values, resolve, scalar_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ecs_blocks.checks.cache import Cache


HIDDEN: Final = "(hidden)"
_SHORTEST: Final = 6
"""Characters. A shorter secret is hidden where it stands in quotes: other words may hold it."""


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
        """Our own checks, AWS's validator and the Guard rules on *subject*.

        The value of a NoEcho parameter is in no sentence, nor in the cache.
        """
        return self._cache.verdict(
            subject.inputs(), lambda: _without(self._judge(subject), _secrets(subject))
        )

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


def _secrets(subject: Subject) -> set[str]:
    """The values of NoEcho parameters, also as a message may spell them."""
    declared = subject.template.get("Parameters")
    found: set[str] = set()
    for name, body in declared.items() if isinstance(declared, Mapping) else ():
        if not isinstance(body, Mapping) or str(body.get("NoEcho", "")).lower() != "true":
            continue
        given = subject.parameters.get(name, body.get("Default"))
        items = given if isinstance(given, list) else [given]
        texts = [scalar_text(item) for item in items if item is not None]
        found.update(part.strip() for text in texts for part in (text, *text.split(",")))
    found |= {" ".join(one.split()) for one in found}
    return (found | {repr(one)[1:-1] for one in found}) - {""}


def _without(verdict: Verdict, secrets: Collection[str]) -> Verdict:
    if not secrets:
        return verdict
    ordered = sorted(secrets, key=len, reverse=True)
    findings = tuple(
        structs.replace(one, message=_hidden(one.message, ordered)) for one in verdict.findings
    )
    return structs.replace(verdict, findings=findings)


def _hidden(message: str, secrets: Collection[str]) -> str:
    for one in secrets:
        for quote in ("'", '"'):
            message = message.replace(f"{quote}{one}{quote}", HIDDEN)
        if len(one) >= _SHORTEST:
            message = message.replace(one, HIDDEN)
    return message
