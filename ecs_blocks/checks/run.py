"""Run our own checks over one resolved template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.templates.suppress import METADATA_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Finding(Struct, frozen=True):
    """What a check says of one resource. ``suppressed`` is the written reason, if there is one."""

    id: str
    severity: Severity
    resource: str
    property: str
    message: str
    fix: str
    suppressed: str | None = None


class NotChecked(Struct, frozen=True):
    """A check that could not judge a resource: the value at ``property`` is not known yet."""

    id: str
    resource: str
    property: str


class Verdict(Struct, frozen=True):
    """What is said of one template. ``judged`` counts how often a check of our own was asked."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    judged: int


def judge(template: Template, checks: Iterable[Check]) -> Verdict:
    """Ask every check about every resource of its types."""
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    judged = 0
    for check in checks:
        for resource in template.of_type(*check.types):
            judged += 1
            try:
                # one by one: what was found before an Unknown stays found
                findings.extend(
                    _finding(check, resource, f) for f in check.judge(resource, template)
                )
            except Unknown as unknown:
                not_checked.append(NotChecked(check.id, resource.id, unknown.property))
    for resource in template.resources.values():
        findings.extend(_unreasoned(resource))
    return Verdict(tuple(findings), tuple(not_checked), judged)


def suppressions(body: Mapping[str, Any]) -> dict[str, str]:
    """The findings that a resource's Metadata silences: id to the written reason."""
    metadata = body.get("Metadata")
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    listed = ours.get("suppress") if isinstance(ours, dict) else None
    return {str(k): str(v or "") for k, v in listed.items()} if isinstance(listed, dict) else {}


def _finding(check: Check, resource: Resource, fault: Fault) -> Finding:
    reason = suppressions(resource.body).get(check.id, "").strip() or None
    return Finding(
        check.id, check.severity, resource.id, fault.property, fault.message, check.fix, reason
    )


def _unreasoned(resource: Resource) -> Iterable[Finding]:
    """A suppression without a reason is a finding itself, and suppresses nothing."""
    for identifier, reason in suppressions(resource.body).items():
        if len(reason.split()) < 2:
            yield Finding(
                "EB001",
                Severity.ERROR,
                resource.id,
                f"Metadata.{METADATA_KEY}.suppress.{identifier}",
                "the finding is suppressed without a reason",
                "write in a few words why it is right here",
            )
