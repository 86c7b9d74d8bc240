"""What a linter finds and we keep: the one place, with reasons. A stale one is a failure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Suppression:
    """One finding that is right as it is.

    ``id`` is the rule's (``CKV_AWS_18``, ``W3005``); ``resource`` a regular expression that the
    logical id has to match as a whole.
    """

    id: str
    resource: str
    reason: str


SUPPRESSIONS: Final = (
    Suppression(
        "CKV_AWS_18",
        ".*AccessLogBucket",
        "the bucket takes access logs itself; its own would go on for ever",
    ),
    Suppression(
        "CKV_AWS_27",
        "(Consumer|Scan)(DeadLetter)?Queue",
        "encrypted with SQS's own key (SSE-SQS), which the topic that sends may use; the rule "
        "knows KMS only",
    ),
    Suppression(
        "CKV_AWS_33",
        ".*Key",
        "the statement for Auto Scaling is held to its service-linked role by aws:PrincipalArn; "
        "naming that role as the principal is refused in an account where it does not exist yet",
    ),
    Suppression(
        "CKV_AWS_51",
        ".*Repository",
        "IMMUTABLE_WITH_EXCLUSION: every tag but the moving ones that are named is immutable; the "
        "rule compares with the one word IMMUTABLE",
    ),
    Suppression(
        "CKV_AWS_91",
        "(Broker|Pool|Resolver).*LoadBalancer",
        "a Network Load Balancer logs TLS connections alone, and to a bucket whose policy lets "
        "another service write than the one of Application Load Balancers",
    ),
    Suppression(
        "CKV_AWS_260",
        ".*LoadBalancerSecurityGroup",
        "port 80 of a service for the world only answers with a redirect to HTTPS",
    ),
)


@dataclass(frozen=True, order=True)
class Finding:
    """What a linter says of one resource of one environment's template."""

    template: str
    id: str
    resource: str
    message: str

    @property
    def suppression(self) -> Suppression | None:
        """Why it is right as it is, if it is."""
        for one in SUPPRESSIONS:
            if one.id == self.id and re.fullmatch(one.resource, self.resource):
                return one
        return None


def unsuppressed(findings: list[Finding]) -> list[Finding]:
    """Those that nobody gave a reason for."""
    return sorted(one for one in findings if one.suppression is None)
