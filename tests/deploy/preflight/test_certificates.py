"""Certificates of the template's listeners."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import certificates
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from ecs_blocks.deploy.preflight.subject import Subject
    from tests.deploy.preflight.scripted import Scripted

ELB = "ElasticLoadBalancingV2"
CERTIFICATE = (
    "arn:aws:acm:ap-northeast-1:123456789012:certificate/0c0d1a2b-0003-4000-8000-000000000003"
)


def front(arn: object = CERTIFICATE, host: object = "hoge.example.com") -> Subject:
    alias = {"DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]}}
    return subject(
        {
            "Balancer": (f"{ELB}::LoadBalancer", {}),
            "Http": (f"{ELB}::Listener", {"LoadBalancerArn": {"Ref": "Balancer"}}),
            "Https": (
                f"{ELB}::Listener",
                {
                    "LoadBalancerArn": {"Ref": "Balancer"},
                    "Certificates": [{"CertificateArn": arn}],
                },
            ),
            "Record": ("Route53::RecordSet", {"Name": host, "Type": "A", "AliasTarget": alias}),
        }
    )


def certificate(*names: str, status: str = "ISSUED", days: int = 300, **more: Any) -> Any:
    end = dt.datetime(2026, 11, 23, 13, 0, tzinfo=dt.UTC) + dt.timedelta(days=days)
    described = {"DomainName": names[0], "SubjectAlternativeNames": list(names), "NotAfter": end}
    return {"Certificate": {**described, "Status": status, **more}}


WHERE = f"certificate {CERTIFICATE}"
ISSUED = f"fact: {WHERE}: issued for *.example.com until 2027-09-19"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (certificate("*.example.com"), [ISSUED]),
        (
            certificate("*.example.com", days=30),
            [f"fact: {WHERE}: issued for *.example.com until 2026-12-23"],
        ),
        (
            certificate("*.example.com", days=29),
            [f"warning: {WHERE}: it ends on 2026-12-22, in 29 days"],
        ),
        (
            certificate(
                "*.example.com",
                days=3,
                RenewalSummary={
                    "RenewalStatus": "FAILED",
                    "DomainValidationOptions": [],
                    "UpdatedAt": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                },
            ),
            [f"warning: {WHERE}: it ends on 2026-11-26, in 3 days (its renewal is FAILED)"],
        ),
        (
            certificate("*.example.com", days=-2),
            [f"problem: {WHERE}: it ended on 2026-11-21"],
        ),
        (
            certificate("*.example.com", status="PENDING_VALIDATION"),
            [f"problem: {WHERE}: it is PENDING_VALIDATION, not ISSUED"],
        ),
        (
            certificate("*.example.com", status="FAILED", FailureReason="CAA_ERROR"),
            [f"problem: {WHERE}: it is FAILED (CAA_ERROR), not ISSUED"],
        ),
        (
            certificate("example.com", "www.example.com"),
            [
                f"fact: {WHERE}: issued for example.com, www.example.com until 2027-09-19",
                "problem: Balancer: no certificate of its listeners is for hoge.example.com: they "
                "are for example.com, www.example.com",
            ],
        ),
        (refused("ResourceNotFoundException"), [f"problem: {WHERE}: there is no such certificate"]),
        (
            DENIED,
            [f"skipped: {WHERE}: not checked: the permission acm:DescribeCertificate is missing"],
        ),
    ],
)
def test_a_certificate_has_to_be_issued_to_last_and_to_fit_the_record(
    server: Scripted, answer: Any, expected: list[str]
) -> None:
    server.on("acm.DescribeCertificate", answer)

    assert found(certificates.check, server.aws, front()) == expected


def test_a_certificate_of_another_region_is_a_problem_that_needs_no_question(
    server: Scripted,
) -> None:
    there = CERTIFICATE.replace("ap-northeast-1", "us-east-1")

    assert found(certificates.check, server.aws, front(there)) == [
        f"problem: certificate {there}: it is in us-east-1; a load balancer in ap-northeast-1 "
        "cannot show it"
    ]
    assert server.asked == []


@pytest.mark.parametrize("arn", [{"Ref": "Own"}, "arn:aws:iam::1:server-certificate/old"])
def test_other_certificates_are_not_judged(server: Scripted, arn: object) -> None:
    assert found(certificates.check, server.aws, front(arn)) == []


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [
        ("hoge.example.com", "hoge.example.com", True),
        ("HOGE.example.com", "hoge.example.com", True),
        ("*.example.com", "hoge.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.hoge.example.com", False),
        ("*.com", "com", False),
        ("example.com", "hoge.example.com", False),
        ("oge.example.com", "hoge.example.com", False),
    ],
)
def test_a_star_stands_for_one_label(name: str, host: str, *, expected: bool) -> None:
    assert certificates.covers(name, host) is expected
