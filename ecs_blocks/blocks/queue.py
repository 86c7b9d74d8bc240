"""An SQS queue with the queue beside it for what could not be worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import awacs.kms
import awacs.sqs
from awacs.aws import Action, ArnEquals, Condition, Principal
from msgspec import Struct, field
from troposphere import sns, sqs

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.values import FifoTopicArn, KeyArn, Token, TopicArn, Value, get_att, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

DAY_S: Final = 86_400
MAX_RETENTION_S: Final = 14 * DAY_S


class KmsKey(Struct, frozen=True):
    """Encrypt messages with a key of one's own.

    Whoever sends needs ``kms:GenerateDataKey`` and ``kms:Decrypt`` too. A service of AWS (an SNS
    topic, a bucket) needs them in the key's policy; without, it fails without a word.
    """

    arn: Value[KeyArn]

    def properties(self) -> dict[str, Any]:
        """Of a queue."""
        return {"KmsMasterKeyId": self.arn}

    def use(self, *, sends: bool) -> tuple[Any, ...]:
        """What a role needs of the key."""
        actions = [awacs.kms.Decrypt, *([awacs.kms.GenerateDataKey] if sends else [])]
        return (policies.allow(actions, [self.arn]),)


class SqsManagedKey(Struct, frozen=True):
    """Encrypt messages with a key of SQS's own (SSE-SQS), which every sender may use."""

    def properties(self) -> dict[str, Any]:
        """Of a queue."""
        return {"SqsManagedSseEnabled": True}

    def use(self, *, sends: bool) -> tuple[Any, ...]:  # noqa: ARG002 - the other needs it
        """What a role needs of the key: nothing."""
        return ()


Encryption = KmsKey | SqsManagedKey


class FromTopic(Struct, frozen=True):
    """An SNS topic sends its messages, as they are, to the queue.

    A FIFO topic may send to any queue, another one to a queue that is not FIFO.
    """

    topic_arn: Value[TopicArn] | Value[FifoTopicArn]

    @property
    def source(self) -> tuple[str, Value[str]]:
        """Who sends, and on whose behalf."""
        return "sns", self.topic_arn


class FromService(Struct, frozen=True):
    """A service of AWS sends: ``FromService("s3", bucket_arn)``, ``FromService("events", rule)``.

    ``source_arn`` is the resource that it does so for.
    """

    service: str
    source_arn: Value[str]

    @property
    def source(self) -> tuple[str, Value[str]]:
        """Who sends, and on whose behalf."""
        return self.service, self.source_arn


Sender = FromTopic | FromService


class QueueHandle(Struct, frozen=True, kw_only=True):
    """What a queue offers: to a worker, to senders, to alarms."""

    resource: Any
    dead_letters: Any
    policies: tuple[Any, ...]
    subscriptions: tuple[Any, ...]
    encryption: Encryption

    @property
    def url(self) -> Token[str]:
        """What the API asks for."""
        return ref(self.resource.title)

    @property
    def arn(self) -> Token[str]:
        """The queue in a policy."""
        return get_att(self.resource, "Arn")

    @property
    def name(self) -> Token[str]:
        """The queue in CloudWatch."""
        return get_att(self.resource, "QueueName")

    def receive(self) -> Any:
        """A policy for the role of what works on the messages."""
        return receive_messages(self.arn, self.encryption)

    def send(self) -> Any:
        """A policy for a role that sends messages."""
        return send_messages(self.arn, self.encryption)


