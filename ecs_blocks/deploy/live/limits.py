"""How much room is left on what other stacks use too: the rules of a shared listener.

Source: Elastic Load Balancing, "Quotas for your Application Load Balancers": rules per load
balancer, of all its listeners, default rules not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.preflight.ask import ask, find, pages
from ecs_blocks.deploy.preflight.listeners import shared_rules
from ecs_blocks.review.model import Headroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.subject import Subject

_QUOTA: Final = "rules-per-application-load-balancer"
_DEFAULT: Final = 100
_SOURCE: Final = (
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
)


def shared_headroom(aws: Aws, subject: Subject) -> Iterator[Headroom]:
    """How many rules each shared listener has after the deploy. A gap is told by the pre-flight.

    Raises:
        DeployError: the credentials are over.
    """
    shared = shared_rules(subject)
    limit = _limit(aws) if shared else _DEFAULT
    for listener, rules in shared.items():
        answer = find(
            "elasticloadbalancing:DescribeRules",
            pages(aws.client("elbv2"), "describe_rules", "Rules"),
            ("ListenerNotFound",),
            ListenerArn=listener,
        )
        if not isinstance(answer, list):
            continue
        there = {str(one.get("RuleArn")) for one in answer if not one.get("IsDefault")}
        new = [name for name in rules if subject.physical_id(name) not in there]
        name = listener.partition(":listener/")[2] or listener
        yield Headroom(
            name=f"rules of the shared listener {name}",
            used=len(there) + len(new),
            limit=limit,
            before=len(there),
            source=_SOURCE,
        )


def _limit(aws: Aws) -> int:
    """The account's quota, or AWS's default where it is not told."""
    answer = ask(
        "elasticloadbalancing:DescribeAccountLimits",
        pages(aws.client("elbv2"), "describe_account_limits", "Limits"),
    )
    limits = answer if isinstance(answer, list) else []
    told = next((str(one.get("Max")) for one in limits if one.get("Name") == _QUOTA), "")
    return int(told) if told.isdigit() else _DEFAULT
