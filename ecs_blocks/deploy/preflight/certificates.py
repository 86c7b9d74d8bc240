"""Certificates of the template's listeners: issued, here, not about to end, and for the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Finding, Gap, fact, problem, skipped, warning
from ecs_blocks.deploy.preflight.template import items, part, text
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.subject import Subject

WARN_DAYS: Final = 30
"""ACM renews its own certificates sixty days before their end: one that is so old it could not."""


def certificates_of(subject: Subject) -> dict[str, set[str]]:
    """Each certificate, with the template's load balancers that show it."""
    balancers: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    for name, properties in subject.of_type("AWS::ElasticLoadBalancingV2::Listener"):
        balancers[name] = set(referred_names(properties.get("LoadBalancerArn")))
        for one in items(properties.get("Certificates")):
            found.setdefault(text(one.get("CertificateArn")), set()).update(balancers[name])
    for _, properties in subject.of_type("AWS::ElasticLoadBalancingV2::ListenerCertificate"):
        listeners = referred_names(properties.get("ListenerArn"))
        own = {b for name in listeners for b in balancers.get(name, ())}
        for one in items(properties.get("Certificates")):
            found.setdefault(text(one.get("CertificateArn")), set()).update(own)
    return {arn: names for arn, names in found.items() if ":acm:" in arn}


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every certificate, and that one of them is for each name that leads to its balancer."""
    covered: dict[str, list[str]] = {}
    unknown: set[str] = set()
    for arn, balancers in certificates_of(subject).items():
        found = _certificate(aws, arn)
        if isinstance(found, Finding):
            yield found
            unknown |= balancers
            continue
        yield from _judged(aws, arn, found)
        names = [found.get("DomainName", ""), *found.get("SubjectAlternativeNames", ())]
        for balancer in balancers:
            covered.setdefault(balancer, []).extend(names)
    for balancer, names in covered.items():
        for host in _hosts(subject, balancer) if balancer not in unknown else ():
            if not any(covers(name, host) for name in names):
                listed = ", ".join(dict.fromkeys(filter(None, names)))
                message = f"no certificate of its listeners is for {host}: they are for {listed}"
                yield problem(balancer, message, f"use a certificate for {host}")


def _certificate(aws: Aws, arn: str) -> Mapping[str, Any] | Finding:
    where = f"certificate {arn}"
    region = arn.split(":")[3]
    if region != aws.region:
        message = f"it is in {region}; a load balancer in {aws.region} cannot show it"
        return problem(where, message, f"request one in {aws.region}")
    absent = ("ResourceNotFoundException",)
    call = aws.client("acm").describe_certificate
    answer = find("acm:DescribeCertificate", call, absent, CertificateArn=arn)
    if isinstance(answer, Gap):
        return skipped(where, answer)
    if answer is None:
        return problem(where, "there is no such certificate", "request it, or correct its ARN")
    certificate: dict[str, Any] = answer["Certificate"]
    return certificate


def _judged(aws: Aws, arn: str, found: Mapping[str, Any]) -> Iterator[Finding]:
    where = f"certificate {arn}"
    status = str(found.get("Status", "ISSUED"))
    if status != "ISSUED":
        reason = f" ({found['FailureReason']})" if found.get("FailureReason") else ""
        hint = "validate its domain names first, by DNS or mail" if "PENDING" in status else ""
        yield problem(where, f"it is {status}{reason}, not ISSUED", hint)
        return
    end = found.get("NotAfter")
    if end is None:
        return
    left = (end - aws.clock.utc()).days
    renewal = (found.get("RenewalSummary") or {}).get("RenewalStatus")
    state = f" (its renewal is {renewal})" if renewal else ""
    if left < 0:
        yield problem(where, f"it ended on {end:%Y-%m-%d}{state}", "renew it, or use another one")
    elif left < WARN_DAYS:
        yield warning(where, f"it ends on {end:%Y-%m-%d}, in {left} days{state}")
    else:
        names = ", ".join(dict.fromkeys(found.get("SubjectAlternativeNames", ())))
        yield fact(where, f"issued for {names or found.get('DomainName')} until {end:%Y-%m-%d}")


def _hosts(subject: Subject, balancer: str) -> list[str]:
    """The names of the template's records that lead to *balancer*."""
    found = []
    for _, properties in subject.of_type("AWS::Route53::RecordSet"):
        alias = part(properties, "AliasTarget").get("DNSName")
        leads_to = referred_names([alias, properties.get("ResourceRecords")])
        if balancer in leads_to and (name := text(properties.get("Name"))):
            found.append(name.removesuffix(".").lower())
    return list(dict.fromkeys(found))


def covers(name: str, host: str) -> bool:
    """Whether a certificate's *name* is for *host*; a star stands for one label, not for two."""
    name = name.lower().removesuffix(".")
    if name == host:
        return True
    _, dot, parent = host.partition(".")
    return bool(dot) and name == f"*.{parent}"
