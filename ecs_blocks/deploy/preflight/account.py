"""What the account itself needs: service-linked roles, and ECS's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.account_setup import INSIGHTS, LONG_ARNS, ROLES, TRUNKING, read_settings
from ecs_blocks.deploy.preflight.ask import ask, find, pages
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped, warning
from ecs_blocks.deploy.preflight.template import items, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_NEEDED_BY: Final = {
    "ecs.amazonaws.com": ("AWS::ECS::Cluster", "AWS::ECS::Service"),
    "elasticloadbalancing.amazonaws.com": ("AWS::ElasticLoadBalancingV2::LoadBalancer",),
    "ecs.application-autoscaling.amazonaws.com": ("AWS::ApplicationAutoScaling::ScalableTarget",),
    "autoscaling.amazonaws.com": ("AWS::AutoScaling::AutoScalingGroup",),
}
"""A stack that has one of these already was made with the role."""


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """The roles that new resources need, and the settings that ECS's resources go by."""
    hint = subject.command("account-setup")
    for role in ROLES:
        if not subject.new_of_type(*_NEEDED_BY[role.service]):
            continue
        call = aws.client("iam").get_role
        answer = find("iam:GetRole", call, ("NoSuchEntity",), RoleName=role.name)
        where = f"service-linked role of {role.help}"
        if isinstance(answer, Gap):
            yield skipped(where, answer)
        elif answer is None and role.service == "ecs.amazonaws.com":
            # ECS makes it on first use and does not wait until it can be assumed
            message = f"{role.name} does not exist; the first deploy of an account fails without"
            yield problem(where, message, hint)
        elif answer is None:
            message = f"{role.name} does not exist; the deploy makes it, where it may"
            yield warning(where, message, hint)
    if any(subject.of_type("AWS::ECS::Cluster", "AWS::ECS::Service")):
        yield from _settings(aws, subject, hint)


def _settings(aws: Aws, subject: Subject, hint: str) -> Iterator[Finding]:
    answer = ask(
        "ecs:ListAccountSettings",
        pages(aws.client("ecs"), "list_account_settings", "settings"),
        effectiveSettings=True,
    )
    if isinstance(answer, Gap):
        yield skipped("settings of ECS", answer)
        return
    settings = read_settings(answer)
    short = [one.name for one in LONG_ARNS if settings.get(one.name) == "disabled"]
    if short:
        message = f"{', '.join(short)} is disabled; ECS refuses tags then"
        yield problem("settings of ECS", message, hint)
    if settings.get(TRUNKING.name) == "disabled" and _is_on_instances(subject):
        message = f"{TRUNKING.name} is disabled: an instance takes only as many tasks as it has "
        yield warning("settings of ECS", f"{message}network interfaces to spare", hint)
    if settings.get(INSIGHTS.name) == "disabled" and _is_blind(subject):
        message = f"{INSIGHTS.name} is disabled, and the cluster does not say it either"
        yield warning("settings of ECS", message, hint)


def _is_on_instances(subject: Subject) -> bool:
    """Whether the template makes instances for ECS, or tasks with an interface each on them."""
    if any(subject.of_type("AWS::ECS::CapacityProvider")):
        return True
    return any(
        properties.get("NetworkMode") == "awsvpc"
        and "EC2" in (texts(properties.get("RequiresCompatibilities")) or ["EC2"])
        for _, properties in subject.of_type("AWS::ECS::TaskDefinition")
    )


def _is_blind(subject: Subject) -> bool:
    return any(
        not any(
            one.get("Name") == INSIGHTS.name for one in items(properties.get("ClusterSettings"))
        )
        for _, properties in subject.of_type("AWS::ECS::Cluster")
    )
