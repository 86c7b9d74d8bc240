"""With basic monitoring an instance reports every five minutes: late for any scaling decision.

Detailed monitoring reports every minute. Auto Scaling and alarms on instance metrics then see a
peak while it lasts. It costs a few metrics per instance.

Set ``LaunchTemplateData.Monitoring.Enabled: true``.

Source: Amazon EC2 User Guide, "Manage detailed monitoring for your EC2 instances".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "LaunchTemplateData.Monitoring.Enabled"


def _judge(launch_template: Resource, _template: Template) -> Iterator[Fault]:
    if not is_true(launch_template.get(_PATH)):
        yield Fault(_PATH, "instances report their metrics every five minutes")


CHECK = Check(
    id="EB108",
    title="instances have no detailed monitoring",
    types=("AWS::EC2::LaunchTemplate",),
    severity=Severity.INFO,
    fix="set Monitoring.Enabled to true",
    judge=_judge,
)
