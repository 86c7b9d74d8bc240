from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Template, Unknown
from ecs_blocks.checks.views.texts import (
    arn_parts,
    log_group_name,
    settled,
    sole_reference,
    text_of,
)

TEMPLATE = Template({"Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}}})
ARN = "arn:${AWS::Partition}:logs:${AWS::Region}:1:log-group:"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (7, "7"),
        (True, "true"),
        ({"Ref": "A"}, "${A}"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "${A.Arn}"),
        ({"Fn::GetAtt": "A.Arn"}, "${A.Arn}"),
        ({"Fn::Sub": "x-${A}"}, "x-${A}"),
        ({"Fn::Sub": ["x-${a}-${B}", {"a": {"Ref": "A"}}]}, "x-${A}-${B}"),
        ({"Fn::Join": ["/", ["x", {"Ref": "A"}, {"Fn::ImportValue": "y"}]]}, "x/${A}/${?}"),
        ({"Fn::ImportValue": "y"}, None),
        ([], None),
        (None, None),
    ],
)
def test_one_form_for_every_spelling(value: Any, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        ({"Ref": "A"}, ("A", "Ref")),
        ({"Fn::Sub": "${A.Arn}"}, ("A", "Arn")),
        ({"Fn::Sub": "${A}-x"}, None),
        ({"Fn::Sub": "${!A}"}, None),
        ("a", None),
    ],
)
def test_sole_reference(value: Any, reference: tuple[str, str] | None) -> None:
    assert sole_reference(value) == reference


def test_what_comes_from_outside_is_unknown() -> None:
    assert settled({"Ref": "Group"}, TEMPLATE, "X") == "${Group}"
    assert settled({"Fn::Sub": "a-${Outside}"}, TEMPLATE, "X") == "a-${Outside}"
    assert settled(None, TEMPLATE, "X") == ""
    for value in ({"Ref": "Outside"}, {"Fn::ImportValue": "y"}):
        with pytest.raises(Unknown):
            settled(value, TEMPLATE, "X")


def test_colons_of_references_do_not_part_an_arn() -> None:
    assert arn_parts(f"{ARN}x:*")[5] == "log-group:x:*"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (f"{ARN}/ecs/web:*", "/ecs/web"),
        (f"{ARN}/ecs/${{AWS::StackName}}:log-stream:*", "/ecs/${AWS::StackName}"),
        ("arn:aws:logs:*:*:*", "*"),
        ("arn:aws:s3:::bucket", None),
        ("*", None),
    ],
)
def test_log_group_name(arn: str, name: str | None) -> None:
    assert log_group_name(arn) == name
