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
LITERAL = (
    "a tag is meant literally: letters, digits, spaces and signs, but not * ? \\ $ or what cannot "
    "be seen"
)

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
        {"Subnets": {"Network": "platform", "Tier": "private"}},
    ),
    ("Subnets: !Subnets Tier = private,Netz=ü", {"Subnets": {"Netz": "ü", "Tier": "private"}}),
    ("Vpc: !Vpc The Name=main network", {"Vpc": {"The Name": "main network"}}),
    ("Vpc: !Vpc Name=Prod (EU) & Co. №1", {"Vpc": {"Name": "Prod (EU) & Co. №1"}}),
    ("Vpc: !Vpc Name=bu\u0308ro", {"Vpc": {"Name": "bu\u0308ro"}}),
    ("Vpc: !Vpc Note=a=b c", {"Vpc": {"Note": "a=b c"}}),
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
    (
        "Subnets: !Subnets Tier=private Network=platform",
        '!Subnets: the value of Tier would be "private Network=platform"; is a comma missing? '
        "Tier=private, Network=platform",
    ),
    (
        "Vpc: !Vpc Name=a b = c, Tier=d",
        '!Vpc: the value of Name would be "a b = c"; is a comma missing? Name=a, b = c',
    ),
    (
        "Vpc: !Vpc Name=platform;Env=dev",
        '!Vpc: the value of Name would be "platform;Env=dev"; is a comma missing? Name=platform, '
        "Env=dev",
    ),
    (
        "Vpc: !Vpc tag:Name=platform",
        "!Vpc: a tag is named without tag: before it; write Name=platform",
    ),
    ('Vpc: !Vpc Name="platform"', "!Vpc: write Name=platform, without quotes"),
    ("Vpc: !Vpc Name='main network'", "!Vpc: write Name=main network, without quotes"),
    (
        "Vpc: !Vpc {Name: platform}",
        "!Vpc stands before text: write !Vpc Name=platform; got a mapping",
    ),
    (
        "Subnets: !Subnets [Tier=private]",
        "!Subnets stands before text: write !Subnets Tier=private, Network=platform; got a list",
    ),
    ("Vpc: !Vpc Name=plat*", f'!Vpc: "Name=plat*" holds "*"; {LITERAL}'),
    ("Vpc: !Vpc Name=a, Tier=b?", f'!Vpc: "Tier=b?" holds "?"; {LITERAL}'),
    ("Vpc: !Vpc N*=a", f'!Vpc: "N*=a" holds "*"; {LITERAL}'),
    ("Vpc: !Vpc Name=a\\b", f'!Vpc: "Name=a\\b" holds "\\"; {LITERAL}'),
    ("Vpc: !Vpc Name=${Network}", f'!Vpc: "Name=${{Network}}" holds "$"; {LITERAL}'),
    ("Vpc: !Vpc Name=a\u3164b", f'!Vpc: "Name=a\u3164b" holds "U+3164"; {LITERAL}'),
    ("Vpc: !Vpc Name=a\ufe0fb", f'!Vpc: "Name=ab" holds "U+FE0F"; {LITERAL}'),
    ("Vpc: !Vpc Name=a\xa0b", f'!Vpc: "Name=a b" holds "U+00A0"; {LITERAL}'),
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
        "!Subnets finds a list of subnet ids; expected a VPC's id, which !Vpc finds",
    ),
    (
        "Subnets: !Vpc Name=a",
        "!Vpc finds a VPC's id; expected a list of subnet ids, which !Subnets finds",
    ),
    (
        "Group: !Vpc Name=a",
        "!Vpc finds a VPC's id; expected a security group's id, which !SecurityGroup finds",
    ),
    ("Words: !Vpc Name=a", "!Vpc finds a VPC's id; expected text"),
    ("Names: !Subnets Name=a", "!Subnets finds a list of subnet ids; expected a list of text"),
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


def test_a_colon_for_an_equals_sign(tmp_path: Path) -> None:
    made = project(tmp_path, "parameters:\n  dev:\n    Vpc: !Vpc Name: platform\n", script=SCRIPT)

    assert made.refusal() == [
        "stacks/hoge/environment.yaml:3:19: not YAML: mapping values are not allowed in this "
        "context; a lookup is written like !Vpc Name=platform"
    ]


def test_the_order_of_tags_makes_no_other_lookup(tmp_path: Path) -> None:
    made = [
        project(
            tmp_path / name, f"parameters:\n  dev:\n    Subnets: !Subnets {tags}\n", script=SCRIPT
        )
        for name, tags in (("one", "Tier=a, Network=b"), ("other", "Network=b, Tier=a"))
    ]
    one, other = (each.rendered()["hoge/dev.json"] for each in made)

    assert one == other
