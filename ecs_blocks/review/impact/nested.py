"""Nested stacks: what changes inside of them is in no review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, listed
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_WHAT: Final = {
    "AWS::CloudFormation::Stack": ("TemplateURL", "Parameters"),
    "AWS::Serverless::Application": ("Location", "Parameters"),
}


def nested(subject: Subject) -> Iterator[Finding]:
    """A finding for each nested stack that gets another template, or other values."""
    for type_, paths in _WHAT.items():
        for _, old, new in subject.modified(type_):
            found = [one for one in paths if differs(at(old, one), at(new, one))]
            if not found:
                continue
            words = listed(f"its {one} change{'s' * (one != 'Parameters')}" for one in found)
            values = [at(one, paths[0]) for one in (old, new)]
            shown = all(isinstance(one, str) for one in values) and paths[0] in found
            yield Finding(
                kind="unknown",
                weight=Weight.APPROVAL,
                text=(
                    f"{new.id}: {words}: what that does inside the nested stack is not in this "
                    "review"
                ),
                details=(
                    *((f"{paths[0]} {changed(*values)}",) if shown else ()),
                    "review its template by itself: --template NEW --base OLD",
                ),
                covers=tuple((new.id, one) for one in found),
            )
