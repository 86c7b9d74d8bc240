"""EB518. Regression: sg-no-description; a prefix list (sg-prefix-list) is good."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.rule_description import CHECK
from tests.checks.helpers import resource, verdict

GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"

RULE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourcePrefixListId": "pl-1"}
SAID = {**RULE, "Description": "HTTPS from CloudFront"}
GOOD = [
    pytest.param({"Group": resource(GROUP, SecurityGroupIngress=[SAID])}, id="inline"),
    pytest.param({"Group": resource(GROUP)}, id="no rules"),
    pytest.param({"Rule": resource(INGRESS, **SAID)}, id="ingress"),
    pytest.param({"Rule": resource(EGRESS, **SAID)}, id="egress"),
    pytest.param({"Rule": resource(INGRESS, **{**RULE, "Description": {"Ref": "A"}})}, id="Ref"),
]
BAD = [
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupIngress=[SAID, RULE], SecurityGroupEgress=[RULE])},
        ["Group.SecurityGroupIngress.1.Description", "Group.SecurityGroupEgress.0.Description"],
        id="inline",
    ),
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupIngress=RULE)},
        ["Group.SecurityGroupIngress.0.Description"],
        id="one rule without a list",
    ),
    pytest.param({"Rule": resource(INGRESS, **RULE)}, ["Rule.Description"], id="ingress"),
    pytest.param({"Rule": resource(EGRESS, Description="")}, ["Rule.Description"], id="empty"),
]
UNKNOWN = [
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupIngress=[{"Fn::If": ["Web", RULE, SAID]}])},
        "Group.SecurityGroupIngress.0",
        id="rule",
    ),
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupEgress={"Fn::If": ["Web", [], [SAID]]})},
        "Group.SecurityGroupEgress",
        id="list",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
