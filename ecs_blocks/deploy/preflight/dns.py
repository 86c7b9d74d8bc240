"""The hosted zone is there, and the names of new records are free in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap, fact, problem, skipped
from ecs_blocks.deploy.preflight.template import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_ABSENT = ("NoSuchHostedZone",)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def plain(name: str) -> str:
    """A record's name as people write it: Route 53 writes a star in octal, and a final dot."""
    whole = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), name)
    return whole.removesuffix(".").lower()


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every zone that the template's records are in, and every record that it does not have yet."""
    zones: dict[str, dict[str, dict[str, Any]]] = {}
    for logical_id, properties in subject.of_type("AWS::Route53::RecordSet"):
        if zone := text(properties.get("HostedZoneId")):
            zones.setdefault(zone.removeprefix("/hostedzone/"), {})[logical_id] = properties
    for zone_id, records in zones.items():
        answer = find(
            "route53:GetHostedZone", aws.client("route53").get_hosted_zone, _ABSENT, Id=zone_id
        )
        where = f"hosted zone {zone_id}"
        if answer is None:
            hint = "correct HostedZoneId, or make the zone"
            yield problem(where, "there is no such zone in this account", hint)
            continue
        if isinstance(answer, Gap):
            yield skipped(where, answer)
        else:
            yield from _named(where, plain(answer["HostedZone"]["Name"]), records)
        yield from _records(aws, subject, zone_id, records)


def _named(where: str, zone: str, records: Mapping[str, Any]) -> Iterator[Finding]:
    for logical_id, properties in records.items():
        name = plain(text(properties.get("Name")))
        if name and name != zone and not name.endswith(f".{zone}"):
            message = f"{name} is not in the zone {zone} ({where.rpartition(' ')[2]})"
            yield problem(logical_id, message, "HostedZoneName and HostedZoneId have to be of one")
            return
    yield fact(where, f"is {zone}")


def _records(
    aws: Aws, subject: Subject, zone_id: str, records: Mapping[str, Any]
) -> Iterator[Finding]:
    names: dict[str, list[tuple[str, str]]] = {}
    for logical_id, properties in records.items():
        name = plain(text(properties.get("Name")))
        # a weighted record may stand beside others of its name
        is_simple = "SetIdentifier" not in properties
        if name and is_simple and plain(subject.physical_id(logical_id)) != name:
            names.setdefault(name, []).append((logical_id, str(properties.get("Type", ""))))
    for name, new in names.items():
        answer = find(
            "route53:ListResourceRecordSets",
            aws.client("route53").list_resource_record_sets,
            _ABSENT,
            HostedZoneId=zone_id,
            StartRecordName=name,
            MaxItems="20",
        )
        if isinstance(answer, Gap):
            yield skipped(", ".join(logical_id for logical_id, _ in new), answer)
        elif answer is not None:
            there = {
                str(one["Type"])
                for one in answer["ResourceRecordSets"]
                if plain(one["Name"]) == name
            }
            yield from _taken(name, new, there)


def _taken(name: str, new: list[tuple[str, str]], there: set[str]) -> Iterator[Finding]:
    for logical_id, kind in new:
        # a CNAME stands alone under its name
        others = there if kind == "CNAME" else there & {kind, "CNAME"}
        if others:
            listed = " and ".join(sorted(others))
            message = f"{name} has a record of type {listed} already, outside this stack"
            yield problem(logical_id, message, "delete that record, or choose another name")
