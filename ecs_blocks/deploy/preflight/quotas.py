"""Elastic Load Balancing's quotas, where the deploy makes more of what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.preflight.ask import ask, find, pages
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped, warning
from ecs_blocks.deploy.preflight.listeners import shared_rules
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

WARN_PERCENT: Final = 90
_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """New load balancers against the region's quota, new target groups against their balancer's."""
    own = dict(subject.of_type(_BALANCER))
    new = [
        name
        for name in subject.new_of_type(_BALANCER)
        if own[name].get("Type", "application") == "application"
    ]
    shared = _new_groups(subject)
    if not new and not shared:
        return
    client = aws.client("elbv2")
    # by this API they are known without a permission of Service Quotas
    answer = ask(
        "elasticloadbalancing:DescribeAccountLimits",
        pages(client, "describe_account_limits", "Limits"),
    )
    if isinstance(answer, Gap):
        yield skipped("quotas of load balancers", answer)
        return
    limits = {str(one["Name"]): int(one["Max"]) for one in answer if str(one["Max"]).isdigit()}
    if new and (limit := limits.get("application-load-balancers")):
        yield from _balancers(aws, len(new), limit)
    if limit := limits.get("target-groups-per-application-load-balancer"):
        for balancer, groups in shared.items():
            yield from _groups(aws, balancer, len(groups), limit)


def _new_groups(subject: Subject) -> dict[str, set[str]]:
    """New target groups on load balancers of other stacks, by the balancer's ARN."""
    new = set(subject.new_of_type(_GROUP))
    found: dict[str, set[str]] = {}
    for listener, rules in shared_rules(subject).items():
        groups = {
            name
            for properties in rules.values()
            for name in referred_names(properties.get("Actions"))
            if name in new
        }
        balancer = listener.replace(":listener/", ":loadbalancer/").rpartition("/")[0]
        if groups and ":loadbalancer/" in balancer:
            found.setdefault(balancer, set()).update(groups)
    return found


def _balancers(aws: Aws, new: int, limit: int) -> Iterator[Finding]:
    where = "application load balancers in the region"
    answer = ask(
        "elasticloadbalancing:DescribeLoadBalancers",
        pages(aws.client("elbv2"), "describe_load_balancers", "LoadBalancers"),
    )
    if isinstance(answer, Gap):
        yield skipped(where, answer)
    else:
        there = sum(1 for one in answer if one.get("Type", "application") == "application")
        yield from _judged(where, there, new, limit)


def _groups(aws: Aws, balancer: str, new: int, limit: int) -> Iterator[Finding]:
    where = f"target groups of {balancer}"
    answer = find(
        "elasticloadbalancing:DescribeTargetGroups",
        pages(aws.client("elbv2"), "describe_target_groups", "TargetGroups"),
        ("LoadBalancerNotFound",),
        LoadBalancerArn=balancer,
    )
    if isinstance(answer, Gap):
        yield skipped(where, answer)
    elif answer is not None:
        yield from _judged(where, len(answer), new, limit)


def _judged(where: str, there: int, new: int, limit: int) -> Iterator[Finding]:
    after = there + new
    message = f"{there} are there and {new} more would be made; the quota is {limit}"
    hint = "ask for more: the console's Service Quotas, Elastic Load Balancing"
    if after > limit:
        yield problem(where, message, hint)
    elif after * 100 >= limit * WARN_PERCENT:
        yield warning(where, message, hint)
