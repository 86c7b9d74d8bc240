"""EB510. Regressions: listener-no-sslpolicy, listener-tls13-1-0, listener-2016-08,
listener-sslpolicy-typo.
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.facts.tls_policies import DEFAULT, RECOMMENDED, STRONG, WEAK
from ecs_blocks.checks.model import Template
from ecs_blocks.checks.rules.tls_policy import CHECK
from ecs_blocks.checks.run import judge
from tests.checks.helpers import resource, verdict


def listener(policy: Any = None, protocol: Any = "HTTPS") -> dict[str, Any]:
    properties = {} if policy is None else {"SslPolicy": policy}
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    return {"Listener": resource(kind, Protocol=protocol, **properties)}


def name(end: str) -> str:
    return f"ELBSecurityPolicy-{end}"


PLACE = ["Listener.SslPolicy"]
GOOD = [
    *(pytest.param(listener(policy), id=policy) for policy in sorted(STRONG)),
    pytest.param(listener(RECOMMENDED, "TLS"), id="network"),
    pytest.param(listener(protocol="HTTP"), id="HTTP has none"),
    pytest.param(listener(protocol="TCP"), id="TCP has none"),
]
BAD = [
    pytest.param(listener(), PLACE, id="left out"),
    pytest.param(listener(protocol="TLS"), PLACE, id="left out on TLS"),
    *(pytest.param(listener(policy), PLACE, id=policy) for policy in WEAK),
    pytest.param(listener(name("TLS13-1-2-2021-06-NOPE")), PLACE, id="typing error"),
    pytest.param(listener(name("tls13-1-2-2021-06")), PLACE, id="lower case"),
    pytest.param(listener("TLS13-1-2-2021-06"), PLACE, id="without the beginning"),
]
UNKNOWN = [
    pytest.param(listener({"Ref": "Policy"}), "Listener.SslPolicy", id="value"),
    pytest.param(listener(RECOMMENDED, {"Ref": "P"}), "Listener.Protocol", id="protocol"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])


def test_the_message_names_the_nearest_policy() -> None:
    resources = listener(name("TLS13-1-2-Res-PQ-2025-9"))
    (finding,) = judge(Template({"Resources": resources}), [CHECK]).findings

    assert finding.message.endswith(f"did you mean {RECOMMENDED}?")


def test_what_is_recommended_and_what_is_the_default() -> None:
    assert RECOMMENDED in STRONG
    assert DEFAULT in WEAK
    assert not STRONG.intersection(WEAK)
