"""A job that is watched to its end: it may take so long, and may be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import awacs.ecs
import awacs.events
from awacs.aws import Action, ArnEquals, Condition
from msgspec import Struct
from troposphere import iam, stepfunctions

from ecs_blocks import policies
from ecs_blocks.blocks.alarms import Alarm, Calculation, Metric
from ecs_blocks.blocks.job import HOUR_S, Run, missed_alarm
from ecs_blocks.blocks.json_text import Raw, as_json
from ecs_blocks.blocks.limits import check_within
from ecs_blocks.values import PARTITION, SubnetId, Token, Value, arn, as_text, get_att, ref, text

if TYPE_CHECKING:
    from ecs_blocks.blocks.alarms import Notify
    from ecs_blocks.blocks.job import Job
    from ecs_blocks.templates.stack import Scope


MAX_NUMBER: Final = 99_999_999
"""Of seconds and of retries (AWS Step Functions Developer Guide, "Handling errors")."""


class StateMachine(Struct, frozen=True, kw_only=True):
    """A state machine starts the task, waits for its end, and tries again if that is wanted.

    Attributes:
        timeout_s: a task that takes longer is stopped, and has failed.
        retries: how often a task that failed is started again. It has to be fit to run twice.
        retry_after_s: before the first of them; each waits twice as long as the one before.

    What becomes of a task is known here and nowhere else, so its alarms say that a job failed, and
    that it has not *succeeded* for too long.
    """

    timeout_s: Value[int] = HOUR_S
    retries: Value[int] = 0
    retry_after_s: Value[int] = 60

    def __post_init__(self) -> None:
        for name, low in (("timeout_s", 1), ("retries", 0), ("retry_after_s", 1)):
            check_within(name, getattr(self, name), low, MAX_NUMBER)

    def build(self, scope: Scope, job: Job, _group: Any, notify: Notify, hours: Value[int]) -> Run:
        """Add the state machine and its role."""
        role = scope.add(
            iam.Role(
                scope.id("StateMachineRole"),
                Description="starts the job's task, and stops one that takes too long",
                AssumeRolePolicyDocument=policies.trust("states", source="states"),
                Policies=[policies.policy("Run", *job.may_run(), *_may_watch(job))],
            )
        )
        machine = scope.add(
            stepfunctions.StateMachine(
                scope.id("StateMachine"),
                StateMachineType="STANDARD",
                RoleArn=get_att(role, "Arn"),
                DefinitionString=self._definition(job),
            )
        )
        alarms = self._alarms(machine, notify, hours)
        start = policies.allow([Action("states", "StartExecution")], [ref(machine.title)])
        return Run(
            target={"Arn": ref(machine.title)},
            statements=[start],
            resources=(role, machine),
            alarms=alarms,
        )

    def _definition(self, job: Job) -> Value[str]:
        network = job.network() | {"Subnets": [_items(job.subnet_ids)]}
        parameters: dict[str, Any] = {
            "Cluster": job.cluster_arn,
            "TaskDefinition": job.task.arn,
            "NetworkConfiguration": {"AwsvpcConfiguration": network},
            # managed tags are not asked for: what AWS has told of this integration knows none
            "PropagateTags": "TASK_DEFINITION",
        }
        if job.task.exec is not None:
            parameters["EnableExecuteCommand"] = Raw(as_text(job.task.exec.enabled))
        if strategy := job.strategy():
            parameters["CapacityProviderStrategy"] = [
                {"CapacityProvider": one.name, "Base": Raw(one.first), "Weight": Raw(one.weight)}
                for one in strategy
            ]
        run = {
            "Type": "Task",
            "Resource": text("arn:", PARTITION, ":states:::ecs:runTask.sync"),
            "Parameters": parameters,
            "TimeoutSeconds": Raw(self.timeout_s),
            "Retry": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "IntervalSeconds": Raw(self.retry_after_s),
                    "BackoffRate": 2,
                    "MaxAttempts": Raw(self.retries),
                }
            ],
            "End": True,
        }
        return as_json({"StartAt": "Run", "States": {"Run": run}})

    def _alarms(self, machine: Any, notify: Notify, hours: Value[int]) -> tuple[Alarm, Alarm]:
        machine_arn = {"StateMachineArn": ref(machine.title)}
        ends = {
            id_: Metric(
                namespace="AWS/States",
                name=f"Executions{name}",
                statistic="Sum",
                dimensions=machine_arn,
            )
            for id_, name in (
                ("failed", "Failed"),
                ("late", "TimedOut"),
                ("aborted", "Aborted"),
                ("succeeded", "Succeeded"),
            )
        }
        failed = Alarm(
            suffix="Failed",
            description="the job failed, or took too long and was stopped; look into its log and "
            "the last execution of its state machine",
            watches=Calculation(
                # SUM takes what is there of its inputs: nothing at all happens in most minutes,
                # and then the alarm stays as it is, until a run succeeds
                expression="SUM([failed, late, aborted, succeeded * 0])",
                label="runs that failed",
                metrics=ends,
            ),
            above=0,
            notify=notify,
            minutes=1,
            missing="ignore",
        )
        return failed, missed_alarm(
            "the job has not succeeded for so many hours: it did not run, failed, or still runs",
            Metric(
                namespace="AWS/States",
                name="ExecutionsSucceeded",
                statistic="Sum",
                dimensions=machine_arn,
                period_s=HOUR_S,
            ),
            notify,
            hours,
        )


def _items(ids: Value[list[SubnetId]]) -> Raw:
    """The inner part of a list of texts in JSON, its first and last quotation marks apart."""
    separator = '","'
    if isinstance(ids, Token):
        return Raw(Token({"Fn::Join": [separator, ids]}), quoted=True)
    return Raw(separator.join(ids), quoted=True)


def _may_watch(job: Job) -> list[Any]:
    """What Step Functions needs to hear of a task's end, and to stop it.

    Source: AWS Step Functions Developer Guide, "IAM policies for Amazon ECS".
    """
    rule = arn("events", "rule/StepFunctionsGetEventsForECSTaskRule")
    here = Condition(ArnEquals({"ecs:cluster": job.cluster_arn}))
    tasks = arn("ecs", text("task/", job.cluster_name, "/*"))
    return [
        policies.allow([awacs.ecs.DescribeTasks, awacs.ecs.StopTask], [tasks], Condition=here),
        policies.allow(
            [awacs.events.DescribeRule, awacs.events.PutRule, awacs.events.PutTargets], [rule]
        ),
    ]
