"""DNS names that stay, and lead elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_RECORD: Final = "AWS::Route53::RecordSet"
_LEADS_TO: Final = ("AliasTarget.DNSName", "ResourceRecords")


def names(subject: Subject) -> Iterator[Finding]:
    """A finding for each record that is pointed elsewhere.

    One that only follows a load balancer that is replaced is told of with that.
    """
    for change, old, new in subject.modified(_RECORD):
        for path in _LEADS_TO:
            before, after = at(old, path), at(new, path)
            if change.replacement is Replacement.NO and after and differs(before, after):
                where = f"{_where(before)} → {_where(after)}"
                yield Finding(
                    kind="address",
                    weight=Weight.NOTICE,
                    text=f"{new.id}: the name {spoken(at(new, 'Name'))} leads elsewhere: {where}",
                    covers=((new.id, path.partition(".")[0]),),
                )


def _where(value: object) -> str:
    return "nowhere" if value is None else spoken(value).removesuffix(".DNSName")
