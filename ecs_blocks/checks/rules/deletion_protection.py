"""A load balancer that can be deleted by mistake takes its address with it.

Its DNS name is gone for good, and every record and client that knew it. A change of its name, type
or scheme makes CloudFormation replace it as well; with the protection on, that stops there.

Set ``deletion_protection.enabled`` to ``"true"`` wherever the service is missed when it is gone. An
environment that is made and thrown away may say why it has none.

Source: AWS Security Hub, control ELB.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LOAD_BALANCER, is_switched_on

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = "deletion_protection.enabled"


def _judge(balancer: Resource, _template: Template) -> Iterator[Fault]:
    if not is_switched_on(balancer, _KEY):
        yield Fault("LoadBalancerAttributes", f"{_KEY} is not true: one mistake deletes it")


CHECK = Check(
    id="EB504",
    title="load balancer is not protected from deletion",
    types=(LOAD_BALANCER,),
    severity=Severity.WARNING,
    fix=f"set the attribute {_KEY} to true",
    judge=_judge,
)
