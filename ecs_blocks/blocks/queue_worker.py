"""A service that works on the messages of a queue of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field, structs

from ecs_blocks.blocks.alarms import INSIGHTS, SQS, Alarm, Calculation, Metric, Notify
from ecs_blocks.blocks.backlog_scaling import BacklogScaling, BacklogTargets
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault
from ecs_blocks.blocks.cloud_map import CloudMapName
from ecs_blocks.blocks.deployment import Rolling, check_rolling
from ecs_blocks.blocks.deployment_parts import Exposed
from ecs_blocks.blocks.network import HTTPS_ONLY
from ecs_blocks.blocks.queue import KmsKey, Queue, QueueHandle, SqsManagedKey
from ecs_blocks.blocks.scaling import ScalingHandle
from ecs_blocks.blocks.security_group import Group, group_id
from ecs_blocks.blocks.service import Service, ServiceHandle, service_dimensions
from ecs_blocks.blocks.service_alarms import TaskAlarms
from ecs_blocks.blocks.service_connect import NoServiceConnect, ServiceConnect
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.task_counts import may_stop
from ecs_blocks.blocks.task_network import TaskNetwork
from ecs_blocks.blocks.thresholds import TaskThresholds
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, get_att

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.container import Container
    from ecs_blocks.blocks.queue import Sender
    from ecs_blocks.blocks.queue_environment import QueueEnvironment
    from ecs_blocks.blocks.security_group import Rule
    from ecs_blocks.blocks.sidecar import Sidecar
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope


class QueueThresholds(TaskThresholds, frozen=True, kw_only=True):
    """Where the alarms of a worker ring.

    Attributes:
        cpu_percent: average CPU, of what the tasks reserve.
        memory_percent: average memory, of the hard limit.
        message_age_s: how long the oldest message has waited.
    """

    message_age_s: Value[int] = 900


class QueueWorkerHandle(Struct, frozen=True, kw_only=True):
    """Everything that it is made of; each ``resource`` may be changed before the end."""

    queue: QueueHandle
    task: TaskHandle
    security_group: Any
    service: ServiceHandle
    scaling: ScalingHandle
    alarms: tuple[Any, ...]

    @property
    def group(self) -> Group:
        """The tasks, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the tasks")


