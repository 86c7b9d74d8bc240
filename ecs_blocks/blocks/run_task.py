"""A job that is started and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import events, scheduler

from ecs_blocks.blocks.alarms import Metric
from ecs_blocks.blocks.job import HOUR_S, Run, missed_alarm
from ecs_blocks.blocks.task import CONTAINER
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Value, arn, ref, text

if TYPE_CHECKING:
    from ecs_blocks.blocks.alarms import Notify
    from ecs_blocks.blocks.job import Job
    from ecs_blocks.templates.stack import Scope

MAX_PROVIDERS: Final = 6
"""Of one schedule, where a service takes 20.

Source: EventBridge Scheduler API Reference, EcsParameters, ``CapacityProviderStrategy``.
"""


class RunTask(Struct, frozen=True):
    """The task is started, and left alone.

    Nobody ends it when it hangs, and nothing tries again when it fails. ``rule_state`` is that of
    the rule which tells the alarm topic, in words, of a task that failed: ``ENABLED`` or
    ``DISABLED``.
    """

    rule_state: Value[str] = "ENABLED"

    def build(self, scope: Scope, job: Job, group: Any, notify: Notify, hours: Value[int]) -> Run:
        """Add the rule; the schedule itself starts the task.

        Raises:
            BlockError: the job has more capacity providers than a schedule takes.
        """
        strategy = job.strategy()
        if len(strategy) > MAX_PROVIDERS:
            raise BlockError(
                f"{len(strategy)} providers; a schedule takes {MAX_PROVIDERS}: name fewer, or let "
                "eb.StateMachine() run the job"
            )
        rule = scope.add(_failure_rule(scope.id("FailureRule"), job, notify, self.rule_state))
        parameters = scheduler.EcsParameters(
            TaskDefinitionArn=job.task.arn,
            TaskCount=1,
            NetworkConfiguration=scheduler.NetworkConfiguration(
                AwsvpcConfiguration=scheduler.AwsVpcConfiguration(**job.network())
            ),
            EnableECSManagedTags=True,
            PropagateTags="TASK_DEFINITION",
        )
        if job.task.exec is not None:
            parameters.EnableExecuteCommand = job.task.exec.enabled
        if strategy:
            parameters.CapacityProviderStrategy = [
                scheduler.CapacityProviderStrategyItem(
                    CapacityProvider=one.name, Base=one.first, Weight=one.weight
                )
                for one in strategy
            ]
        missed = missed_alarm(
            "the job was not started for so many hours: is the schedule enabled, and may its role "
            "start it?",
            Metric(
                namespace="AWS/Scheduler",
                name="InvocationAttemptCount",
                statistic="Sum",
                dimensions={"ScheduleGroup": ref(group.title)},
                period_s=HOUR_S,
            ),
            notify,
            hours,
        )
        return Run(
            target={"Arn": job.cluster_arn, "EcsParameters": parameters},
            statements=job.may_run(),
            resources=(rule,),
            alarms=(missed,),
        )


def _failure_rule(title: str, job: Job, notify: Notify, state: Value[str]) -> Any:
    family = arn("ecs", text("task-definition/", STACK_NAME, ":"))
    return events.Rule(
        title,
        Description="a task of the job failed",
        State=state,
        EventPattern={
            "source": ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            "detail": {
                "clusterArn": [job.cluster_arn],
                "taskDefinitionArn": [{"prefix": family}],
                "lastStatus": ["STOPPED"],
                "$or": [
                    # a sidecar that is stopped with the job ends with 137 and means nothing
                    {"containers": {"name": [CONTAINER], "exitCode": [{"anything-but": [0]}]}},
                    {"stopCode": [{"anything-but": ["EssentialContainerExited"]}]},
                ],
            },
        },
        Targets=[
            events.Target(
                Id="AlarmTopic",
                Arn=notify.topic_arn,
                InputTransformer=events.InputTransformer(
                    InputPathsMap={
                        "reason": "$.detail.stoppedReason",
                        "task": "$.detail.taskArn",
                        "time": "$.time",
                    },
                    InputTemplate=text(
                        '"The job ',
                        STACK_NAME,
                        " failed at <time>: <reason>. Its log is in /ecs/",
                        STACK_NAME,
                        ', its task was <task>"',
                    ),
                ),
            )
        ],
    )
