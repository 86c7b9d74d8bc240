"""Security groups.

Trap 39: open in both directions by default elsewhere; here each rule is one port, to or from one
named peer, and without a rule nothing comes in.
"""

from __future__ import annotations

from typing import Any

import pytest
from troposphere import ec2

import ecs_blocks as eb
from ecs_blocks.blocks.security_group import ANYWHERE, allow_into, group_id
from ecs_blocks.blocks.security_group import Peer as AnyPeer
from ecs_blocks.templates.stack import Scope
from tests.blocks.helpers import TOKENS, VPC, built, https_out, resources

_GROUP = eb.SecurityGroupId("sg-0a1b2c3d")
_ALLOWED = "EC2 takes letters and digits of ASCII, spaces and ._-:/()#,@[]+=&;{}!$*"


def group(**changed: Any) -> eb.SecurityGroup:
    arguments: dict[str, Any] = {"description": "tasks", "vpc_id": VPC, "egress": (https_out(),)}
    return eb.SecurityGroup(**arguments | changed)


@pytest.mark.parametrize(
    ("version", "key"), [(None, "CidrIp"), ("ipv4", "CidrIp"), ("ipv6", "CidrIpv6")]
)
def test_addresses_may_vary_by_environment(version: Any, key: str) -> None:
    found = resources(group(ingress=(eb.Rule(8080, eb.Cidr(TOKENS.word, version)),)))

    assert found["WebSecurityGroup"]["Properties"]["SecurityGroupIngress"] == [
        {
            "Description": {"Fn::Sub": "port 8080 from ${Word}"},
            "IpProtocol": "tcp",
            "FromPort": 8080,
            "ToPort": 8080,
            key: {"Ref": "Word"},
        }
    ]


def test_trap_39_nothing_comes_in_and_only_what_is_named_goes_out() -> None:
    assert resources(group()) == {
        "WebSecurityGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "tasks",
                "VpcId": VPC,
                "SecurityGroupEgress": [
                    {
                        "Description": "port 443 to anywhere",
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIp": "0.0.0.0/0",
                    }
                ],
            },
        }
    }


def test_a_vpc_may_be_a_token() -> None:
    found = resources(group(vpc_id=TOKENS.vpc_id))["WebSecurityGroup"]["Properties"]

    assert found["VpcId"] == {"Ref": "VpcId"}


PEERS = [
    pytest.param(
        eb.Cidr("10.0.0.0/8"), "10.0.0.0/8", {"CidrIp": "10.0.0.0/8"}, None, id="addresses"
    ),
    pytest.param(
        eb.Cidr("2001:db8::/32"), "2001:db8::/32", {"CidrIpv6": "2001:db8::/32"}, None, id="IPv6"
    ),
    pytest.param(ANYWHERE[0], "anywhere", {"CidrIp": "0.0.0.0/0"}, None, id="anywhere"),
    pytest.param(ANYWHERE[1], "anywhere", {"CidrIpv6": "::/0"}, None, id="anywhere by IPv6"),
    pytest.param(
        eb.Group(_GROUP, "the database"),
        "the database",
        {"SourceSecurityGroupId": _GROUP},
        {"DestinationSecurityGroupId": _GROUP},
        id="a group",
    ),
    pytest.param(
        eb.Group(eb.get_att(ec2.SecurityGroup("Other"), "GroupId"), "the tasks"),
        "the tasks",
        {"SourceSecurityGroupId": {"Fn::GetAtt": ["Other", "GroupId"]}},
        {"DestinationSecurityGroupId": {"Fn::GetAtt": ["Other", "GroupId"]}},
        id="a group of the template",
    ),
    pytest.param(
        eb.PrefixList("pl-58a04531"),
        "a prefix list",
        {"SourcePrefixListId": "pl-58a04531"},
        {"DestinationPrefixListId": "pl-58a04531"},
        id="a prefix list",
    ),
]


@pytest.mark.parametrize(("peer", "label", "source", "destination"), PEERS)
def test_a_rule_is_one_port_and_says_in_words_what_it_is_for(
    peer: AnyPeer, label: str, source: dict[str, Any], destination: dict[str, Any] | None
) -> None:
    rule = eb.Rule(5432, peer)

    def plain(direction: str) -> dict[str, Any]:
        properties = rule.properties(direction)
        return {k: v.to_dict() if isinstance(v, eb.Token) else v for k, v in properties.items()}

    port = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    assert plain("ingress") == {"Description": f"port 5432 from {label}", **port, **source}
    assert plain("egress") == {
        "Description": f"port 5432 to {label}",
        **port,
        **(destination or source),
    }


def test_what_comes_in_stands_in_the_group_itself() -> None:
    found = resources(group(ingress=(eb.Rule(80, eb.Cidr("10.0.0.0/8")),)))

    assert found["WebSecurityGroup"]["Properties"]["SecurityGroupIngress"] == [
        {
            "Description": "port 80 from 10.0.0.0/8",
            "IpProtocol": "tcp",
            "FromPort": 80,
            "ToPort": 80,
            "CidrIp": "10.0.0.0/8",
        }
    ]


def test_two_groups_may_name_each_other_by_a_rule_of_its_own() -> None:
    made = built(group())
    allow_into(
        Scope(made.stack, "Web"),
        made.handle,
        eb.Rule(8080, eb.Group(group_id(made.handle), "itself")),
        "FromItself",
    )

    assert made.resources["WebFromItself"] == {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
            "Description": "port 8080 from itself",
            "IpProtocol": "tcp",
            "FromPort": 8080,
            "ToPort": 8080,
            "SourceSecurityGroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
        },
    }


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Rule(port, ANYWHERE[0])

    assert str(refused.value) == f"port {port} is not between 1 and 65535"


@pytest.mark.parametrize("port", [1, 443, 65535])
def test_a_port_that_exists_is_taken(port: int) -> None:
    assert eb.Rule(port, ANYWHERE[0]).properties("ingress")["ToPort"] == port


def test_a_group_that_lets_everything_out_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        group(egress=())

    assert str(refused.value) == (
        "a security group without a rule for what goes out lets everything out, to anywhere; name "
        "at least one"
    )


@pytest.mark.parametrize(
    ("description", "message"),
    [
        pytest.param(
            "the app's tasks", f'"the app\'s tasks" cannot be a description: {_ALLOWED}', id="'"
        ),
        pytest.param("für", f"'für' cannot be a description: {_ALLOWED}", id="umlaut"),
        pytest.param(
            "x" * 256, f"'{'x' * 40}'… is longer than 255 characters", id="256 characters"
        ),
    ],
)
def test_a_description_that_ec2_refuses_is_refused_here(description: str, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        group(description=description)

    assert str(refused.value) == message


def test_a_peer_s_name_is_part_of_a_description_too() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Rule(5432, eb.Group(_GROUP, "the app's database"))

    assert str(refused.value) == (
        f'"port 5432 from the app\'s database" cannot be a description: {_ALLOWED}'
    )


def test_the_logical_ids_are_a_contract() -> None:
    assert built(group(), "Database").ids == ["DatabaseSecurityGroup"]


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(group())

    made.handle.GroupName = "tasks-of-web"

    assert made.resources["WebSecurityGroup"]["Properties"]["GroupName"] == "tasks-of-web"
