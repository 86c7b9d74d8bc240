"""What a part of a template refers to."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.templates.references import references, referred_names


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"Ref": "A"}, [("A", "")]),
        ({"Ref": "AWS::Region"}, [("AWS::Region", "")]),
        ({"Fn::GetAtt": ["A", "Arn"]}, [("A", "Arn")]),
        ({"Fn::GetAtt": ["A", "Endpoint", "Address"]}, [("A", "Endpoint.Address")]),
        ({"Fn::GetAtt": "A.Endpoint.Address"}, [("A", "Endpoint.Address")]),
        ({"Fn::GetAtt": ["A", {"Ref": "Which"}]}, [("A", ""), ("Which", "")]),
        ({"Fn::Sub": "${A}-${ B.Arn }-${!C}"}, [("A", ""), ("B", "Arn")]),
        ({"Fn::Sub": "${AWS::Region}"}, [("AWS::Region", "")]),
        ({"Fn::Sub": ["${A}-${B}", {"B": {"Ref": "C"}}]}, [("A", ""), ("C", "")]),
        ({"Fn::If": ["C", {"Ref": "A"}, {"Ref": "B"}]}, [("A", ""), ("B", "")]),
        ({"Fn::Join": ["", ["x", {"Fn::GetAtt": "G.Arn"}]]}, [("G", "Arn")]),
        ({"a": [{"b": {"Ref": "A"}}], "c": "${B}"}, [("A", "")]),
        # a mapping with a second key is no function; nor is what CloudFormation would refuse
        ({"Ref": "A", "Other": {"Ref": "B"}}, [("B", "")]),
        ({"Ref": ["A"]}, []),
        ({"Fn::Sub": {"Ref": "A"}}, [("A", "")]),
        ("A", []),
        (None, []),
    ],
)
def test_every_reference_is_found(tree: Any, expected: list[tuple[str, str]]) -> None:
    assert references(tree) == expected
    assert referred_names(tree) == [name for name, _ in expected]
