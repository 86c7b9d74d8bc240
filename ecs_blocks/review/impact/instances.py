"""What happens to the EC2 instances of a group, and to the tasks on them.

Source: AWS CloudFormation User Guide, "UpdatePolicy attribute" (what starts a rolling update, its
defaults); without one, running instances keep what they were started with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import PERHAPS, changed, count, spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.subject import real, within
from ecs_blocks.review.model import Replacement, Weight
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"
_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
_STARTED_WITH: Final = ("LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy")
_SIZES: Final = ("MinSize", "MaxSize", "DesiredCapacity")


def instances(subject: Subject) -> Iterator[Finding]:
    """A finding for each group whose instances are exchanged, or whose size changes."""
    for change, old, new in subject.modified(_GROUP):
        if change.replacement is not Replacement.YES:
            yield from _exchanged(subject, change, new)
        sizes = [key for key in _SIZES if differs(at(old, key), at(new, key))]
        if sizes:
            words = ", ".join(f"{key} {changed(at(old, key), at(new, key))}" for key in sizes)
            yield Finding(
                kind="scaling",
                weight=Weight.NOTICE,
                text=f"{new.id}: {words} instances",
                covers=tuple((new.id, key) for key in sizes),
            )


def _exchanged(subject: Subject, change: ResourceChange, group: Resource) -> Iterator[Finding]:
    templates = [
        one
        for one in subject.of_type(_TEMPLATE)
        if one.logical_id in referred_names(group.properties) and real(one)
    ]
    own = (one for one in real(change) if any(within(one.path, key) for key in _STARTED_WITH))
    touched = [*own, *(row for one in templates for row in real(one))]
    if not touched:
        return
    maybe = all(map(subject.may_stay, touched))
    covers = (
        *((group.id, key) for key in _STARTED_WITH),
        *((one.logical_id, "") for one in templates),
    )
    rolling = _policy(group, "AutoScalingRollingUpdate")
    if rolling is None:
        yield Finding(
            kind="configuration",
            weight=Weight.NOTICE,
            text=(
                f"{group.id}: {PERHAPS * maybe}new instances start with the new launch template; "
                "those that run keep the old one until they are replaced"
            ),
            covers=covers,
        )
        return
    batch, kept = rolling.get("MaxBatchSize", 1), rolling.get("MinInstancesInService", 0)
    idle = kept in (0, "0")
    least = (
        "with no instance kept in service meanwhile"
        if idle
        else f"with at least {spoken(kept)} in service"
    )
    yield Finding(
        kind="downtime" if idle else "rollout",
        weight=Weight.APPROVAL if idle else Weight.NOTICE,
        text=(
            f"{group.id}: {PERHAPS * maybe}all instances are replaced, {_at_a_time(batch)}, "
            f"{least}; their tasks start elsewhere"
        ),
        covers=covers,
    )


def _at_a_time(batch: Any) -> str:
    if isinstance(batch, int):
        return f"{count(batch, 'instance')} at a time"
    return f"{spoken(batch)} at a time"


def _policy(group: Resource, name: str) -> dict[str, Any] | None:
    found = group.body.get("UpdatePolicy")
    policy = found.get(name) if isinstance(found, dict) else None
    return policy if isinstance(policy, dict) and not is_intrinsic(policy) else None
