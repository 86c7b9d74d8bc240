"""A log group without retention keeps, and bills, every line for ever.

``RetentionInDays`` left out means "never expire". It is seldom what the budget wants, and seldom
what the law wants where logs name people.

Set ``RetentionInDays``: 30 for what is only read when something breaks, 365 where audits ask.

Source: Amazon CloudWatch Logs API Reference, PutRetentionPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    # A group of the class DELIVERY keeps its events for one day, whatever is written.
    if group.raw("RetentionInDays") is None and group.get("LogGroupClass") != "DELIVERY":
        yield Fault("RetentionInDays", "log events are kept for ever")


CHECK = Check(
    id="EB212",
    title="log group without retention",
    types=("AWS::Logs::LogGroup",),
    severity=Severity.WARNING,
    fix="set RetentionInDays, 30 or 365 for example",
    judge=_judge,
)
