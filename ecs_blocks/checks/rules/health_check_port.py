"""Where health checks go must be written out, for what is left out is easily filled in wrongly.

AWS's default is ``traffic-port``, the port on which each target takes requests, and it is nearly
always right. Unwritten it reads as if there were none, cfn-lint (E3049) reports it for tasks whose
host port is chosen at random, and the first guess at it is a number that fits no such task. Other
texts than ``traffic-port`` or a port number are refused.

Set ``HealthCheckPort: traffic-port``. A fixed number that cannot work is EB516.

Source: Elastic Load Balancing API Reference, CreateTargetGroup (HealthCheckPort); cfn-lint E3049.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "HealthCheckPort"
_TRAFFIC: Final = "traffic-port"


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    if whole(group).get("TargetType") == "lambda" or whole(group).get("Protocol") == "GENEVE":
        return  # a function has no port, and the default of a gateway is another
    given = text(whole(group).get(_PLACE))
    if not given:
        yield Fault(_PLACE, f"HealthCheckPort is not written out; the default is {_TRAFFIC!r}")
    elif given != _TRAFFIC and not _is_port(given):
        yield Fault(_PLACE, f"{given!r} is neither {_TRAFFIC!r} nor a port from 1 to 65535")


def _is_port(given: str) -> bool:
    return given.isdecimal() and 1 <= int(given) <= 65535


CHECK = Check(
    id="EB515",
    title="health check port is not written out",
    types=(TARGET_GROUP,),
    severity=Severity.WARNING,
    fix=f"set HealthCheckPort to {_TRAFFIC}",
    judge=_judge,
)
