"""What ECS says of a cluster's tasks, kept: ECS itself forgets a stopped task after an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import awacs.logs
from awacs.aws import ArnEquals, Condition, Principal, StringEquals
from msgspec import Struct
from troposphere import events, logs

from ecs_blocks import policies
from ecs_blocks.blocks.cluster import ClusterHandle
from ecs_blocks.blocks.limits import check_one_of
from ecs_blocks.blocks.log_group import RETENTION_DAYS, LogGroup
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import TASK_HISTORY
from ecs_blocks.values import ACCOUNT_ID, STACK_NAME, Token, Value, arn, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_TASK: Final = '`detail-type` = "ECS Task State Change"'
_FAILED: Final = (
    'detail.stopCode != "ServiceSchedulerInitiated" '
    "or detail.stoppedReason like /(?i)(fail|unhealthy|error)/"
)
"""What went wrong: tasks that scaling or a new version stopped are many, each with its own id."""
_STACK_ID: Final[Token[str]] = Token(
    {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
)
"""The 36 characters behind the stack's name in its ARN."""
_MAX_NAME: Final = 64 - 36 - 1
"""Characters of a rule's name before that. Source: EventBridge API Reference, PutRule."""
_NEWEST: Final = "sort @timestamp desc\n| limit 200"

QUERIES: Final = {
    "StoppedTasks": (
        "stopped tasks",
        f"filter {_TASK}",
        "fields time, detail.group as service, detail.stopCode as code, "
        "detail.stoppedReason as reason, detail.containers.0.name as container, "
        "detail.containers.0.exitCode as exit_code, detail.containers.0.reason as why, "
        "detail.taskArn as task",
        _NEWEST,
    ),
    "StopReasons": (
        "why tasks stopped, by service",
        f"filter {_TASK}",
        f"filter {_FAILED}",
        "stats count_distinct(detail.taskArn) as tasks, latest(time) as last_time "
        "by detail.group, detail.stopCode, detail.stoppedReason",
        "sort tasks desc",
    ),
    "ExitCodes": (
        "exit codes, by container",
        f"filter {_TASK}",
        "fields jsonParse(@message) as ecs_event",
        "unnest ecs_event.detail.containers into container",
        "stats count_distinct(detail.taskArn) as tasks, latest(time) as last_time "
        "by detail.group, container.name, container.exitCode, container.reason",
        "sort tasks desc",
    ),
    "Deployments": (
        "deployments and troubles of services",
        'filter `detail-type` != "ECS Task State Change"',
        "fields time, resources.0 as service, detail.eventName as name, detail.reason as reason",
        _NEWEST,
    ),
}
"""Saved queries by the suffix of their ids: how each is called, and its steps.

An event may come more than once, so tasks are counted and not events. Source: Amazon CloudWatch
Logs User Guide, "CloudWatch Logs Insights language query syntax"; fields: Amazon ECS Developer
Guide, "Amazon ECS task state change events".
"""


class TaskHistoryHandle(Struct, frozen=True, kw_only=True):
    """The log group, the rule that fills it, and the saved queries by the suffix of their ids."""

    log_group: Any
    rule: Any
    queries: dict[str, Any]


