"""Keys, logical ids, stack names, and the hash that replaces a target group."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_blocks.errors import BlockError
from ecs_blocks.naming import (
    is_app_name,
    key_of,
    logical_id,
    replacement_hash,
    stack_name,
)
from tests.properties import MODEST

STACK_NAME = r"[A-Za-z][A-Za-z0-9-]*"
"""CreateStack's own pattern."""


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a", "A"),
        ("task_max_memory", "TaskMaxMemory"),
        ("vpc_id", "VpcId"),
        ("s3_bucket", "S3Bucket"),
        ("http2", "Http2"),
        ("a_1", "A1"),
        ("p95_seconds", "P95Seconds"),
    ],
)
def test_a_field_s_key_is_pascal_case(field: str, expected: str) -> None:
    assert key_of(field) == expected


@pytest.mark.parametrize(
    "field", ["", "_a", "a_", "a__b", "A", "aB", "a-b", "1a", "a.b", "é", "a\n"]
)
def test_a_field_that_is_not_snake_case_is_refused(field: str) -> None:
    with pytest.raises(BlockError) as refused:
        key_of(field)

    assert str(refused.value) == f"{field}: a field is written in snake_case, like task_max_memory"


@pytest.mark.parametrize(
    ("block", "suffix", "expected"),
    [
        ("Hoge", "Service", "HogeService"),
        ("H2", "", "H2"),
        ("A" * 250, "Group", "A" * 250 + "Group"),
    ],
)
def test_a_logical_id_is_the_block_s_id_and_what_it_is(
    block: str, suffix: str, expected: str
) -> None:
    assert logical_id(block, suffix) == expected


@pytest.mark.parametrize("block", ["", "hoge", "1Hoge", "Ho-ge", "Ho ge", "Ho_ge", "É", "A" * 251])
def test_what_cannot_be_a_block_s_id_is_refused(block: str) -> None:
    with pytest.raises(BlockError) as refused:
        logical_id(block, "group")

    assert str(refused.value) == (
        f"{block!r} cannot be a block's id: it begins with a capital and holds letters and digits "
        "only, at most 250 of them, like 'Hoge'"
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [((), "E3B0C4"), (("a",), "CA9781"), (("HTTP", "8080", "HTTP1", "ip"), "603449")],
)
def test_the_hash_of_a_target_group_never_changes(inputs: tuple[str, ...], expected: str) -> None:
    assert replacement_hash(inputs) == expected


def test_the_hash_tells_where_one_input_ends() -> None:
    assert replacement_hash(["ab", "c"]) != replacement_hash(["a", "bc"])


@pytest.mark.parametrize("name", ["hoge", "a", "hoge-image", "a1-b2", "web2"])
def test_what_may_be_an_app(name: str) -> None:
    assert is_app_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "Hoge", "1a", "-a", "a-", "a--b", "a_b", "a.b", "a b", "a/b", "é", "a\n", "__pycache__"],
)
def test_what_cannot_be_an_app(name: str) -> None:
    assert not is_app_name(name)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{app}-{environment}", "hoge-prod"),
        ("{environment}-{app}", "prod-hoge"),
        ("Acme-{app}-x-{environment}", "Acme-hoge-x-prod"),
    ],
)
def test_a_stack_is_named_by_the_platform_s_pattern(pattern: str, expected: str) -> None:
    assert stack_name(pattern, app="hoge", environment="prod") == expected


@MODEST
@given(app=st.text("abz019-_", min_size=1, max_size=12))
def test_every_app_gives_a_stack_name_that_cloudformation_takes(app: str) -> None:
    name = stack_name("{app}-{environment}", app=app, environment="prod")

    assert not is_app_name(app) or re.fullmatch(STACK_NAME, name)
