"""EB511."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.listener_certificate import CHECK
from tests.checks.helpers import resource, verdict

ONE = {"CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/x"}


def listener(protocol: Any, certificates: Any = None) -> dict[str, Any]:
    properties = {} if certificates is None else {"Certificates": certificates}
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    return {"Listener": resource(kind, Protocol=protocol, **properties)}


PLACE = ["Listener.Certificates"]
GOOD = [
    pytest.param(listener("HTTPS", [ONE]), id="one"),
    pytest.param(listener("TLS", [{"CertificateArn": {"Ref": "Certificate"}}]), id="a reference"),
    pytest.param(listener("HTTP"), id="HTTP needs none"),
    pytest.param(listener("TCP", []), id="TCP needs none"),
]
BAD = [
    pytest.param(listener("HTTPS"), PLACE, id="left out"),
    pytest.param(listener("TLS", []), PLACE, id="empty list"),
    pytest.param(listener("HTTPS", [{}]), PLACE, id="empty item"),
    pytest.param(listener("HTTPS", [ONE, ONE]), PLACE, id="two"),
]
UNKNOWN = [
    pytest.param(
        listener("HTTPS", {"Fn::If": ["Domain", [ONE], []]}), "Listener.Certificates", id="list"
    ),
    pytest.param(listener({"Ref": "Protocol"}), "Listener.Protocol", id="protocol"),
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