class QueueWorker(Struct, frozen=True, kw_only=True):
    """A queue and the service that works on it.

    Attributes:
        cluster_name: the cluster it runs on.
        queue: what it works on.
        task: what runs; its URL is in the variable that *url_variable* names, and its role may
            receive and delete the queue's messages. One that is given by its ARN has to allow that
            already: ``Roles`` says what.
        network: where.
        scaling: how many.
        notify: whom its alarms tell.
        thresholds: where they ring.
        capacity: the cluster's default, ``FargateCapacity``, or a ``CapacityStrategy``.
        deployment: how tasks are replaced; ``Rolling``, for nothing sends what could be shifted.
        connect: ``ServiceConnectClient`` where it calls other services by their names. A server
            besides has a port in its ``Container``, and its callers in ``network.ingress``.
        cloud_map: a name in DNS for its tasks, beside Service Connect or alone.
        url_variable: the environment variable that holds the queue's URL.
    """

    cluster_name: Value[str]
    queue: Queue
    task: Task
    network: TaskNetwork
    scaling: BacklogTargets
    notify: Notify
    thresholds: QueueThresholds = field(default_factory=QueueThresholds)
    capacity: Capacity = field(default_factory=ClusterDefault)
    deployment: Rolling = field(default_factory=Rolling)
    connect: ServiceConnect = field(default_factory=NoServiceConnect)
    cloud_map: CloudMapName | None = None
    url_variable: str = "QUEUE_URL"

    def __post_init__(self) -> None:
        check_rolling(self.deployment)
        if self.url_variable in {*self.task.variables, *self.task.secrets}:
            raise BlockError(
                f"the variable {self.url_variable} is the queue's; name another with url_variable"
            )

    @classmethod
    def standard(
        cls,
        env: QueueEnvironment,
        *,
        senders: tuple[Sender, ...] = (),
        fifo: bool = False,
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
        sidecars: tuple[Sidecar, ...] = (),
        deployment: Rolling | None = None,
        connect: ServiceConnect | None = None,
        cloud_map: CloudMapName | None = None,
    ) -> QueueWorker:
        """The worker as environment.yaml describes it.

        Args:
            env: a ``QueueWorkerEnvironment`` runs on the cluster's instances, a
                ``FargateQueueWorkerEnvironment`` on Fargate.
            senders: services of AWS that send to the queue. It is then encrypted with SQS's own
                key: the environment's does not let them in.
            fifo: in order, and each once.
            variables: environment variables, by name; ``QUEUE_URL`` is there already.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what tasks may connect to, beside HTTPS anywhere.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the application may do, beside its queue.
            container: how it runs: command, health check, how long it may take to stop.
            sidecars: the containers beside it.
            deployment: how tasks are replaced; ``Rolling()`` by default.
            connect: ``ServiceConnectClient(…)`` where it calls other services by their names.
            cloud_map: a name in DNS for its tasks.
        """
        return cls(
            cluster_name=env.cluster_name,
            queue=Queue(
                encryption=SqsManagedKey() if senders else KmsKey(env.key_arn),
                visibility_timeout_s=env.queue_visibility_timeout_seconds,
                max_receives=env.queue_max_receives,
                fifo=fifo,
                senders=senders,
            ),
            task=standard_task(
                env,
                architecture=architecture,
                variables=variables,
                secrets=secrets,
                task_policies=task_policies,
                container=container,
                sidecars=sidecars,
            ),
            network=TaskNetwork(
                vpc_id=env.vpc_id,
                subnet_ids=env.task_subnet_ids(),
                addresses=env.addresses(),
                egress=(*HTTPS_ONLY, *egress),
            ),
            scaling=BacklogTargets(
                min_count=env.service_desired_count,
                max_count=env.service_max_count,
                schedule=env.schedule(),
                cooldowns=env.cooldowns(),
                suspended=env.scaling_suspended,
                messages_per_task=env.scaling_messages_per_task,
            ),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            thresholds=QueueThresholds(
                cpu_percent=env.alarm_cpu_percent,
                memory_percent=env.alarm_memory_percent,
                message_age_s=env.alarm_message_age_seconds,
            ),
            capacity=env.capacity(),
            deployment=deployment or Rolling(),
            connect=connect or NoServiceConnect(),
            cloud_map=cloud_map,
        )

    def build(self, scope: Scope) -> QueueWorkerHandle:
        """Add all of it."""
        queue = scope.build(self.queue)
        task = scope.build(
            structs.replace(
                self.task,
                variables={self.url_variable: queue.url, **self.task.variables},
                task_policies=self._granted(queue),
            )
        )
        group = self.network.security_group(scope)
        service = scope.build(
            Service(
                cluster_name=self.cluster_name,
                task=task,
                subnet_ids=self.network.subnet_ids,
                addresses=self.network.addresses,
                security_group=group,
                capacity=self.capacity,
                deployment=self.deployment,
                connect=self.connect,
                registry=None if self.cloud_map is None else scope.build(self.cloud_map),
            )
        )
        scaling = scope.build(BacklogScaling(service=service, queue=queue, targets=self.scaling))
        watched = TaskAlarms(
            service=service, task=task, notify=self.notify, thresholds=self.thresholds
        )
        planned = self._queue_alarms(queue, service)
        alarms = (*scope.build(watched), *(scope.build(one) for one in planned))
        self.deployment.attach(
            scope,
            Exposed(service=service.resource, alarms=alarms, policies=scaling.policies),
        )
        for name, value, description in (
            ("ServiceName", service.name, "the ECS service"),
            ("QueueUrl", queue.url, "where messages are sent to"),
            ("QueueArn", queue.arn, "the queue, for the role of who sends"),
            ("DeadLetterQueueArn", get_att(queue.dead_letters, "Arn"), "what was given up"),
        ):
            scope.output(name, value, description)
        task_outputs(scope, task, group)
        return QueueWorkerHandle(
            queue=queue,
            task=task,
            security_group=group,
            service=service,
            scaling=scaling,
            alarms=alarms,
        )

    def _granted(self, queue: QueueHandle) -> tuple[Any, ...]:
        """Of the task's role: nothing, where it is given by its ARN."""
        if self.task.roles.task is not None:
            return ()
        return (queue.receive(), *self.task.task_policies)

    def _queue_alarms(self, queue: QueueHandle, service: ServiceHandle) -> tuple[Alarm, Alarm]:
        oldest = Alarm(
            suffix="MessageAge",
            description="messages wait too long: workers are stuck, too slow, or too few; look "
            "into their log, raise ServiceMaxCount",
            watches=self._age(queue, service),
            above=self.thresholds.message_age_s,
            notify=self.notify,
        )
        return oldest, dead_letter_alarm(
            queue.dead_letters,
            self.notify,
            "messages failed again and again and were put aside; find out why, then redrive them",
        )

    def _age(self, queue: QueueHandle, service: ServiceHandle) -> Metric | Calculation:
        """How long the oldest message waits: while workers are wanted, if a schedule stops them."""
        age = Metric(
            namespace=SQS,
            name="ApproximateAgeOfOldestMessage",
            statistic="Maximum",
            dimensions={"QueueName": queue.name},
        )
        if not may_stop(self.scaling.schedule):
            return age
        desired = Metric(
            namespace=INSIGHTS,
            name="DesiredTaskCount",
            statistic="Minimum",
            dimensions=service_dimensions(service),
        )
        return Calculation(
            expression="IF(FILL(desired, 0) > 0, FILL(age, 0), 0)",
            label="seconds that the oldest message waits, while workers are wanted",
            metrics={"age": age, "desired": desired},
        )


def dead_letter_alarm(queue: Any, notify: Notify, description: str) -> Alarm:
    """The alarm of a queue that ought to be empty."""
    return Alarm(
        suffix="DeadLetters",
        description=description,
        watches=Metric(
            namespace=SQS,
            name="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            dimensions={"QueueName": get_att(queue, "QueueName")},
        ),
        above=0,
        notify=notify,
        minutes=1,
    )
