"""How the world reaches a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.blocks.security_group import ANYWHERE, Peer
from ecs_blocks.blocks.target_group import Scheme
from ecs_blocks.values import (
    BucketName,
    CertificateArn,
    HostedZoneId,
    Value,
    text,
)

if TYPE_CHECKING:
    from ecs_blocks.values import (
        DomainName,
    )


class Front(Struct, frozen=True, kw_only=True):
    """How the world reaches a service.

    Attributes:
        domain: the host name.
        hosted_zone_id: the zone that the name is in.
        certificate_arn: issued, and for the name.
        access_log_bucket: takes access and connection logs.
        scheme: ``internet-facing``, or ``internal`` for callers inside the VPC.
        ingress: who may connect.
        health_check_path: answers 200 to 299 when a task can serve.
        deregistration_delay_s: how long a leaving task may finish its requests.
        deletion_protection: of the load balancer.
        grace_period_s: how long a new task may fail health checks before it is replaced.
    """

    domain: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    certificate_arn: Value[CertificateArn]
    access_log_bucket: Value[BucketName]
    scheme: Scheme = "internet-facing"
    ingress: tuple[Peer, ...] = ANYWHERE
    health_check_path: str = "/"
    deregistration_delay_s: Value[int] = 60
    deletion_protection: Value[bool] = True
    grace_period_s: Value[int] = 60


def domain_of(app: str, zone: Value[DomainName]) -> Value[str]:
    """The host name of an app: ``hoge.example.com``."""
    return text(app, ".", zone)
