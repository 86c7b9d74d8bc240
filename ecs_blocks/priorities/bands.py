"""The number of a rule by what it matches: the narrower, the lower, and so the sooner.

The 50,000 priorities are cut into bands, one for each kind of rule; each has room for more rules
than a listener can have. Where a rule stands in its band comes from its name. So a new rule never
moves another one, and two people who add one each rarely get the same number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ecs_blocks.priorities.patterns import MAX_DEPTH, depth, has_wildcard, text_of

LAST: Final = 50_000
"""The highest priority that ELB takes."""
ROOM: Final = 130
"""Numbers in a band; a load balancer has at most 100 rules, unless the quota was raised."""
FIRST: Final = 2
"""1 is that of the only rule of a service's own balancer."""
_EXTRAS: Final = 4

PLACES: Final = ("host-header", "path-pattern")
Condition = Mapping[str, Any]
CONFIGS: Final = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}


def values_of(condition: Condition) -> list[Any]:
    """The values of a condition, however it is written."""
    config = condition.get(CONFIGS.get(str(condition.get("Field")), ""), {})
    found = config.get("Values") or condition.get("Values") or []
    return list(found) if isinstance(found, list) else [found]


def band_of(conditions: Sequence[Condition]) -> range:
    """The numbers that fit a rule of a template, with these *conditions*."""
    by_field = {str(one.get("Field")): values_of(one) for one in conditions}
    hosts, paths = (by_field.get(field, []) for field in PLACES)
    return band(hosts, paths, sum(one.get("Field") not in PLACES for one in conditions))


def band(hosts: Sequence[Any], paths: Sequence[Any], others: int) -> range:
    """The numbers that fit a rule of these hosts and paths, and so many other conditions.

    A name before a pattern of names before any; then a longer path before a shorter one; then more
    conditions before fewer.
    """
    words, more = min(map(depth, paths), default=(0, 0))
    extras = min(others, _EXTRAS - 1)
    place = (2 if not hosts else int(any(map(has_wildcard, hosts)))) * (MAX_DEPTH + 1)
    place = (place + MAX_DEPTH - words) * 2 + 1 - more
    place = place * _EXTRAS + _EXTRAS - 1 - extras
    return range(FIRST + place * ROOM, FIRST + (place + 1) * ROOM)


def in_order(numbers: range, name: str) -> list[int]:
    """The *numbers* of a band in the order in which the rule *name* would take them."""
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % len(numbers)
    return [*numbers[start:], *numbers[:start]]


def described(conditions: Sequence[Condition]) -> str:
    """Conditions in one line: ``host=shop.${HostedZoneName} path=/api,/api/*``."""
    parts = []
    for one in conditions:
        field = str(one.get("Field"))
        name = field.removesuffix("-header").removesuffix("-pattern")
        if field == "http-header":
            name = f"header:{one.get('HttpHeaderConfig', {}).get('HttpHeaderName')}"
        values = (
            "=".join(text_of(v[k]) for k in ("Key", "Value") if k in v)
            if isinstance(v, dict) and "Value" in v
            else text_of(v)
            for v in values_of(one)
        )
        parts.append(f"{name}={','.join(values)}")
    return " ".join(" ".join(parts).split())
