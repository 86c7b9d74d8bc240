"""Which requests go to a service, as rules that ELB takes.

Trap 5: a rule has room for five values, all conditions together; a route with more becomes several
rules, and none of its requests is lost or sent twice.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, strategies

import ecs_blocks as eb
from ecs_blocks.priorities.patterns import depth, text_of, wildcards
from ecs_blocks.values import Token
from tests.blocks.helpers import TOKENS
from tests.properties import MODEST

HOST = "web.example.com"


def rules(**changed: Any) -> list[dict[str, list[Any]]]:
    """The values of each rule's conditions, by field (and name)."""
    return [
        {f"{one.field} {one.name}".strip(): list(one.values) for one in conditions}
        for conditions in eb.Route(**changed).rules(HOST)
    ]


def test_without_anything_said_a_route_is_the_service_s_name() -> None:
    assert rules() == [{"host-header": [HOST]}]


def test_all_conditions_of_a_route_stand_in_one_rule() -> None:
    assert rules(
        paths=("/a",),
        headers={"X-Tenant": ("acme",)},
        methods=("POST",),
        query={"version": ("2",)},
    ) == [
        {
            "host-header": [HOST],
            "path-pattern": ["/a"],
            "http-header X-Tenant": ["acme"],
            "http-request-method": ["POST"],
            "query-string version": ["2"],
        }
    ]


SPLIT = [
    pytest.param({"paths": ("/a", "/b", "/c", "/d")}, [(1, 4)], id="just room"),
    pytest.param({"paths": ("/a", "/b", "/c", "/d", "/e")}, [(1, 4), (1, 1)], id="one more"),
    pytest.param(
        {"paths": eb.under("/shop", "/cart", "/checkout")}, [(1, 4), (1, 2)], id="prefixes"
    ),
    pytest.param(
        {"hosts": tuple(f"h{n}.example.com" for n in range(7))}, [(5,), (2,)], id="seven hosts"
    ),
    pytest.param(
        {"hosts": ("a.b", "c.d", "e.f"), "paths": ("/a", "/b", "/c")},
        [(2, 3), (1, 3)],
        id="three by three",
    ),
    pytest.param(
        {"methods": ("GET", "HEAD", "PUT"), "paths": ("/a", "/b")},
        [(1, 1, 3), (1, 1, 3)],
        id="paths are cut",
    ),
    pytest.param(
        {"source_ips": tuple(f"10.{n}.0.0/16" for n in range(6))}, [(1, 4), (1, 2)], id="addresses"
    ),
]


@pytest.mark.parametrize(("route", "sizes"), SPLIT)
def test_trap_5_more_than_five_values_become_several_rules(
    route: dict[str, Any], sizes: list[tuple[int, ...]]
) -> None:
    found = [tuple(len(values) for values in rule.values()) for rule in rules(**route)]

    assert found == sizes


COUNTS = strategies.integers(min_value=0, max_value=9)


@pytest.mark.slow
@MODEST
@given(hosts=COUNTS, paths=COUNTS, methods=COUNTS, addresses=COUNTS)
def test_trap_5_every_request_goes_through_exactly_one_rule_of_at_most_five_values(
    hosts: int, paths: int, methods: int, addresses: int
) -> None:
    route = {
        "hosts": tuple(f"h{n}.example.com" for n in range(hosts)),
        "paths": tuple(f"/p{n}" for n in range(paths)),
        "methods": tuple(f"M{'A' * n}" for n in range(methods)),
        "source_ips": tuple(f"10.{n}.0.0/16" for n in range(addresses)),
    }
    fields = ("host-header", "path-pattern", "http-request-method", "source-ip")
    found = rules(**route)

    assert all(sum(map(len, rule.values())) <= 5 for rule in found)
    cells = [
        cell for rule in found for cell in product(*(rule.get(field, [None]) for field in fields))
    ]
    wanted = product(
        route["hosts"] or (HOST,),
        *(route[name] or (None,) for name in ("paths", "methods", "source_ips")),
    )
    assert sorted(cells, key=str) == sorted(wanted, key=str)


def test_trap_5_a_rule_has_at_most_five_wildcards() -> None:
    found = rules(hosts=("*.a.b", "*.c.d"), paths=("/*/x/*", "/*/y/*", "/*/z/*"))

    assert [sum(wildcards(v) for values in rule.values() for v in values) for rule in found] == [
        4,
        4,
        4,
    ]


