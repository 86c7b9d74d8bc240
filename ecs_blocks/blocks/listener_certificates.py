"""More certificates on a listener, for more names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.values import CertificateArn, Value

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class ListenerCertificates(Struct, frozen=True, kw_only=True):
    """More certificates on a listener; which one a client sees comes from the name it asks for.

    Attributes:
        listener_arn: of an HTTPS or TLS listener.
        certificates: issued, and in the listener's region.

    On a shared listener no two stacks may add the same one: the first that goes takes it away.
    """

    listener_arn: Value[str]
    certificates: tuple[Value[CertificateArn], ...]

    def build(self, scope: Scope) -> tuple[Any, ...]:
        """Add each by a resource of its own, as CloudFormation asks for it."""
        return tuple(
            scope.add(
                elb.ListenerCertificate(
                    scope.id(f"ListenerCertificate{number if number > 1 else ''}"),
                    ListenerArn=self.listener_arn,
                    Certificates=[elb.Certificate(CertificateArn=arn)],
                )
            )
            for number, arn in enumerate(self.certificates, 1)
        )
