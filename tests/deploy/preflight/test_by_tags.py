"""Values that are found by their tags, in an EC2 that filters as the real one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.environment.fields import Lookup
from tests.deploy.preflight.lookups_world import refusal, rendered, stacks
from tests.deploy.preflight.scripted import DENIED
from tests.deploy.stage import place

if TYPE_CHECKING:
    from ecs_blocks.environment.fields import LookupKind
    from ecs_blocks.templates.render import RenderedEnvironment
    from tests.deploy.preflight.scripted import Said, Scripted

TYPES: dict[str, dict[str, Any]] = {
    "VpcId": {"Type": "AWS::EC2::VPC::Id"},
    "SubnetIds": {"Type": "List<AWS::EC2::Subnet::Id>"},
    "GroupId": {"Type": "AWS::EC2::SecurityGroup::Id"},
}
PLATFORM = {"Name": "platform"}
PRIVATE = {"Tier": "private", "Network": "platform"}
ONE_MORE = "name one more tag, which only one of them has"
LISTING = (
    "see which tags there are (of what another account shares, its tags are not): aws ec2 "
    "{call} --query '{items}[].[{id},Tags]' --region ap-northeast-1"
)


def by_tags(kind: LookupKind, **tags: str) -> Lookup:
    return Lookup(kind, tuple(tags.items()))


def looking(**lookups: Lookup) -> RenderedEnvironment:
    return rendered(lookups, image="", **{key: TYPES.get(key, TYPES["VpcId"]) for key in lookups})


def vpc(number: int, **tags: str) -> dict[str, Any]:
    return {"VpcId": vpc_id(number), "Tags": tagged(tags)}


def vpc_id(number: int) -> str:
    return f"vpc-0000000{number}"


def subnet(number: int, tags: dict[str, str], zone: str = "a", of: int = 1) -> dict[str, Any]:
    return {
        "SubnetId": f"subnet-0000000{number}",
        "AvailabilityZone": f"ap-northeast-1{zone}",
        "VpcId": vpc_id(of),
        "Tags": tagged(tags),
    }


def group(number: int, **tags: str) -> dict[str, Any]:
    return {"GroupId": f"sg-0000000{number}", "VpcId": vpc_id(1), "Tags": tagged(tags)}


def tagged(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def ec2(server: Scripted, operation: str, key: str, *there: dict[str, Any]) -> None:
    """Let EC2 have *there*, and answer one at a time, with a token for the next."""

    def answer(asked: dict[str, Any]) -> Said:
        found = [one for one in there if all(tag in one["Tags"] for tag in wanted(asked))]
        begin = int(asked.get("NextToken", 0))
        more = {"NextToken": str(begin + 1)} if begin + 1 < len(found) else {}
        return {key: found[begin : begin + 1], **more}

    stacks(server)
    server.on(f"ec2.{operation}", answer)


def wanted(asked: dict[str, Any]) -> list[dict[str, str]]:
    """The tags of a request's filters."""
    numbers = [key.split(".")[1] for key in asked if key.endswith(".Name")]
    return [
        {
            "Key": asked[f"Filter.{number}.Name"].removeprefix("tag:"),
            "Value": asked[f"Filter.{number}.Value.1"],
        }
        for number in numbers
    ]


def test_one_vpc_its_subnets_and_a_group(server: Scripted) -> None:
    ec2(server, "DescribeVpcs", "Vpcs", vpc(1, Name="platform"), vpc(2, Name="other"), vpc(3))
    ec2(
        server,
        "DescribeSubnets",
        "Subnets",
        subnet(4, PRIVATE, "c"),
        subnet(3, PRIVATE),
        subnet(1, PRIVATE, "c"),
        subnet(2, {**PRIVATE, "More": "x"}),
        subnet(5, {"Tier": "private"}),
        subnet(6, {**PRIVATE, "Tier": "public"}, of=2),
    )
    ec2(server, "DescribeSecurityGroups", "SecurityGroups", group(1, Name="database"), group(2))
    found = resolve(
        server.aws,
        place(),
        looking(
            VpcId=by_tags("Vpc", **PLATFORM),
            SubnetIds=by_tags("Subnets", **PRIVATE),
            GroupId=by_tags("SecurityGroup", Name="database"),
        ),
    )

    assert found.values == {
        "VpcId": "vpc-00000001",
        "SubnetIds": "subnet-00000002,subnet-00000003,subnet-00000001,subnet-00000004",
        "GroupId": "sg-00000001",
    }
    assert found.sources == {
        "VpcId": "vpc-00000001, the VPC with Name=platform",
        "SubnetIds": "4 subnets with Tier=private, Network=platform: subnet-00000002 (1a), "
        "subnet-00000003 (1a), subnet-00000001 (1c) and subnet-00000004 (1c)",
        "GroupId": "sg-00000001, the security group with Name=database",
    }


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ("a", '1 subnet with Note="a b": subnet-00000010 (1a)'),
        (
            "a" * 10 + "c" * 10,
            '20 subnets with Note="a b": subnet-00000010 (1a), subnet-00000011 (1a), '
            "subnet-00000012 (1a), subnet-00000013 (1a), subnet-00000014 (1a) and 15 more",
        ),
    ],
)
def test_how_many_subnets_a_tag_finds_is_told(server: Scripted, zones: str, told: str) -> None:
    tags = {"Note": "a b"}
    there = [
        {**subnet(1, tags, zone), "SubnetId": f"subnet-000000{number}"}
        for number, zone in enumerate(zones, 10)
    ]
    ec2(server, "DescribeSubnets", "Subnets", *there)
    found = resolve(server.aws, place(), looking(SubnetIds=by_tags("Subnets", **tags)))

    assert found.sources == {"SubnetIds": told}


