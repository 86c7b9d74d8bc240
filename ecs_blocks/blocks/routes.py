"""Which requests go to a service, and as how many listener rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.authentication import Authentication, Public
from ecs_blocks.blocks.limits import check_block, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.priorities.bands import CONFIGS, LAST
from ecs_blocks.priorities.patterns import depth, has_wildcard, text_of, wildcards
from ecs_blocks.values import Token, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_VALUES: Final = 5
"""Condition values of one rule, all conditions together; not adjustable.

Source: Elastic Load Balancing User Guide, "Quotas for your Application Load Balancers".
"""
MAX_WILDCARDS: Final = 5
MAX_LENGTH: Final = 128
_PATH: Final = re.compile(r"[A-Za-z0-9_.$/~\"'@:+&*?-]+")
_HOST: Final = re.compile(r"[A-Za-z0-9.*?-]+\.[A-Za-z*?]+")
_METHOD: Final = re.compile(r"[A-Z_-]{1,40}")
HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}")
_NAME: Final = re.compile(r"(?:[A-Z][A-Za-z0-9]*)?")


class Allotted(Struct, frozen=True):
    """A priority that stands in ``stacks/priorities.lock``: ``ecs-blocks priorities`` gives it.

    On a balancer of the service's own it comes from what the rule matches.
    """


def check_priority(priority: Value[int] | Allotted) -> None:
    """Refuse a number that no rule can have.

    Raises:
        BlockError: it is not between 1 and 50000.
    """
    if not isinstance(priority, Allotted):
        check_within("priority", priority, 1, LAST)


def under(*prefixes: str) -> tuple[str, ...]:
    """The patterns for whole parts of a site: ``/shop`` is ``/shop`` itself and ``/shop/*``."""
    return tuple(
        pattern
        for prefix in prefixes
        for pattern in (prefix.rstrip("/") or "/", prefix.rstrip("/") + "/*")
    )


class Condition(Struct, frozen=True):
    """One condition of a rule, with some of its values; ``name`` is a header's or a parameter's."""

    field: str
    values: Sequence[Any]
    name: str = ""

    def cut(self, size: int) -> list[Condition]:
        """It in pieces of *size* values."""
        return [
            Condition(self.field, self.values[n : n + size], self.name)
            for n in range(0, len(self.values), size)
        ]

    def wildcards(self) -> int:
        """How many it has; methods and addresses have none."""
        if self.field in ("http-request-method", "source-ip"):
            return 0
        return sum(wildcards(text_of(value)) for value in self.values)

    def resource(self) -> Any:
        """As the rule has it."""
        values: dict[str, Any] = {"Values": list(self.values)}
        if self.field == "http-header":
            values["HttpHeaderName"] = self.name
        if self.field == "query-string":
            values["Values"] = [
                elb.QueryStringKeyValue(Key=self.name, Value=value) for value in self.values
            ]
        config = CONFIGS[self.field]
        return elb.Condition(Field=self.field, **{config: getattr(elb, config)(**values)})


class Route(Struct, frozen=True, kw_only=True):
    """Which requests go to a service: all the conditions have to hold, of each any one value.

    Attributes:
        hosts: names, ``*`` and ``?`` as wildcards; without any it is the service's own name. Any
            other needs its records (``AliasRecords``) and a certificate that has it.
        paths: patterns like ``/img/*.png``, or ``under("/shop")``; without any, every path.
        methods: ``GET``, ``POST``, …
        headers: patterns by the header's name.
        query: patterns by the parameter's name.
        source_ips: ranges of addresses that connect, ``203.0.113.7/32`` for one; behind a CDN
            those are the CDN's.
        authentication: who has to sign in first (``Oidc``, ``Cognito``); by default nobody.
        priority: a number of your own (``env.shop_priority``), for a route of one rule only.
        name: sets the ids of its rules apart: ``Admin``. Without one they are counted.

    A rule has room for five values (trap 5): a route with more becomes several rules. Values that
    have to stand at different places among other rules, ``/a`` and ``/a/b``, do so too.
    """

    hosts: tuple[Value[str], ...] = ()
    paths: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source_ips: tuple[Value[str], ...] = ()
    authentication: Authentication = Public()
    priority: Value[int] | Allotted = Allotted()
    name: str = ""

    def __post_init__(self) -> None:
        for word in ("hosts", "paths", "methods", "source_ips"):
            if isinstance(getattr(self, word), str):
                raise BlockError(f"{word} is a tuple, like ({getattr(self, word)!r},)")
        for one in self.hosts:
            _check("host", one, _HOST, "shop.example.com or *.example.com")
        for path in self.paths:
            _check("path", path, _PATH, "/shop/*")
            if path[0] not in "/*?":
                raise BlockError(f"the path {path!r} begins with no slash")
        for method in self.methods:
            _check("method", method, _METHOD, "GET")
        for header in self.headers:
            _check("header", header, HEADER, "X-Tenant")
            if header.lower() == "host":
                raise BlockError("the header Host is what hosts is for")
        for block in self.source_ips:
            check_block("the source address", block)
        check_priority(self.priority)
        if not _NAME.fullmatch(self.name):
            raise BlockError(f"{self.name!r} cannot be a route's name; it is written like Admin")

    def rules(self, host: Value[str]) -> list[tuple[Condition, ...]]:
        """The conditions of each of its rules; *host* is the service's own name.

        Raises:
            BlockError: they cannot be cut into rules that ELB takes.
        """
        hosts = _by_kind(self.hosts or (host,), has_wildcard)
        paths = _by_kind(self.paths, depth)
        return [
            conditions
            for some_hosts, some_paths in product(hosts, paths or [[]])
            for conditions in self._cut(some_hosts, some_paths)
        ]

    def _cut(self, hosts: list[Any], paths: list[Any]) -> Iterator[tuple[Condition, ...]]:
        """As few rules as ELB's limits allow."""
        parts = [part for part in self._parts(hosts, paths) if part.values]
        if len(parts) > MAX_VALUES:
            raise BlockError(f"a route with {len(parts)} conditions; a rule takes {MAX_VALUES}")
        for sizes in _sizes([len(part.values) for part in parts]):
            cuts = [part.cut(size) for part, size in zip(parts, sizes, strict=True)]
            rules = list(product(*cuts))
            if all(sum(part.wildcards() for part in rule) <= MAX_WILDCARDS for rule in rules):
                yield from rules
                return
        raise BlockError(
            f"a rule takes {MAX_WILDCARDS} wildcards, in all its conditions together; make routes "
            "with fewer"
        )

    def _parts(self, hosts: list[Any], paths: list[Any]) -> list[Condition]:
        return [
            Condition("host-header", hosts),
            Condition("path-pattern", paths),
            *(Condition("http-header", values, name) for name, values in self.headers.items()),
            Condition("http-request-method", self.methods),
            *(Condition("query-string", values, name) for name, values in self.query.items()),
            Condition("source-ip", self.source_ips),
        ]


def _sizes(counts: Sequence[int]) -> list[tuple[int, ...]]:
    """How many values of each condition a rule may hold: what makes the fewest rules first."""
    choices = product(*(range(1, min(count, MAX_VALUES) + 1) for count in counts))
    fitting = [sizes for sizes in choices if sum(sizes) <= MAX_VALUES]

    def rules(sizes: tuple[int, ...]) -> int:
        found = 1
        for count, size in zip(counts, sizes, strict=True):
            found *= -(-count // size)
        return found

    return sorted(fitting, key=lambda sizes: (rules(sizes), -sum(sizes)))


def _by_kind(values: Sequence[Any], kind: Any) -> list[list[Any]]:
    """Values of one kind together, in the order in which they come."""
    found: dict[Any, list[Any]] = {}
    for value in values:
        found.setdefault(kind(value), []).append(value)
    return list(found.values())


def _check(what: str, value: Value[str], form: re.Pattern[str], example: str) -> None:
    if isinstance(value, Token):
        return
    if not isinstance(value, str) or not form.fullmatch(value) or len(value) > MAX_LENGTH:
        raise BlockError(f"{value!r} cannot be a {what}; it is written like {example}")
