"""Short names, and AWS's texts made fit for a screen."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.ecs import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n  b\tc ", "a b c"),
        ("x status code: 400, request id: 2831992f-899d-11e8", "x status code: 400"),
        ("pull image manifest has been retried 7 time(s): no", "pull image manifest: no"),
        ("create stream has been retried 1 times: no", "create stream: no"),
        ("Get https://x/y?X-Amz-Signature=abc: 500", "Get https://x/y 500"),
        ("Get https://user:pass@x/y: 500", "Get https://x/y: 500"),
        ("\x1b[31mred\x1b[0m\x07", "red"),
        ("n" * 500, "n" * 399 + "…"),
    ],
)
def test_a_text_of_aws_is_cleaned(text: str, expected: str) -> None:
    assert names.cleaned(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("instance i-0abc1234 stopped", "instance i-0def5678 stopped"),
        (f"container-instance {'a' * 32} is full", f"container-instance {'b' * 32} is full"),
        ("x request id: aaaaaaaa", "x request id: bbbbbbbb"),
    ],
)
def test_texts_that_differ_by_an_id_are_the_same(one: str, other: str) -> None:
    assert names.anonymous(one) == names.anonymous(other)


def test_texts_that_differ_otherwise_are_not() -> None:
    assert names.anonymous("exited 1") != names.anonymous("exited 2")


@pytest.mark.parametrize(
    ("arn", "cluster"),
    [
        ("arn:aws:ecs:x:1:service/prod/hoge", "prod"),
        ("arn:aws:ecs:x:1:service/hoge", ""),
    ],
)
def test_the_cluster_is_in_a_services_arn_but_for_the_old_format(arn: str, cluster: str) -> None:
    assert names.cluster_in(arn) == cluster


def test_a_log_line_keeps_its_indentation_and_loses_what_steers_a_terminal() -> None:
    assert names.printable("  \x1b[1mFile\x1b[0m\t'x'\r\n") == "  File    'x'"