class TaskHistory(Struct, frozen=True, kw_only=True):
    """Keep why each task of a cluster stopped, and what went wrong with its services.

    Attributes:
        cluster: what ``stack.add`` of a ``Cluster`` gave, in the same stack. One history is enough
            for a cluster.
        retention_days: one of what CloudWatch Logs takes; how far back one can look.

    What is kept: every task that stopped, also where scaling or a new version stopped it; every
    deployment that began, ended or failed; every warning and error of a service. Nothing that ECS
    said before the block was there.

    The log group is called as the "event capture" of ECS's console calls its own,
    ``/aws/events/ecs/containerinsights/<cluster>/performance``: turn that off for the cluster,
    and delete its group, before this block comes. Who may write is said in the group's own policy,
    which does not count among the ten that an account has in a region: the block's rule alone.
    That is named after the stack's id, for CloudFormation cuts a name that it makes, and then none
    could be foretold.

    ``ecs-blocks events APP --env ENV --stopped`` reads it, and so do four saved queries of
    CloudWatch Logs Insights, in a folder called like the stack.

    Raises:
        BlockError: *cluster* is something else.

    Source: Amazon ECS Developer Guide, "Amazon ECS event capture in the console".
    """

    cluster: ClusterHandle
    retention_days: Value[int] = 30

    def __post_init__(self) -> None:
        _check_cluster(self.cluster)
        check_one_of("retention_days", self.retention_days, RETENTION_DAYS)

    def build(self, scope: Scope) -> TaskHistoryHandle:
        """Add all of it."""
        name = text(TASK_HISTORY[0], self.cluster.resource.ClusterName, TASK_HISTORY[1])
        group = scope.build(
            LogGroup(
                name=name,
                retention_days=self.retention_days,
                key_arn=get_att(self.cluster.key, "Arn"),
            ),
            "TaskHistory",
        )
        title = scope.id("TaskHistoryRule")
        begins = f"{title[:_MAX_NAME]}-"
        source = text(arn("events", f"rule/{begins}"), _STACK_ID)
        group.ResourcePolicyDocument = _writers(name, source)
        rule = scope.add(
            events.Rule(
                title,
                Name=text(begins, _STACK_ID),
                Description="keeps why tasks stopped and deployments failed",
                State="ENABLED",
                EventPattern=self._pattern(),
                # the group's own ARN has ":*" behind it, which is no log group to EventBridge
                Targets=[
                    events.Target(
                        Id="TaskHistory", Arn=arn("logs", text("log-group:", ref(group.title)))
                    )
                ],
            )
        )
        queries = {
            suffix: scope.add(
                logs.QueryDefinition(
                    scope.id(f"{suffix}Query"),
                    Name=text(STACK_NAME, "/", title),
                    LogGroupNames=[ref(group.title)],
                    QueryString="\n| ".join(steps),
                )
            )
            for suffix, (title, *steps) in QUERIES.items()
        }
        return TaskHistoryHandle(log_group=group, rule=rule, queries=queries)

    def _pattern(self) -> dict[str, Any]:
        cluster = self.cluster.resource
        of_cluster = {"clusterArn": [get_att(cluster, "Arn")]}
        # the event of a deployment names its cluster nowhere but in the ARN of its service
        services = arn("ecs", text("service/", ref(cluster.title), "/"))
        return {
            "source": ["aws.ecs"],
            "$or": [
                {
                    "detail-type": ["ECS Task State Change"],
                    "detail": {**of_cluster, "lastStatus": ["STOPPED"]},
                },
                {
                    "detail-type": ["ECS Service Action"],
                    "detail": {**of_cluster, "eventType": ["WARN", "ERROR"]},
                },
                {
                    "detail-type": ["ECS Deployment State Change"],
                    "resources": [{"prefix": services}],
                },
            ],
        }


def _check_cluster(given: object) -> None:
    if not isinstance(given, ClusterHandle):
        what = "a name" if isinstance(given, (str, Token)) else f"a {type(given).__name__}"
        raise BlockError(
            'cluster has to be what stack.add("Shared", eb.Cluster…) gave, in the same stack; '
            f"got {what}"
        )


def _writers(name: Value[str], rule_arn: Value[str]) -> dict[str, Any]:
    """Let one rule of this account write into the group (troposphere takes a dict here).

    Source: Amazon CloudWatch User Guide, "Viewing Amazon ECS lifecycle events within Container
    Insights"; Amazon CloudWatch Logs API Reference, PutResourcePolicy.
    """
    document = policies.document(
        policies.allow(
            [awacs.logs.CreateLogStream, awacs.logs.PutLogEvents],
            [arn("logs", text("log-group:", name, ":*"))],
            "RuleOfThisStack",
            Principal=Principal("Service", ["events.amazonaws.com", "delivery.logs.amazonaws.com"]),
            Condition=Condition(
                [
                    StringEquals({"aws:SourceAccount": ACCOUNT_ID}),
                    ArnEquals({"aws:SourceArn": rule_arn}),
                ]
            ),
        )
    )
    found: dict[str, Any] = document.JSONrepr()
    return found
