"""Looked-up values against the declarations of their parameters."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.deploy.parameter_fit import misfit

TEXT = {"Type": "String"}
LOWER = {"Type": "String", "AllowedPattern": "^(?:[a-z]+)$", "ConstraintDescription": "has to be a"}
NUMBER = {"Type": "Number", "MinValue": 1, "MaxValue": 10.5}
CHOICE = {"Type": "Number", "AllowedValues": [1, 3]}
SUBNETS = {"Type": "List<AWS::EC2::Subnet::Id>"}
WORDS = {"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+"}


@pytest.mark.parametrize(
    ("declaration", "value", "expected"),
    [
        (TEXT, "", ""),
        (TEXT, "a,b", ""),
        (TEXT, "ä" * 2048, ""),
        (TEXT, "ä" * 2049, "a parameter holds at most 4,096 bytes; this has 4,098"),
        ({}, "anything", ""),
        (LOWER, "abc", ""),
        (LOWER, "Abc", "it has to be a"),
        (LOWER, "abc\n", "it has to be a"),
        ({"Type": "String", "AllowedPattern": "[0-9]+"}, "x", "it has to match [0-9]+"),
        ({"Type": "String", "AllowedPattern": r"\p{Alpha}+"}, "x", ""),
        ({"Type": "String", "MinLength": 2, "MaxLength": 3}, "ab", ""),
        ({"Type": "String", "MinLength": 2}, "a", "expected at least 2 characters"),
        ({"Type": "String", "MaxLength": 3}, "abcd", "expected at most 3 characters"),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "b", ""),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "expected one of a, b"),
        (NUMBER, "1", ""),
        (NUMBER, "10.5", ""),
        (NUMBER, "1e1", ""),
        (NUMBER, "0", "expected at least 1"),
        (NUMBER, "11", "expected at most 10.5"),
        (NUMBER, "one", "expected a number"),
        (NUMBER, "", "expected a number"),
        (NUMBER, "nan", "expected a number"),
        (CHOICE, "3", ""),
        (CHOICE, "2", "expected one of 1, 3"),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-0a1b2c3d", ""),
        ({"Type": "AWS::EC2::VPC::Id"}, "subnet-1", "expected a VPC's id, like vpc-0a1b2c3d"),
        (SUBNETS, "subnet-0a1b2c3d,subnet-0a1b2c3e", ""),
        (SUBNETS, "subnet-0a1b2c3d, subnet-0a1b2c3e", ""),
        (SUBNETS, "subnet-0a1b2c3d,x", "expected a subnet's id, like subnet-0a1b2c3d"),
        (SUBNETS, "", "expected a subnet's id, like subnet-0a1b2c3d"),
        (WORDS, "a,b", ""),
        (WORDS, "a,B", "it has to match [a-z]+"),
        ({"Type": "List<Number>"}, "1,2.5", ""),
        ({"Type": "List<Number>"}, "1,x", "expected a number"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/a", ""),
    ],
)
def test_a_value_is_judged_as_cloudformation_would(
    declaration: dict[str, Any], value: str, expected: str
) -> None:
    assert misfit(declaration, value) == expected
