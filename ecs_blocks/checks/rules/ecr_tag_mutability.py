"""A tag that can be overwritten is not a version: what was tested may not be what runs.

In a mutable repository anyone who can push can put another image behind ``v1.4.2``. The next task
that starts, after a scale-out at night, runs something else than its neighbours, and a rollback to
the tag brings back nothing.

Set ``ImageTagMutability: IMMUTABLE``. ``IMMUTABLE_WITH_EXCLUSION`` leaves single tags such as
``latest`` free and is as good. ``MUTABLE_WITH_EXCLUSION`` is the reverse, everything is free but
what is listed, and is reported: it protects only the tags someone thought of.

Source: Amazon ECR User Guide, "Preventing image tags from being overwritten".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "ImageTagMutability"
_FILTERS: Final = "ImageTagMutabilityExclusionFilters"


def _judge(repository: Resource, _template: Template) -> Iterator[Fault]:
    setting = repository.get(_PATH) or "MUTABLE"
    if setting == "MUTABLE":
        yield Fault(_PATH, "every tag can be overwritten")
    everything = _excludes_everything(repository) if "_WITH_" in str(setting) else False
    if setting == "MUTABLE_WITH_EXCLUSION" and not everything:
        yield Fault(_PATH, "every tag can be overwritten that is not in the list of exclusions")
    if setting == "IMMUTABLE_WITH_EXCLUSION" and everything:
        yield Fault(_FILTERS, "the exclusion '*' lets every tag be overwritten")


def _excludes_everything(repository: Resource) -> bool:
    value = "ImageTagMutabilityExclusionFilterValue"
    return any(part.get(value) == "*" for part in parts(repository, _FILTERS))


CHECK = Check(
    id="EB201",
    title="image tags can be overwritten",
    types=("AWS::ECR::Repository",),
    severity=Severity.WARNING,
    fix="set ImageTagMutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION for single tags",
    judge=_judge,
)
