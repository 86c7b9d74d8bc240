"""A task that runs by the clock and ends: a report, a clean-up, an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import awacs.sqs
from msgspec import Struct, field, structs
from troposphere import iam, scheduler

from ecs_blocks import policies
from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault
from ecs_blocks.blocks.container import Container
from ecs_blocks.blocks.job import Job
from ecs_blocks.blocks.limits import check_within
from ecs_blocks.blocks.network import HTTPS_ONLY
from ecs_blocks.blocks.queue import Encryption, KmsKey, dead_letter_queue
from ecs_blocks.blocks.queue_worker import dead_letter_alarm
from ecs_blocks.blocks.run_task import RunTask
from ecs_blocks.blocks.schedule import Schedule
from ecs_blocks.blocks.security_group import Group, group_id
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.state_machine import StateMachine
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.task_network import TaskNetwork
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, get_att, ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.job_environment import JobEnvironment
    from ecs_blocks.blocks.security_group import Rule
    from ecs_blocks.blocks.sidecar import Sidecar
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope

WEEK_HOURS: Final = 168
"""So far an alarm can look back."""

Runner = RunTask | StateMachine


class ScheduledJobHandle(Struct, frozen=True, kw_only=True):
    """Everything that it is made of; each resource may be changed before the end.

    ``run`` are the runner's own: a state machine with its role, or the rule that tells of failures.
    """

    task: TaskHandle
    security_group: Any
    schedule: Any
    schedule_group: Any
    schedule_role: Any
    dead_letters: Any
    run: tuple[Any, ...]
    alarms: tuple[Any, ...]

    @property
    def group(self) -> Group:
        """The task, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the job")


class ScheduledJob(Struct, frozen=True, kw_only=True):
    """A task that EventBridge Scheduler starts.

    Attributes:
        cluster_name: the cluster it runs on.
        task: what runs; ``Container(command=…)`` says what of the image.
        network: where.
        schedule: when.
        encryption: of the queue for starts that were given up.
        notify: whom its alarms tell.
        runner: ``StateMachine()`` watches it to its end, ends it when it takes too long and may
            try again; ``RunTask()`` starts it and leaves it alone.
        missed_after_hours: without a run for so long (with a state machine: without success) an
            alarm rings, at most 168. A job that runs less than weekly has to be watched elsewhere.
        capacity: the cluster's default, ``FargateCapacity``, or a ``CapacityStrategy``.

    Each run takes the task definition of the last deploy (trap 38). Two runs may overlap, and AWS
    may start one twice: what the job does has to bear it.
    """

    cluster_name: Value[str]
    task: Task
    network: TaskNetwork
    schedule: Schedule
    encryption: Encryption
    notify: Notify
    runner: Runner = field(default_factory=StateMachine)
    missed_after_hours: Value[int] = 26
    capacity: Capacity = field(default_factory=ClusterDefault)

    def __post_init__(self) -> None:
        check_within("missed_after_hours", self.missed_after_hours, 1, WEEK_HOURS)

    @classmethod
    def standard(
        cls,
        env: JobEnvironment,
        *,
        command: tuple[str, ...] = (),
        runner: Runner | None = None,
        flexible_window_minutes: int = 0,
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
        sidecars: tuple[Sidecar, ...] = (),
    ) -> ScheduledJob:
        """The job as environment.yaml describes it.

        Args:
            env: a ``ScheduledJobEnvironment`` runs on the cluster's instances, a
                ``FargateScheduledJobEnvironment`` on Fargate.
            command: what of the image is run; by default what the image says.
            runner: ``RunTask(env.failure_rule_state)`` instead of a state machine.
            flexible_window_minutes: start it at some moment within so many minutes.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what the task may connect to, beside HTTPS anywhere.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the job may do.
            container: how it runs, the command apart.
            sidecars: the containers beside it; they end with it.
        """
        return cls(
            cluster_name=env.cluster_name,
            task=standard_task(
                env,
                architecture=architecture,
                variables=variables,
                secrets=secrets,
                task_policies=task_policies,
                container=_with_command(container, command),
                sidecars=sidecars,
            ),
            network=TaskNetwork(
                vpc_id=env.vpc_id,
                subnet_ids=env.task_subnet_ids(),
                addresses=env.addresses(),
                egress=(*HTTPS_ONLY, *egress),
            ),
            schedule=Schedule(
                expression=env.schedule_expression,
                time_zone=env.schedule_time_zone,
                state=env.schedule_state,
                flexible_window_minutes=flexible_window_minutes,
            ),
            encryption=KmsKey(env.key_arn),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            runner=runner
            or StateMachine(timeout_s=env.job_timeout_seconds, retries=env.job_retries),
            missed_after_hours=env.alarm_missed_after_hours,
            capacity=env.capacity(),
        )

    def build(self, scope: Scope) -> ScheduledJobHandle:
        """Add all of it."""
        task = scope.build(self.task)
        if task.disks:
            raise BlockError("a job has no EbsVolume; use ephemeral_storage_gib or an EfsVolume")
        security_group = self.network.security_group(scope)
        # a group of its own: the metrics of Scheduler are those of groups, not of schedules
        group = scope.add(scheduler.ScheduleGroup(scope.id("ScheduleGroup")))
        aside, _ = dead_letter_queue(scope, self.encryption)
        run = self.runner.build(
            scope,
            Job(
                cluster_name=self.cluster_name,
                task=task,
                subnet_ids=self.network.subnet_ids,
                security_group=security_group,
                capacity=self.capacity,
                addresses=self.network.addresses,
            ),
            group,
            self.notify,
            self.missed_after_hours,
        )
        role = scope.add(
            iam.Role(
                scope.id("ScheduleRole"),
                Description="starts the job when its time has come",
                AssumeRolePolicyDocument=policies.trust("scheduler", source="scheduler"),
                Policies=[
                    policies.policy("Start", *run.statements),
                    policies.policy(
                        "PutAside",
                        policies.allow([awacs.sqs.SendMessage], [get_att(aside, "Arn")]),
                        *self.encryption.use(sends=True),
                    ),
                ],
            )
        )
        schedule = scope.add(
            scheduler.Schedule(
                scope.id("Schedule"),
                GroupName=ref(group.title),
                **self.schedule.properties(),
                Target=scheduler.Target(
                    **run.target,
                    RoleArn=get_att(role, "Arn"),
                    RetryPolicy=self.schedule.retry(),
                    DeadLetterConfig=scheduler.DeadLetterConfig(Arn=get_att(aside, "Arn")),
                ),
            )
        )
        put_aside = dead_letter_alarm(
            aside,
            self.notify,
            "the job could not be started, and its start was put aside; the message says why",
        )
        alarms = tuple(scope.build(alarm) for alarm in (*run.alarms, put_aside))
        task_outputs(scope, task, security_group)
        return ScheduledJobHandle(
            task=task,
            security_group=security_group,
            schedule=schedule,
            schedule_group=group,
            schedule_role=role,
            dead_letters=aside,
            run=run.resources,
            alarms=alarms,
        )


def _with_command(container: Container | None, command: tuple[str, ...]) -> Container | None:
    if not command:
        return container
    if container is None:
        return Container(command=command)
    if container.command:
        raise BlockError("the command is given twice, as command= and in the Container")
    return structs.replace(container, command=command)
