"""What a plan leads to, in lines: what needs attention whole, what is calm in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.show.line import Paper, hanging
from ecs_blocks.review.impact.phrases import count
from ecs_blocks.review.model import Weight
from ecs_blocks.review.show.text import SIGNS
from ecs_blocks.review.show.words import reasons, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.review.model import Consequence

_CALM: Final = 3
"""So many consequences that are calm are told; of what needs attention, all."""
_DETAILS: Final = 4
"""So many details of each."""
_TOLD: Final = ("parameter", "lookup")
"""The kinds of causes that tell more than the change itself."""


def consequence_lines(found: Sequence[Consequence], paper: Paper) -> Iterator[str]:
    """The heading and every consequence, the weightiest first, in lines that fit on *paper*."""
    calm = [one for one in found if one.weight is Weight.CALM]
    yield "WHAT IT LEADS TO"
    for one in found:
        if one.weight is Weight.CALM and one not in calm[:_CALM]:
            continue
        yield from hanging(f"{SIGNS[one.weight]:<3}", one.text, paper)
        told = [] if one.weight is Weight.CALM else [*one.details]
        more = len(told) - _DETAILS
        for detail in told[:_DETAILS] if more > 1 else told:
            yield from hanging("     ", detail, paper)
        if more > 1:
            yield f"     and {more} more details"
        causes = [cause for cause in one.causes if cause.kind in _TOLD]
        for reason in reasons(causes, whole(one)):
            yield from hanging("     ", reason, paper)
    if len(calm) > _CALM:
        yield f"   and {count(len(calm) - _CALM, 'calm one')} more"
