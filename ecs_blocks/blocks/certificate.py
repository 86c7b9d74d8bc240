"""A certificate that ACM issues, proven by DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import certificatemanager as acm

from ecs_blocks.values import CertificateArn, HostedZoneId, Token, Value, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class CertificateHandle(Struct, frozen=True, kw_only=True):
    """A certificate of this stack."""

    resource: Any

    @property
    def arn(self) -> Token[CertificateArn]:
        """What a listener is given; it is known once ACM has issued the certificate."""
        return ref(self.resource.title)


class Certificate(Struct, frozen=True, kw_only=True):
    """A certificate that ACM issues once the zone proves that the names are yours.

    Attributes:
        domain: the first name; ``*.example.com`` is for every name right below.
        hosted_zone_id: the zone of all its names, a public one of this account. In a zone of
            another account nobody writes ACM's record, and the stack waits for hours (trap 33):
            make the certificate there, and give its ARN.
        names: further names, of the same zone; at most nine.

    ACM renews it by itself as long as its record stays in the zone. A change of names is a new
    certificate, made before the old one goes.
    """

    domain: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    names: tuple[Value[str], ...] = ()

    def build(self, scope: Scope) -> CertificateHandle:
        """Add the certificate (a ``troposphere.certificatemanager.Certificate``)."""
        resource = acm.Certificate(
            scope.id("Certificate"),
            DomainName=self.domain,
            ValidationMethod="DNS",
            DomainValidationOptions=[
                acm.DomainValidationOption(DomainName=name, HostedZoneId=self.hosted_zone_id)
                for name in (self.domain, *self.names)
            ],
        )
        if self.names:
            resource.SubjectAlternativeNames = list(self.names)
        return CertificateHandle(resource=scope.add(resource))
