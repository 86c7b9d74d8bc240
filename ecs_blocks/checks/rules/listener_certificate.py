"""A listener for HTTPS or TLS cannot be made without a certificate.

``Certificates`` holds exactly one, the default; further ones for other names are
``AWS::ElasticLoadBalancingV2::ListenerCertificate`` resources and do not replace it.

Source: Elastic Load Balancing API Reference, CreateListener (Certificates).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LISTENER
from ecs_blocks.checks.views.parts import parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "Certificates"


def _judge(listener: Resource, _template: Template) -> Iterator[Fault]:
    protocol = text(whole(listener).get("Protocol"))
    if protocol not in ("HTTPS", "TLS"):
        return
    given = list(parts(listener, _PLACE))
    if not any(one.raw("CertificateArn") for one in given):
        yield Fault(_PLACE, f"the {protocol} listener has no certificate")
    elif len(given) > 1:
        yield Fault(_PLACE, f"the listener has {len(given)} default certificates; allowed: 1")


CHECK = Check(
    id="EB511",
    title="listener has no certificate",
    types=(LISTENER,),
    severity=Severity.ERROR,
    fix="set Certificates to one CertificateArn; add others as ListenerCertificate resources",
    judge=_judge,
)