def test_paths_of_one_depth_stand_together() -> None:
    found = rules(paths=("/a/b", "/a", "/c/d/*", "/a/*", "/a/*.png"))

    assert [rule["path-pattern"] for rule in found] == [
        ["/a/b", "/c/d/*"],
        ["/a", "/a/*"],
        ["/a/*.png"],
    ]
    assert all(len({depth(path) for path in rule["path-pattern"]}) == 1 for rule in found)


def test_names_and_patterns_of_names_stand_apart() -> None:
    found = rules(hosts=("*.example.com", "a.example.com", "b.example.com"))

    assert [rule["host-header"] for rule in found] == [
        ["*.example.com"],
        ["a.example.com", "b.example.com"],
    ]


def test_a_host_may_be_a_token() -> None:
    host = eb.text("*.", TOKENS.hosted_zone_name)

    [rule] = rules(hosts=(host,))

    assert text_of(rule["host-header"][0]) == "*.${HostedZoneName}"
    assert isinstance(rule["host-header"][0], Token)


@pytest.mark.parametrize(
    ("prefixes", "patterns"),
    [
        (("/shop",), ("/shop", "/shop/*")),
        (("/shop/",), ("/shop", "/shop/*")),
        (("/a", "/b/c"), ("/a", "/a/*", "/b/c", "/b/c/*")),
        (("/",), ("/", "/*")),
    ],
)
def test_what_is_under_a_prefix(prefixes: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    assert eb.under(*prefixes) == patterns


REFUSED: list[Any] = [
    pytest.param({"paths": "/a"}, "paths is a tuple, like ('/a',)", id="a text for paths"),
    pytest.param({"hosts": "a.b"}, "hosts is a tuple, like ('a.b',)", id="a text for hosts"),
    pytest.param({"paths": ("shop",)}, "the path 'shop' begins with no slash", id="no slash"),
    pytest.param(
        {"paths": ("/a?b=c",)},
        "'/a?b=c' cannot be a path; it is written like /shop/*",
        id="a query in the path",
    ),
    pytest.param(
        {"paths": ("/" + "a" * 128,)},
        f"'/{'a' * 128}' cannot be a path; it is written like /shop/*",
        id="a long path",
    ),
    pytest.param(
        {"hosts": ("https://a.b",)},
        "'https://a.b' cannot be a host; it is written like shop.example.com or *.example.com",
        id="a URL",
    ),
    pytest.param(
        {"hosts": ("localhost",)},
        "'localhost' cannot be a host; it is written like shop.example.com or *.example.com",
        id="a host without a dot",
    ),
    pytest.param(
        {"methods": ("get",)},
        "'get' cannot be a method; it is written like GET",
        id="a method in lower case",
    ),
    pytest.param(
        {"headers": {"Host": ("a.b",)}},
        "the header Host is what hosts is for",
        id="the header Host",
    ),
    pytest.param(
        {"headers": {"X Tenant": ("a",)}},
        "'X Tenant' cannot be a header; it is written like X-Tenant",
        id="a header with a space",
    ),
    pytest.param({"priority": 0}, "priority is 0; allowed: 1 to 50000", id="priority 0"),
    pytest.param(
        {"name": "admin"},
        "'admin' cannot be a route's name; it is written like Admin",
        id="a name in lower case",
    ),
]


@pytest.mark.parametrize(("route", "message"), REFUSED)
def test_what_elb_refuses_is_refused(route: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Route(**route)

    assert str(refused.value) == message


def test_trap_5_six_conditions_fit_into_no_rule() -> None:
    route = eb.Route(
        paths=("/a",),
        methods=("GET",),
        headers={"A": ("1",), "B": ("1",)},
        query={"c": ("1",)},
    )

    with pytest.raises(eb.BlockError) as refused:
        route.rules(HOST)

    assert str(refused.value) == "a route with 6 conditions; a rule takes 5"


def test_trap_5_one_path_with_six_wildcards_fits_into_no_rule() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Route(paths=("/*/*/*/*/*/*",)).rules(HOST)

    assert (
        str(refused.value)
        == "a rule takes 5 wildcards, in all its conditions together; make routes with fewer"
    )
