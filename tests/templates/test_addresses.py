"""Addresses that vary: one template, in which a range is a parameter like any other value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, project, script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

FIELDS = "office: eb.Param[str] = eb.param(help='who may connect')"


def varying(folder: Path, prod: str, peer: str = "eb.Cidr(env.office)") -> Project:
    """An app that lets the office of each environment in."""
    body = "\n".join(
        (
            "stack.add(",
            '    "Web",',
            "    eb.SecurityGroup(",
            '        description="tasks",',
            '        vpc_id="vpc-0a1b2c3d",',
            '        egress=(eb.Rule(443, eb.Cidr("0.0.0.0/0")),),',
            f"        ingress=(eb.Rule(8080, {peer}),),",
            "    ),",
            ")",
        )
    )
    environment = ENVIRONMENT.replace("  dev:\n", "  dev:\n    Office: 10.1.0.0/16\n")
    return project(folder, f"{environment}    Office: {prod}\n", script=script(body, fields=FIELDS))


@pytest.mark.parametrize(
    ("peer", "prod"),
    [
        ("eb.Cidr(env.office)", "10.2.0.0/16"),
        ('eb.Cidr(env.office, "ipv4")', "0.0.0.0/0"),
    ],
)
def test_one_template_lets_another_range_in_in_each_environment(
    tmp_path: Path, peer: str, prod: str
) -> None:
    files = varying(tmp_path, prod, peer).rendered()

    assert list(files) == ["hoge/dev.json", "hoge/prod.json", "hoge/template.yaml"]
    assert "CidrIp: !Ref Office" in files["hoge/template.yaml"]
    assert "port 8080 from ${Office}" in files["hoge/template.yaml"]
    assert '"Office": "10.1.0.0/16"' in files["hoge/dev.json"]
    assert f'"Office": "{prod}"' in files["hoge/prod.json"]


@pytest.mark.parametrize(
    ("peer", "prod", "message"),
    [
        (
            "eb.Cidr(env.office)",
            "10.2.0.0/33",
            "the block '10.2.0.0/33' is no range of addresses; it is written like 10.0.0.0/8 or "
            "2001:db8::/32",
        ),
        (
            'eb.Cidr(env.office, "ipv6")',
            "2001:db8::/32",
            "the block 10.1.0.0/16 is not ipv6; write one that is, or the other ip_version",
        ),
    ],
)
def test_a_range_of_one_environment_is_judged_with_its_value(
    tmp_path: Path, peer: str, prod: str, message: str
) -> None:
    said = varying(tmp_path, f'"{prod}"', peer).render().stderr

    assert message in said
