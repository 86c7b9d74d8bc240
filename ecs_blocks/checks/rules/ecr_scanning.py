"""An image that nobody scans is found out by others first.

ECR looks through the packages of each pushed image for known vulnerabilities, at no charge for the
basic kind, and only where it is turned on.

Set ``ImageScanningConfiguration.ScanOnPush: true``; or, for all repositories at once and in AWS's
own recommendation, an ``AWS::ECR::RegistryScanningConfiguration`` with a rule whose filter matches
this repository. One in the same template counts.

Source: Amazon ECR User Guide, "Scan images for software vulnerabilities".
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.parts import Part, parts
from ecs_blocks.checks.views.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "ImageScanningConfiguration.ScanOnPush"


def _judge(repository: Resource, template: Template) -> Iterator[Fault]:
    if is_true(repository.get(_PATH)):
        return
    name = text_of(repository.raw("RepositoryName")) or ""
    for registry in template.of_type("AWS::ECR::RegistryScanningConfiguration"):
        if any(_covers(rule, name) for rule in parts(registry, "Rules")):
            return
    yield Fault(_PATH, "pushed images are not scanned")


def _covers(rule: Part, name: str) -> bool:
    if rule.get("ScanFrequency") not in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN"):
        return False
    # ECR's filters have only the wildcard *, which fnmatch reads the same way.
    return any(fnmatchcase(name, str(one.get("Filter"))) for one in rule.items("RepositoryFilters"))


CHECK = Check(
    id="EB203",
    title="images are not scanned",
    types=("AWS::ECR::Repository",),
    severity=Severity.WARNING,
    fix="set ImageScanningConfiguration.ScanOnPush to true, or scan by a rule of the registry",
    judge=_judge,
)
