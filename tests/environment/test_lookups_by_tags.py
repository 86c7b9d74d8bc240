"""``!Vpc``, ``!Subnets`` and ``!SecurityGroup``: what a value is found by, and what it may be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import KINDS
from tests.project import project

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = KINDS.replace(
    "    secret:",
    '    vpc: eb.Param[eb.VpcId] = eb.param(default=eb.VpcId("vpc-0a1b2c3d"))\n'
    "    group: eb.Param[eb.SecurityGroupId] = eb.param(\n"
    '        default=eb.SecurityGroupId("sg-0a1b2c3d")\n'
    "    )\n"
    "    secret:",
    1,
)
VPC = "!Vpc takes tags, like Name=platform; got"
SUBNETS = "!Subnets takes tags, like Tier=private, Network=platform; got"
LITERAL = "a tag is meant literally: letters, digits, spaces and _ . : / = + - @"

GOOD = [
    ("Vpc: !Vpc Name=platform", {"Vpc": {"Name": "platform"}}),
    ('Vpc: !Vpc "Name=main network"', {"Vpc": {"Name": "main network"}}),
    ("Vpc: !Vpc Url=a=b", {"Vpc": {"Url": "a=b"}}),
    (
        "Vpc: !Vpc aws:cloudformation:stack-name=net/1",
        {"Vpc": {"aws:cloudformation:stack-name": "net/1"}},
    ),
    (
        "Subnets: !Subnets Tier=private, Network=platform",
        {"Subnets": {"Tier": "private", "Network": "platform"}},
    ),
    ("Subnets: !Subnets Tier = private,Netz=ü", {"Subnets": {"Tier": "private", "Netz": "ü"}}),
    ("Group: !SecurityGroup Name=database", {"SecurityGroup": {"Name": "database"}}),
]
BAD = [
    ("Vpc: !Vpc", f'{VPC} ""'),
    ('Vpc: !Vpc ""', f'{VPC} ""'),
    ("Vpc: !Vpc platform", f'{VPC} "platform"'),
    ("Vpc: !Vpc vpc-0a1b2c3d", f'{VPC} "vpc-0a1b2c3d"'),
    ("Vpc: !Vpc Name=", f'{VPC} "Name="'),
    ("Vpc: !Vpc =platform", f'{VPC} "=platform"'),
    ('Vpc: !Vpc "Name=a,"', f'{VPC} "Name=a,"'),
    ("Subnets: !Subnets private", f'{SUBNETS} "private"'),
    ("Subnets: !Subnets Tier=a, , B=c", f'{SUBNETS} "Tier=a, , B=c"'),
    ("Vpc: !Vpc Name=plat*", f'!Vpc: "Name=plat*" holds "*"; {LITERAL}'),
    ("Vpc: !Vpc Name=a, Tier=b?", f'!Vpc: "Tier=b?" holds "?"; {LITERAL}'),
    ("Vpc: !Vpc N*=a", f'!Vpc: "N*=a" holds "*"; {LITERAL}'),
    ("Vpc: !Vpc Name=a\\b", f'!Vpc: "Name=a\\b" holds "\\"; {LITERAL}'),
    ("Vpc: !Vpc Name=${Network}", f'!Vpc: "Name=${{Network}}" holds "$"; {LITERAL}'),
    ("Vpc: !Vpc Name=a, Name=b", "!Vpc: the tag Name stands there twice"),
    (
        f"Vpc: !Vpc {'k' * 129}=a",
        "!Vpc: of a tag, EC2 finds a key of at most 128 characters and a value of at most 255; "
        f"{'k' * 57}… has 129 and 1",
    ),
    (
        f"Vpc: !Vpc Name={'v' * 256}",
        "!Vpc: of a tag, EC2 finds a key of at most 128 characters and a value of at most 255; "
        "Name has 4 and 256",
    ),
    (
        f"Vpc: !Vpc {', '.join(f'T{number}=a' for number in range(51))}",
        "!Vpc: 51 tags; EC2 takes 50 at once",
    ),
    (
        "Vpc: !Subnets Tier=a",
        "!Subnets finds a list of subnet's id; expected a VPC's id, which !Vpc finds",
    ),
    (
        "Subnets: !Vpc Name=a",
        "!Vpc finds a VPC's id; expected a list of subnet's id, which !Subnets finds",
    ),
    (
        "Group: !Vpc Name=a",
        "!Vpc finds a VPC's id; expected a security group's id, which !SecurityGroup finds",
    ),
    ("Words: !Vpc Name=a", "!Vpc finds a VPC's id; expected text"),
    ("Names: !Subnets Name=a", "!Subnets finds a list of subnet's id; expected a list of text"),
    ("Vpc: !vpc Name=a", "!vpc is not known here; did you mean !Vpc?"),
    ("Subnets: !Subnet Name=a", "!Subnet is not known here; did you mean !Subnets?"),
]


@pytest.mark.parametrize(("line", "expected"), GOOD)
def test_tags_stand_under_lookups(
    tmp_path: Path, line: str, expected: dict[str, dict[str, str]]
) -> None:
    made = project(tmp_path, f"parameters:\n  dev:\n    {line}\n", script=SCRIPT)
    content = json.loads(made.rendered()["hoge/dev.json"])
    key = line.partition(":")[0]

    assert content["lookups"] == {key: expected}
    assert list(content["lookups"][key].values()) == list(expected.values())
    assert key not in content["Parameters"]


@pytest.mark.parametrize(("line", "expected"), BAD)
def test_what_are_no_tags_or_no_place_for_them_is_refused(
    tmp_path: Path, line: str, expected: str
) -> None:
    made = project(tmp_path, f"parameters:\n  dev:\n    {line}\n", script=SCRIPT)
    key = line.partition(":")[0]
    where = f"stacks/hoge/environment.yaml:3:{len(key) + 7}: parameters.dev.{key}: "

    assert made.refusal() == [f"{where}{expected}"]


def test_each_mistake_is_told(tmp_path: Path) -> None:
    environment = (
        "parameters:\n  dev:\n    Vpc: !Vpc a\n    Subnets: [subnet-0a1b2c3d, !Subnets Tier=a]\n"
    )
    start = "stacks/hoge/environment.yaml:"

    assert project(tmp_path, environment, script=SCRIPT).refusal() == [
        f'{start}3:10: parameters.dev.Vpc: {VPC} "a"',
        f"{start}4:32: parameters.dev.Subnets: !Subnets stands for the whole list, not for an item "
        "of it",
    ]
