"""DNS names that a new environment has in common with another one of its app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import is_looked_up
from ecs_blocks.review.judging import by_weight
from ecs_blocks.review.model import Consequence, StackReview, Status, Weight
from ecs_blocks.review.side import HIDDEN, LATER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.review.side import Side

_RECORD: Final = "AWS::Route53::RecordSet"
_NAMED: Final = ("Name", "Type", "SetIdentifier")
_ZONE: Final = ("HostedZoneId", "HostedZoneName")
_ELSEWHERE: Final = ", in another hosted zone: which one answers depends on who asks"
_LOOKED_UP: Final = ": the deploy fails if the hosted zone, which is looked up, is the same"


class _Zone(Struct, frozen=True):
    """A record's hosted zone; where it is looked up, the account and region in which that is."""

    values: tuple[str, ...]
    is_looked_up: bool
    place: tuple[str, ...]


def with_shared_names(stack: StackReview, sides: Mapping[str, Side]) -> StackReview:
    """*stack* with what is said of its DNS names; *sides* are the environments of its app.

    Only a new one is told: of those that are there, one would have failed.
    """
    side = sides.get(stack.environment)
    if stack.status is not Status.NEW or side is None:
        return stack
    others = {name: one for name, one in sides.items() if name != stack.environment}
    found = tuple(_told(side, others))
    if not found:
        return stack
    told = by_weight((*found, *stack.consequences))
    headline = f"{found[0].text}; {stack.headline}" if _fails(found[0]) else stack.headline
    return structs.replace(stack, consequences=told, headline=headline)


def _fails(one: Consequence) -> bool:
    return one.kind == "blocked"


def _told(side: Side, others: Mapping[str, Side]) -> Iterator[Consequence]:
    for logical_id, record in _records(side).items():
        if not _are_known(record, _NAMED):
            continue
        same = [
            (name, _zone(other, one))
            for name, one in others.items()
            for other in _records(one).values()
            if _values(record, _NAMED) == _values(other, _NAMED)
        ]
        who = listed(name for name, _ in same)
        zone = _zone(record, side)
        # Of a zone that is a resource each stack makes one, though both are written alike.
        known = _are_known(record, _ZONE)
        if known and any(zone == other for _, other in same):
            yield Consequence(
                kind="blocked",
                weight=Weight.APPROVAL,
                text=(
                    f"{logical_id}: the deploy fails: the record {spoken(record.get('Name'))} is "
                    f"{who}'s already, in the same hosted zone"
                ),
                resources=(logical_id,),
            )
        elif same:
            is_open = any(one.is_looked_up for one in (zone, *(other for _, other in same)))
            yield Consequence(
                kind="address",
                weight=Weight.NOTICE,
                text=(
                    f"{logical_id}: the name {spoken(record.get('Name'))} is also that of {who}"
                    f"{_LOOKED_UP if is_open else _ELSEWHERE}"
                ),
                resources=(logical_id,),
            )


def _zone(record: Mapping[str, Any], side: Side) -> _Zone:
    is_open = is_looked_up([record.get(one) for one in _ZONE])
    place = [side.pseudo.get(one, "") for one in ("AWS::AccountId", "AWS::Region")]
    return _Zone(tuple(_values(record, _ZONE)), is_open, tuple(place) if is_open else ())


def _records(side: Side) -> dict[str, Mapping[str, Any]]:
    """The properties of the records of *side*, without what must not be shown."""
    resources = side.shown().get("Resources") or {}
    return {
        name: one["Properties"]
        for name, one in resources.items()
        if isinstance(one, dict)
        and one.get("Type") == _RECORD
        and isinstance(one.get("Properties"), dict)
    }


def _are_known(record: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    """Whether each is a text, is looked up (equal look-ups give equal values), or is not there."""
    values = [record[one] for one in keys if one in record]
    return all(
        one != HIDDEN if isinstance(one, str) else isinstance(one, dict) and list(one) == [LATER]
        for one in values
    )


def _values(record: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    return [str(record.get(one, "")).lower().removesuffix(".") for one in keys]
