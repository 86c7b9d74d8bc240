"""A certificate of ACM's, proven by DNS.

Trap 33: each name is proven in the zone that is named, so that the stack does not wait for nobody.
"""

from __future__ import annotations

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, ZONE, built, resources


def test_a_certificate_of_literals() -> None:
    assert resources(eb.Certificate(domain="web.example.com", hosted_zone_id=ZONE)) == {
        "WebCertificate": {
            "Type": "AWS::CertificateManager::Certificate",
            "Properties": {
                "DomainName": "web.example.com",
                "ValidationMethod": "DNS",
                "DomainValidationOptions": [
                    {"DomainName": "web.example.com", "HostedZoneId": ZONE}
                ],
            },
        }
    }


def test_trap_33_every_name_is_proven_in_the_zone() -> None:
    name = eb.text("*.", TOKENS.hosted_zone_name)
    block = eb.Certificate(
        domain=TOKENS.hosted_zone_name, hosted_zone_id=TOKENS.hosted_zone_id, names=(name,)
    )

    found = resources(block)["WebCertificate"]["Properties"]

    assert found["SubjectAlternativeNames"] == [{"Fn::Sub": "*.${HostedZoneName}"}]
    assert found["DomainValidationOptions"] == [
        {"DomainName": {"Ref": "HostedZoneName"}, "HostedZoneId": {"Ref": "HostedZoneId"}},
        {"DomainName": {"Fn::Sub": "*.${HostedZoneName}"}, "HostedZoneId": {"Ref": "HostedZoneId"}},
    ]


def test_a_listener_waits_for_it_by_its_arn() -> None:
    made = built(eb.Certificate(domain="web.example.com", hosted_zone_id=ZONE))

    assert made.handle.arn.to_dict() == {"Ref": "WebCertificate"}


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(eb.Certificate(domain="web.example.com", hosted_zone_id=ZONE))

    made.handle.resource.KeyAlgorithm = "EC_prime256v1"

    assert made.resources["WebCertificate"]["Properties"]["KeyAlgorithm"] == "EC_prime256v1"
