"""JSON with tokens in it: the same text whether they are tokens or their values."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.json_text import Raw, as_json
from tests.blocks.helpers import TOKENS


def test_json_without_a_token_is_plain_text() -> None:
    tree = {"a": [1, "b", True], "c": Raw(60)}

    assert as_json(tree) == json.dumps({"a": [1, "b", True], "c": 60}, indent=2)


def test_a_token_is_text_unless_it_is_raw() -> None:
    found: Any = as_json({"name": TOKENS.word, "count": Raw(TOKENS.number)})

    assert found.to_dict() == {"Fn::Sub": '{\n  "name": "${Word}",\n  "count": ${Number}\n}'}


def test_a_part_of_a_text_is_joined_in_place() -> None:
    joined: eb.Token[str] = eb.Token({"Fn::Join": ['","', {"Ref": "SubnetIds"}]})
    found: Any = as_json([Raw(joined, quoted=True)])

    assert found.to_dict() == {
        "Fn::Sub": ['[\n  "${Part1}"\n]', {"Part1": {"Fn::Join": ['","', {"Ref": "SubnetIds"}]}}]
    }


@pytest.mark.parametrize("word", ["${NotAVariable}", "é 日", 'a "quoted" word', "1"])
def test_other_text_stays_as_it_is(word: str) -> None:
    plain = as_json({"word": word, "count": Raw(1)})
    found: Any = as_json({"word": word, "count": Raw(TOKENS.number)})

    assert isinstance(plain, str)
    assert json.loads(plain) == {"word": word, "count": 1}
    text = found.to_dict()["Fn::Sub"].replace("${Number}", "1").replace("${!", "${")
    assert json.loads(text) == {"word": word, "count": 1}
