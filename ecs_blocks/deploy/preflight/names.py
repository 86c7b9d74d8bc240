"""Fixed names of new resources are free: two things cannot have one name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped
from ecs_blocks.deploy.preflight.template import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject


class _Named(Struct, frozen=True, kw_only=True):
    """How to ask whether a resource of this name exists.

    ``argument`` makes the call's arguments of the name; ``absent`` are the codes that say no;
    ``taken`` says it of an answer. ``words`` are those of AWS's command line that free the name.
    """

    name_property: str
    word: str
    service: str
    operation: str
    permission: str
    argument: Callable[[str], dict[str, Any]]
    absent: tuple[str, ...] = ()
    taken: Callable[[Mapping[str, Any], str], bool] = lambda _answer, _name: True
    hint: str = "delete what has the name, or choose another one"
    words: str = ""


_TYPES: Final = {
    "AWS::Logs::LogGroup": _Named(
        name_property="LogGroupName",
        word="log group",
        service="logs",
        operation="describe_log_groups",
        permission="logs:DescribeLogGroups",
        argument=lambda name: {"logGroupNamePrefix": name},
        taken=lambda answer, name: any(
            one.get("logGroupName") == name for one in answer.get("logGroups", ())
        ),
        hint="if its lines are not needed any more",
        words="logs delete-log-group --log-group-name {name}",
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _Named(
        name_property="Name",
        word="target group",
        service="elbv2",
        operation="describe_target_groups",
        permission="elasticloadbalancing:DescribeTargetGroups",
        argument=lambda name: {"Names": [name]},
        absent=("TargetGroupNotFound",),
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _Named(
        name_property="Name",
        word="load balancer",
        service="elbv2",
        operation="describe_load_balancers",
        permission="elasticloadbalancing:DescribeLoadBalancers",
        argument=lambda name: {"Names": [name]},
        absent=("LoadBalancerNotFound",),
    ),
    "AWS::IAM::Role": _Named(
        name_property="RoleName",
        word="role",
        service="iam",
        operation="get_role",
        permission="iam:GetRole",
        argument=lambda name: {"RoleName": name},
        absent=("NoSuchEntity",),
    ),
    "AWS::ECR::Repository": _Named(
        name_property="RepositoryName",
        word="repository",
        service="ecr",
        operation="describe_repositories",
        permission="ecr:DescribeRepositories",
        argument=lambda name: {"repositoryNames": [name]},
        absent=("RepositoryNotFoundException",),
    ),
}
"""Alarms are asked for together, in ``alarms``."""


def holder_of(subject: Subject, type_name: str, name: str) -> str:
    """The logical id of what has *name* in the stack as it is now; empty where nothing has."""
    for one in subject.resources.values():
        # a load balancer's and a target group's physical id is its ARN
        is_so_called = one.physical_id == name or f"/{name}/" in one.physical_id
        if one.type == type_name and is_so_called:
            return one.logical_id
    return ""


def taken_by_own(holder: str, logical_id: str, word: str, name: str) -> Finding:
    """The problem that another resource of the same stack still has *name*."""
    message = (
        f"{holder} of this stack has the name {name}, and is removed only after the new {word} "
        "is made"
    )
    return problem(logical_id, message, "keep the logical id, or choose another name")


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every new resource with a name of its own, and every one that gets another name."""
    for type_name, row in _TYPES.items():
        for logical_id, properties in subject.of_type(type_name):
            name = text(properties.get(row.name_property))
            holder = holder_of(subject, type_name, name) if name else logical_id
            if holder and holder != logical_id:
                yield taken_by_own(holder, logical_id, row.word, name)
            elif not holder:
                yield from _asked(aws, subject, row, logical_id, name)


def _asked(
    aws: Aws, subject: Subject, row: _Named, logical_id: str, name: str
) -> Iterator[Finding]:
    call = getattr(aws.client(row.service), row.operation)
    answer = find(row.permission, call, row.absent, **row.argument(name))
    if isinstance(answer, Gap):
        yield skipped(logical_id, answer)
    elif answer is not None and row.taken(answer, name):
        message = f"there is a {row.word} {name} already, outside this stack"
        command = subject.aws_command(aws, row.words.format(name=name)) if row.words else ""
        yield problem(logical_id, message, f"{row.hint}: {command}" if command else row.hint)
