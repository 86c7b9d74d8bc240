"""The numbers that fit a rule: narrower before wider, and all within what ELB takes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ecs_blocks.priorities.bands import FIRST, LAST, ROOM, band, band_of, described, in_order


def condition(field: str, config: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"Field": field, config: {"Values": list(values), **more}}


ORDER = [
    pytest.param((["a.example.com"], ["/a/b"], 0), (["a.example.com"], ["/a"], 0), id="depth"),
    pytest.param((["a.example.com"], ["/a"], 0), (["a.example.com"], [], 0), id="a path"),
    pytest.param((["a.example.com"], ["/a"], 1), (["a.example.com"], ["/a"], 0), id="a header"),
    pytest.param((["a.example.com"], ["/a/*.png"], 0), (["a.example.com"], ["/a/*"], 0), id="end"),
    pytest.param((["a.example.com"], [], 0), (["*.example.com"], ["/a/b"], 0), id="a name"),
    pytest.param((["*.example.com"], [], 0), ([], ["/a/b"], 3), id="a pattern of names"),
]


@pytest.mark.parametrize(("narrow", "wide"), ORDER)
def test_the_narrower_comes_first(narrow: Any, wide: Any) -> None:
    assert max(band(*narrow)) < min(band(*wide))


def test_the_widest_value_tells_where_a_rule_stands() -> None:
    assert band(["a.b"], ["/a/b", "/a"], 0) == band(["a.b"], ["/a"], 0)


def test_every_band_is_within_what_elb_takes_and_has_room_for_a_whole_balancer() -> None:
    hosts: list[list[str]] = [["a.b"], ["*.b"], []]
    paths = [["/" + "a/" * n + end] for n in range(16) for end in ("*", "*.png")]
    found = {band(h, p, n) for h in hosts for p in paths for n in range(4)}
    bands = sorted(found, key=min)

    assert len(bands) == 3 * 16 * 2 * 4
    assert min(bands[0]) == FIRST
    assert max(bands[-1]) <= LAST
    assert {len(one) for one in bands} == {ROOM}
    assert all(max(one) < min(other) for one, other in pairwise(bands))


def test_the_numbers_in_a_band_begin_where_the_name_says() -> None:
    numbers = range(100, 110)

    assert sorted(in_order(numbers, "shop/Rule")) == list(numbers)
    assert in_order(numbers, "shop/Rule") == in_order(numbers, "shop/Rule")
    assert len({in_order(range(2, 132), f"app{n}/Rule")[0] for n in range(40)}) > 25


CONDITIONS = [
    condition("host-header", "HostHeaderConfig", {"Fn::Sub": "shop.${Zone}"}, "x.example.com"),
    condition("path-pattern", "PathPatternConfig", "/a", "/a/*"),
    condition("http-header", "HttpHeaderConfig", "a b", HttpHeaderName="X-Tenant"),
    condition("http-request-method", "HttpRequestMethodConfig", "GET"),
    condition("query-string", "QueryStringConfig", {"Key": "v", "Value": "2"}, {"Value": "x"}),
    condition("source-ip", "SourceIpConfig", "10.0.0.0/8"),
]


def test_conditions_are_described_in_one_line() -> None:
    assert described(CONDITIONS) == (
        "host=shop.${Zone},x.example.com path=/a,/a/* header:X-Tenant=a b http-request-method=GET "
        "query-string=v=2,x source-ip=10.0.0.0/8"
    )


def test_the_old_way_to_write_a_condition_is_read_too() -> None:
    old: list[dict[str, Any]] = [
        {"Field": "path-pattern", "Values": ["/a/*"]},
        {"Field": "host-header", "Values": "a.b"},
    ]

    assert described(old) == "path=/a/* host=a.b"
    assert band_of(old) == band(["a.b"], ["/a/*"], 0)


def test_the_band_of_a_template_s_rule_counts_what_is_neither_host_nor_path() -> None:
    assert band_of(CONDITIONS) == band(["a.b"], ["/a"], 4)
    assert band_of(CONDITIONS[2:3]) == band([], [], 1)
