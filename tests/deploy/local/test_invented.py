"""A made-up value is one that the template's parameter would take."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ecs_blocks.deploy.local.invented import invented


@pytest.mark.parametrize(
    ("declaration", "pattern"),
    [
        ({"Type": "AWS::EC2::VPC::Id"}, r"vpc-[0-9a-f]{17}"),
        ({"Type": "AWS::EC2::Subnet::Id"}, r"subnet-[0-9a-f]{17}"),
        (
            {"Type": "List<AWS::EC2::Subnet::Id>"},
            r"(subnet-[0-9a-f]{17}),(?!\1)subnet-[0-9a-f]{17}",
        ),
        ({"Type": "AWS::EC2::SecurityGroup::Id"}, r"sg-[0-9a-f]{17}"),
        ({"Type": "AWS::Route53::HostedZone::Id"}, r"Z[0-9A-F]{20}"),
        ({"Type": "Number", "MinValue": 5}, "5"),
        ({"Type": "Number"}, "1"),
        ({"Type": "String", "AllowedValues": ["blue", "green"]}, "blue"),
        (
            {
                "Type": "String",
                "AllowedPattern": "^arn:aws:sns:.+$",
                "ConstraintDescription": "has to be a topic, like arn:aws:sns:x:1:alarms",
            },
            "arn:aws:sns:x:1:alarms",
        ),
        (
            {
                "Type": "String",
                "AllowedPattern": "^[0-9]+$",
                "ConstraintDescription": "has to be digits, like these",
            },
            "local",
        ),
        ({"Type": "String"}, "local"),
        ({}, "local"),
    ],
)
def test_value_fits_its_declaration(declaration: dict[str, Any], pattern: str) -> None:
    value = invented(declaration, "/platform/name")

    assert re.fullmatch(pattern, value)
    assert invented(declaration, "/platform/name") == value


def test_two_names_get_two_ids() -> None:
    declaration = {"Type": "AWS::EC2::VPC::Id"}

    assert invented(declaration, "/a") != invented(declaration, "/b")
