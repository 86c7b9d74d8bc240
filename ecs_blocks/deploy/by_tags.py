"""What is known by its tags: the VPC of ``!Vpc``, ``!Subnets`` of one VPC, a security group.

One thing has to be found, not the first of several: a second VPC with the same name, made next
year, must stop a deploy and not move it. Subnets come by zone and then by id, so that a plan does
not change because EC2 answered in another order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.looked_up import Found, LookedUp, Missing
from ecs_blocks.deploy.preflight.ask import pages
from ecs_blocks.environment.by_tags import BY_TAGS, tags_text
from ecs_blocks.environment.nodes import shortened
from ecs_blocks.environment.read import MAX_BYTES
from ecs_blocks.review.impact.phrases import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.environment.fields import Lookup, LookupKind


class _Kind(Struct, frozen=True, kw_only=True):
    """How EC2 is asked: the call, and under which keys its answer has the things and their ids."""

    one: str
    several: str
    describe: str
    items: str
    id: str


_KINDS: Final[Mapping[LookupKind, _Kind]] = {
    "Vpc": _Kind(one="VPC", several="VPCs", describe="describe_vpcs", items="Vpcs", id="VpcId"),
    "Subnets": _Kind(
        one="subnet",
        several="subnets",
        describe="describe_subnets",
        items="Subnets",
        id="SubnetId",
    ),
    "SecurityGroup": _Kind(
        one="security group",
        several="security groups",
        describe="describe_security_groups",
        items="SecurityGroups",
        id="GroupId",
    ),
}
"""Source: Amazon EC2 API Reference, each of the three with the filter ``tag:<key>``."""


def find_by_tags(aws: Aws, place: Place, lookups: Mapping[str, Lookup]) -> dict[str, LookedUp]:
    """What those of *lookups* find that go by tags, by parameter; each is asked for once."""
    wanted = {key: one for key, one in lookups.items() if one.kind in _KINDS}
    answers = {one: _answer(aws, place, one) for one in dict.fromkeys(wanted.values())}
    return {key: answers[one] for key, one in wanted.items()}


def having(aws: Aws, lookup: Lookup) -> tuple[str, ...]:
    """The ids of everything that has all the tags which *lookup* asks for; subnets by zone.

    Raises:
        DeployError: EC2 does not tell.
    """
    return tuple(str(one[_KINDS[lookup.kind].id]) for one in _all(aws, lookup))


def described(lookup: Lookup) -> str:
    """What *lookup* is after, in words: ``subnets with Network=platform, Tier=private``."""
    kind = _KINDS[lookup.kind]
    noun = kind.several if BY_TAGS[lookup.kind].many else kind.one
    return f"{noun} with {_tags(lookup)}"


def _all(aws: Aws, lookup: Lookup) -> list[dict[str, Any]]:
    kind = _KINDS[lookup.kind]
    found = asked(
        f"looking for the {described(lookup)}",
        pages(aws.client("ec2"), kind.describe, kind.items),
        Filters=[{"Name": f"tag:{key}", "Values": [value]} for key, value in lookup.arguments],
    )
    return sorted(found, key=lambda one: (str(one.get("AvailabilityZone", "")), str(one[kind.id])))


def _answer(aws: Aws, place: Place, lookup: Lookup) -> LookedUp:
    kind = _KINDS[lookup.kind]
    try:
        found = _all(aws, lookup)
    except DeployError as error:
        return Missing(error.code, error.message, error.hint)
    if not found:
        return _none(aws, place, lookup)
    if BY_TAGS[lookup.kind].many:
        vpcs = sorted({str(one["VpcId"]) for one in found})
        if len(vpcs) > 1:
            return _in_several(lookup, found, vpcs)
    elif len(found) > 1:
        names = listed(f"{one[kind.id]} ({_name(one)})" for one in found)
        message = f"there are {len(found)} {kind.several} with {_tags(lookup)}: {names}"
        return Missing(Exit.INPUT, message, "name one more tag, which only one of them has")
    ids = [str(one[kind.id]) for one in found]
    if len(",".join(ids)) > MAX_BYTES:
        message = f"there are {len(ids)} {described(lookup)}: more than a parameter can hold"
        return Missing(
            Exit.INPUT, message, "name one more tag, which only those have that are meant"
        )
    return Found(",".join(ids), described(lookup), _told(aws, lookup, found))


def _told(aws: Aws, lookup: Lookup, found: list[dict[str, Any]]) -> str:
    """What was found, for the plan: nobody else sees that a tag fits more than was meant."""
    ids = [str(one[_KINDS[lookup.kind].id]) for one in found]
    if not BY_TAGS[lookup.kind].many:
        return f"{ids[0]}, the {described(lookup)}"
    zones = (_zone(aws, str(one.get("AvailabilityZone", ""))) for one in found)
    told = (f"{own} ({zone})" for own, zone in zip(ids, zones, strict=True))
    noun = _KINDS[lookup.kind].one
    return f"{count(len(ids), noun)} with {_tags(lookup)}: {listed(told)}"


def _zone(aws: Aws, zone: str) -> str:
    """``1a`` for a zone of the region; another one (a local zone) by its whole name."""
    return zone.rpartition("-")[2] if zone[:-1] == aws.region else zone


def _none(aws: Aws, place: Place, lookup: Lookup) -> Missing:
    kind = _KINDS[lookup.kind]
    where = f"in account {place.account_id}, {aws.region}"
    message = f"there is no {kind.one} with {_tags(lookup)} {where}"
    command = kind.describe.replace("_", "-")
    listing = place.aws_command(aws, f"ec2 {command} --query '{kind.items}[].[{kind.id},Tags]'")
    hint = f"see which tags there are (of what another account shares, its tags are not): {listing}"
    return Missing(Exit.INPUT, message, hint)


def _in_several(lookup: Lookup, found: Iterable[Mapping[str, Any]], vpcs: list[str]) -> Missing:
    of_each: dict[str, list[str]] = {vpc: [] for vpc in vpcs}
    for one in found:
        of_each[str(one["VpcId"])].append(str(one["SubnetId"]))
    told = listed(f"{vpc} ({listed(subnets)})" for vpc, subnets in of_each.items())
    message = f"the {described(lookup)} are of {len(vpcs)} VPCs: {told}"
    return Missing(Exit.INPUT, message, "name one more tag, which only those of one VPC have")


def _tags(lookup: Lookup) -> str:
    quoted = {key: f'"{one}"' if " " in one else one for key, one in lookup.arguments}
    return tags_text(quoted)


def _name(one: Mapping[str, Any]) -> str:
    """The ``Name`` tag, which is what the console shows."""
    names = (str(tag["Value"]) for tag in one.get("Tags", ()) if tag["Key"] == "Name")
    name = next(names, "")
    return f"Name {shortened(name)}" if name else "no Name"
