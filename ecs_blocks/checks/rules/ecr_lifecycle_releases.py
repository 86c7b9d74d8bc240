"""A rule for any image expires what production runs, as soon as enough newer ones were pushed.

``tagStatus: any`` makes no difference between a build of last night and the release that has been
running for months. Once the image is gone, running tasks go on; the next one that starts, after a
crash or a scale-out, cannot pull it.

Expire untagged images, and builds by their own tag pattern; or put a rule for the release tags
(``tagStatus: tagged``, ``tagPatternList: ["v*"]``, a generous count) before it: an image that an
earlier rule matches is never expired by a later one.

Source: Amazon ECR User Guide, "Lifecycle policies", evaluation rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup
from ecs_blocks.checks.rules.ecr_lifecycle_text import PATH, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(repository: Resource, _template: Template) -> Iterator[Fault]:
    try:
        rules = rules_of(repository)
    except ValueError:
        return
    # A rule for any status is always the last, so every tagged one comes before it.
    if any(lookup(rule, "selection.tagStatus") == "tagged" for rule in rules):
        return
    for rule in rules:
        expires = lookup(rule, "action.type", "expire") == "expire"
        if expires and lookup(rule, "selection.tagStatus") == "any":
            priority = lookup(rule, "rulePriority")
            yield Fault(PATH, f"rule {priority} expires images of any tag, releases too")


CHECK = Check(
    id="EB205",
    title="lifecycle policy expires releases",
    types=("AWS::ECR::Repository",),
    severity=Severity.WARNING,
    fix="expire untagged images, or put a rule that keeps the release tags before this one",
    judge=_judge,
)
