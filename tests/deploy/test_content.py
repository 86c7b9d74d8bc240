"""The same content on the same base has the same names, whoever asks and whenever."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ecs_blocks.deploy.content import Content, Names, token_on
from ecs_blocks.deploy.stack import content_of

CONTENT = Content(
    template="Resources: {}\n",
    parameters={"A": "1", "B": "2", "Hidden": None},
    tags={"Application": "hoge"},
)
ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/hoge-prod/0a1b"


@pytest.mark.parametrize(
    "other",
    [
        structs.replace(CONTENT, template="Resources: {} \n"),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "A": "2"}),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "Hidden": ""}),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "C": ""}),
        structs.replace(CONTENT, tags={"Application": "fuga"}),
        structs.replace(CONTENT, role_arn="arn:aws:iam::123456789012:role/r"),
    ],
)
def test_whatever_differs_gives_another_digest(other: Content) -> None:
    assert other.digest != CONTENT.digest


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_the_order_of_parameters_is_nothing(parameters: dict[str, str]) -> None:
    turned = dict(reversed(parameters.items()))

    assert Content("", turned, {}).digest == Content("", parameters, {}).digest


@given(st.text(), st.text())
def test_names_are_what_cloudformation_takes(template: str, base: str) -> None:
    names = Names.of(Content(template, {}, {}), base)
    token = token_on(names.token, ARN, base)

    assert re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", names.change_set)
    assert re.fullmatch(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}", names.token)
    assert re.fullmatch(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}", token)
    assert len(names.client_token) <= 128
    assert len(names.description) <= 1024


def test_a_running_operation_tells_its_content_by_its_token() -> None:
    token = token_on(Names.of(CONTENT, "new").token, ARN, "new")

    assert content_of(token) == CONTENT.digest[:32]


@pytest.mark.parametrize("token", ["", "x", "Console-ExecuteChangeSet-0a1b", "eb-12-34"])
def test_a_foreign_token_tells_nothing(token: str) -> None:
    assert content_of(token) is None


def test_another_base_gives_another_token() -> None:
    token = Names.of(CONTENT, "new").token

    assert len({token_on(token, ARN, base) for base in ("new", "then", "later")}) == 3
