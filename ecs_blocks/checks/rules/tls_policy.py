"""An old TLS policy lets clients connect in ways that are broken; a mistyped one fails the deploy.

A listener without ``SslPolicy`` gets ``ELBSecurityPolicy-2016-08`` from CloudFormation (the console
sets a better one), which allows TLS 1.0. A name that AWS does not have is refused only when the
listener is made.

Name a policy that begins at TLS 1.2, as ``ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09``. A policy
that is newer than this list can be suppressed with its name as the reason.

Source: Elastic Load Balancing, "Security policies for your Application Load Balancer".
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.facts.tls_policies import DEFAULT, RECOMMENDED, STRONG, WEAK
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LISTENER
from ecs_blocks.checks.views.parts import text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "SslPolicy"


def _judge(listener: Resource, _template: Template) -> Iterator[Fault]:
    protocol = text(whole(listener).get("Protocol"))
    if protocol not in ("HTTPS", "TLS"):
        return
    name = text(whole(listener).get(_PLACE))
    if not name:
        message = f"SslPolicy is not set, which means {DEFAULT} and TLS {WEAK[DEFAULT]}"
        yield Fault(_PLACE, message)
    elif name in WEAK:
        yield Fault(_PLACE, f"{name} allows TLS {WEAK[name]}")
    elif name not in STRONG:
        near = get_close_matches(name, (*STRONG, *WEAK), 1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        yield Fault(_PLACE, f"AWS has no policy {name!r}{hint}")


CHECK = Check(
    id="EB510",
    title="TLS policy is weak or does not exist",
    types=(LISTENER,),
    severity=Severity.ERROR,
    fix=f"set SslPolicy to {RECOMMENDED}",
    judge=_judge,
)