class Queue(Struct, frozen=True, kw_only=True):
    """A queue, and one beside it for messages that were given up.

    Attributes:
        encryption: ``KmsKey(env.key_arn)`` or ``SqsManagedKey()``.
        visibility_timeout_s: for so long nobody else gets a message that is being worked on. It
            has to be longer than the work takes, or the work is done twice.
        max_receives: after so many failures a message is put aside.
        retention_s: how long a message waits, at most 14 days. Those put aside have 14 days from
            when they were sent, so this should be well below.
        fifo: in order, and each once. It cannot be changed without replacing the queue.
        senders: services of AWS that send; applications ask for ``send_messages`` instead.

    Only over TLS. Both are kept when the stack goes: they hold what is not done yet.
    """

    encryption: Encryption
    visibility_timeout_s: Value[int] = 300
    max_receives: Value[int] = 3
    retention_s: Value[int] = 4 * DAY_S
    fifo: bool = False
    senders: tuple[Sender, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        for name, low, high in (
            ("visibility_timeout_s", 0, 43_200),
            ("max_receives", 1, 1000),
            ("retention_s", 60, MAX_RETENTION_S),
        ):
            check_within(f"{name} of a queue", getattr(self, name), low, high)
        if self.fifo and any(isinstance(one, FromService) for one in self.senders):
            raise BlockError("a FIFO queue takes messages from SNS topics and applications only")
        topics = (one.topic_arn for one in self.senders if isinstance(one, FromTopic))
        for topic in topics if self.fifo else ():
            if not isinstance(topic, Token) and not topic.endswith(".fifo"):
                raise BlockError(f"a FIFO queue takes messages from FIFO topics only, not {topic}")

    def build(self, scope: Scope) -> QueueHandle:
        """Add both queues, their policies and the subscriptions."""
        kind = {"FifoQueue": True} if self.fifo else {}
        aside, aside_policy = dead_letter_queue(scope, self.encryption, **kind)
        queue = scope.add(
            sqs.Queue(
                scope.id("Queue"),
                DeletionPolicy="RetainExceptOnCreate",
                UpdateReplacePolicy="Retain",
                **kind,
                **self.encryption.properties(),
                VisibilityTimeout=self.visibility_timeout_s,
                MessageRetentionPeriod=self.retention_s,
                ReceiveMessageWaitTimeSeconds=20,
                RedrivePolicy=sqs.RedrivePolicy(
                    deadLetterTargetArn=get_att(aside, "Arn"), maxReceiveCount=self.max_receives
                ),
            )
        )
        policy = _policy(scope, "QueuePolicy", queue, self.senders)
        subscriptions = tuple(
            scope.add(
                sns.SubscriptionResource(
                    scope.id(f"QueueSubscription{number}"),
                    TopicArn=one.topic_arn,
                    Protocol="sqs",
                    Endpoint=get_att(queue, "Arn"),
                    RawMessageDelivery=True,
                )
            )
            for number, one in enumerate(self.senders, 1)
            if isinstance(one, FromTopic)
        )
        return QueueHandle(
            resource=queue,
            dead_letters=aside,
            policies=(policy, aside_policy),
            subscriptions=subscriptions,
            encryption=self.encryption,
        )


def dead_letter_queue(scope: Scope, encryption: Encryption, **kind: Any) -> tuple[Any, Any]:
    """Add a queue for what could not be delivered or worked on, with its policy."""
    queue = scope.add(
        sqs.Queue(
            scope.id("DeadLetterQueue"),
            DeletionPolicy="RetainExceptOnCreate",
            UpdateReplacePolicy="Retain",
            **kind,
            **encryption.properties(),
            MessageRetentionPeriod=MAX_RETENTION_S,
        )
    )
    return queue, _policy(scope, "DeadLetterQueuePolicy", queue, ())


def send_messages(queue_arn: Value[str], encryption: Encryption) -> Any:
    """A policy for a role that sends messages to a queue, of this stack or another's."""
    actions = [awacs.sqs.GetQueueAttributes, awacs.sqs.GetQueueUrl, awacs.sqs.SendMessage]
    return policies.policy(
        "SendMessages", policies.allow(actions, [queue_arn]), *encryption.use(sends=True)
    )


def receive_messages(queue_arn: Value[str], encryption: Encryption) -> Any:
    """A policy for the role of what works on the messages of a queue."""
    actions = [
        awacs.sqs.ChangeMessageVisibility,
        awacs.sqs.DeleteMessage,
        awacs.sqs.GetQueueAttributes,
        awacs.sqs.GetQueueUrl,
        awacs.sqs.ReceiveMessage,
    ]
    return policies.policy(
        "ReceiveMessages", policies.allow(actions, [queue_arn]), *encryption.use(sends=False)
    )


def _policy(scope: Scope, suffix: str, queue: Any, senders: tuple[Sender, ...]) -> Any:
    arn = get_att(queue, "Arn")
    allowed = [
        policies.allow(
            [awacs.sqs.SendMessage],
            [arn],
            f"Sender{number}",
            Principal=Principal("Service", [f"{service}.amazonaws.com"]),
            Condition=Condition(ArnEquals({"aws:SourceArn": source})),
        )
        for number, (service, source) in enumerate((one.source for one in senders), 1)
    ]
    return scope.add(
        sqs.QueuePolicy(
            scope.id(suffix),
            Queues=[ref(queue.title)],
            PolicyDocument=policies.document(
                *allowed, policies.deny_without_tls([Action("sqs", "*")], [arn])
            ),
        )
    )
