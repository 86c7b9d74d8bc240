"""Which answers count as healthy should be written where the health check is.

Without ``Matcher`` an Application Load Balancer takes 200 only: an application that answers its
health path with 204, or with a redirect, is never healthy, and nothing in the template says why.

Set ``Matcher: {HttpCode: "200"}`` or what the application answers (``GrpcCode`` for gRPC).

Source: Elastic Load Balancing API Reference, Matcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_HTTP: Final = frozenset({"HTTP", "HTTPS"})


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    if text(whole(group).get("Protocol")) in _HTTP and not group.raw("Matcher"):
        default = "gRPC code 12" if whole(group).get("ProtocolVersion") == "GRPC" else "200"
        yield Fault("Matcher", f"Matcher is not written out; only {default} counts as healthy")


CHECK = Check(
    id="EB517",
    title="healthy answers are not written out",
    types=(TARGET_GROUP,),
    severity=Severity.INFO,
    fix="set Matcher to the codes that the application's health check answers with",
    judge=_judge,
)