def test_a_local_zone_is_named_whole(server: Scripted) -> None:
    there = {**subnet(1, PRIVATE), "AvailabilityZone": "ap-northeast-1-tpe-1a"}
    ec2(server, "DescribeSubnets", "Subnets", there)
    found = resolve(server.aws, place(), looking(SubnetIds=by_tags("Subnets", **PRIVATE)))

    assert "subnet-00000001 (ap-northeast-1-tpe-1a)" in found.sources["SubnetIds"]


def test_what_several_parameters_look_for_is_asked_for_once(server: Scripted) -> None:
    ec2(server, "DescribeVpcs", "Vpcs", vpc(1, Name="platform"))
    of = looking(VpcId=by_tags("Vpc", **PLATFORM), Other=by_tags("Vpc", **PLATFORM))

    assert resolve(server.aws, place(), of).values == dict.fromkeys(("VpcId", "Other"), vpc_id(1))
    assert len(server.parameters("ec2.DescribeVpcs")) == 1


@pytest.mark.parametrize(
    ("lookup", "there", "message", "hint"),
    [
        (
            by_tags("Vpc", Name="platform", Tier="a"),
            [vpc(1, Name="platform")],
            "there is no VPC with Name=platform, Tier=a in account 123456789012, ap-northeast-1",
            LISTING.format(call="describe-vpcs", items="Vpcs", id="VpcId"),
        ),
        (
            by_tags("Vpc", Tier="a"),
            [vpc(2, Tier="a"), vpc(1, Tier="a", Name="x")],
            "there are 2 VPCs with Tier=a: vpc-00000001 (Name x) and vpc-00000002 (no Name)",
            ONE_MORE,
        ),
        (
            by_tags("Vpc", Tier="a"),
            [
                vpc(1, Tier="a", Name="evil\n::error::x"),
                vpc(2, Tier="a", Name="postgres://u:hunter2hunter2@db"),
                vpc(3, Tier="a", Name="n" * 200),
            ],
            "there are 3 VPCs with Tier=a: vpc-00000001 (Name evil ::error::x), "
            f"vpc-00000002 (Name (a credential)) and vpc-00000003 (Name {'n' * 57}…)",
            ONE_MORE,
        ),
        (
            by_tags("Vpc", Tier="a"),
            [vpc(number, Tier="a") for number in range(1, 9)],
            "there are 8 VPCs with Tier=a: "
            + ", ".join(f"vpc-0000000{number} (no Name)" for number in range(1, 6))
            + " and 3 more",
            ONE_MORE,
        ),
        (
            by_tags("Vpc", **PLATFORM),
            [{"VpcId": "vpc-1", "Tags": tagged(PLATFORM)}],
            'the VPC with Name=platform is "vpc-1"; expected a VPC\'s id, like vpc-0a1b2c3d',
            "",
        ),
    ],
)
def test_one_vpc_has_to_be_found(
    server: Scripted, lookup: Lookup, there: list[dict[str, Any]], message: str, hint: str
) -> None:
    ec2(server, "DescribeVpcs", "Vpcs", *there)

    assert refusal(server, looking(VpcId=lookup)) == (2, [f"VpcId: {message}"], [hint])


@pytest.mark.parametrize(
    ("there", "message", "hint"),
    [
        (
            [],
            "there is no subnet with Tier=private, Network=platform in account 123456789012, "
            "ap-northeast-1",
            LISTING.format(call="describe-subnets", items="Subnets", id="SubnetId"),
        ),
        (
            [subnet(1, PRIVATE, of=2), subnet(2, PRIVATE, "c"), subnet(3, PRIVATE)],
            "the subnets with Tier=private, Network=platform are of 2 VPCs: vpc-00000001 "
            "(subnet-00000003 and subnet-00000002) and vpc-00000002 (subnet-00000001)",
            "name one more tag, which only those of one VPC have",
        ),
        (
            [subnet(number, PRIVATE) for number in range(300)],
            "there are 300 subnets with Tier=private, Network=platform: more than a parameter can "
            "hold",
            "name one more tag, which only those have that are meant",
        ),
    ],
)
def test_subnets_of_one_vpc_have_to_be_found(
    server: Scripted, there: list[dict[str, Any]], message: str, hint: str
) -> None:
    ec2(server, "DescribeSubnets", "Subnets", *there)
    of = looking(SubnetIds=by_tags("Subnets", **PRIVATE))

    assert refusal(server, of) == (2, [f"SubnetIds: {message}"], [hint])


def test_a_missing_permission_is_not_taken_for_no_group(server: Scripted) -> None:
    stacks(server)
    server.on("ec2.DescribeSecurityGroups", DENIED)
    of = looking(GroupId=by_tags("SecurityGroup", Name="database"))

    assert refusal(server, of)[:2] == (
        14,
        [
            "GroupId: looking for the security group with Name=database: permission is missing: "
            "you are not authorized"
        ],
    )
