"""Addresses that change in place: DNS names that lead elsewhere, listeners on another port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import LISTENER, LOAD_BALANCER
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import PERHAPS, listed, spoken, verb
from ecs_blocks.review.impact.reading import at, differs, is_looked_up
from ecs_blocks.review.impact.routes import RECORD
from ecs_blocks.review.impact.service_facts import aliases
from ecs_blocks.review.model import Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_LEADS_TO: Final = ("AliasTarget.DNSName", "ResourceRecords")


def names(subject: Subject) -> Iterator[Finding]:
    """A finding for each record that is pointed elsewhere, and each listener on another port.

    A record that only follows a load balancer that is replaced is told of with that.
    """
    for change, before, after in subject.modified(LISTENER):
        ports = at(before, "Port"), at(after, "Port")
        if change.replacement is Replacement.NO and differs(*ports):
            yield Finding(
                kind="address",
                weight=Weight.APPROVAL,
                text=(
                    f"{after.id}: port {spoken(ports[0])} of the load balancer answers no more; "
                    f"port {spoken(ports[1])} does"
                ),
                covers=((after.id, "Port"),),
            )
    yield from _connected(subject)
    yield from _subnets(subject)
    for change, old, new in subject.modified(RECORD):
        for path in _LEADS_TO:
            before, after = at(old, path), at(new, path)
            if change.replacement is Replacement.NO and after and differs(before, after):
                maybe = PERHAPS * is_looked_up([before, after])
                where = f"{_where(before)} → {_where(after)}"
                yield Finding(
                    kind="address",
                    weight=Weight.NOTICE,
                    text=(
                        f"{new.id}: {maybe}the name {spoken(at(new, 'Name'))} leads elsewhere: "
                        f"{where}"
                    ),
                    covers=((new.id, path.partition(".")[0]),),
                )


def _connected(subject: Subject) -> Iterator[Finding]:
    """A finding for each service that loses a name by which Service Connect leads to it."""
    for change, old, new in subject.modified(SERVICE):
        gone = [one for one in aliases(old) if one not in aliases(new)]
        if gone and change.replacement is Replacement.NO:
            come = [one for one in aliases(new) if one not in aliases(old)]
            instead = f"; {listed(come)} {verb(come, 'does', 'do')}" if come else ""
            yield Finding(
                kind="address",
                weight=Weight.APPROVAL,
                text=(
                    f"{new.id}: {listed(gone)} {verb(gone, 'leads', 'lead')} to it no more "
                    f"(Service Connect){instead}"
                ),
                details=("callers have to name the new one, and be deployed again",) * bool(come),
                about=(new.id,),
                covers=((new.id, "ServiceConnectConfiguration"),),
            )


def _subnets(subject: Subject) -> Iterator[Finding]:
    """A finding for each Network Load Balancer that leaves a subnet: what knew its address there.

    Source: Elastic Load Balancing User Guide, "Update the Availability Zones for your Network Load
    Balancer". The addresses of other load balancers change at any time.
    """
    for change, old, new in subject.modified(LOAD_BALANCER):
        before, after = _placed(old), _placed(new)
        gone = [one for one in before if one not in after]
        if at(new, "Type") == "network" and change.replacement is Replacement.NO and after and gone:
            it = verb(gone, "its address there is", "its addresses there are")
            yield Finding(
                kind="address",
                weight=Weight.APPROVAL,
                text=f"{new.id}: the load balancer leaves {listed(gone)}: {it} gone",
                covers=((new.id, "Subnets"), (new.id, "SubnetMappings")),
            )


def _placed(balancer: Resource) -> list[str]:
    """The subnets of a load balancer; empty where not all of them are known."""
    mapped = as_items(at(balancer, "SubnetMappings"))
    found = [one.get("SubnetId") if isinstance(one, dict) else one for one in mapped]
    found += as_items(at(balancer, "Subnets"))
    known = [one for one in found if isinstance(one, str)]
    return known if len(known) == len(found) else []


def _where(value: object) -> str:
    return "nowhere" if value is None else spoken(value).removesuffix(".DNSName")
