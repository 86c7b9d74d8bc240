"""The topic that every alarm of an environment notifies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import awacs.sns
from awacs.aws import Condition, Principal, StringEquals
from msgspec import Struct
from troposphere import sns

from ecs_blocks import policies
from ecs_blocks.values import ACCOUNT_ID, Token, Value, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope
    from ecs_blocks.values import TopicArn


class Subscription(Struct, frozen=True):
    """Who hears of alarms: an address, and how. An e-mail has to be confirmed by its reader once.

    How many there are is decided in Python; where each goes may vary by environment.
    """

    endpoint: Value[str]
    protocol: Literal["email", "https"] = "email"


class TopicHandle(Struct, frozen=True, kw_only=True):
    """The topic, its policy, its subscriptions, and its ARN for alarms."""

    resource: Any
    policy: Any
    subscriptions: tuple[Any, ...]

    @property
    def arn(self) -> Token[TopicArn]:
        """The topic's ARN."""
        return ref(self.resource.title)


class AlarmTopic(Struct, frozen=True, kw_only=True):
    """An encrypted SNS topic that alarms of this account and events may publish to, by TLS only.

    Attributes:
        key: the KMS key (``Key``), which lets alarms and events use it.
        subscriptions: who hears of it.
    """

    key: Any
    subscriptions: tuple[Subscription, ...]

    def build(self, scope: Scope) -> TopicHandle:
        """Add the topic, its policy and its subscriptions."""
        topic = scope.add(sns.Topic(scope.id("AlarmTopic"), KmsMasterKeyId=ref(self.key.title)))
        policy = scope.add(
            sns.TopicPolicy(
                scope.id("AlarmTopicPolicy"),
                Topics=[ref(topic.title)],
                PolicyDocument=policies.document(
                    policies.allow(
                        [awacs.sns.Publish],
                        [ref(topic.title)],
                        "AlarmsOfThisAccount",
                        Principal=Principal("Service", ["cloudwatch.amazonaws.com"]),
                        Condition=Condition(StringEquals({"aws:SourceAccount": ACCOUNT_ID})),
                    ),
                    # without a condition: EventBridge supports none in a topic's policy, and what
                    # it sends would be dropped (EventBridge User Guide, "Using resource-based
                    # policies")
                    policies.allow(
                        [awacs.sns.Publish],
                        [ref(topic.title)],
                        "Events",
                        Principal=Principal("Service", ["events.amazonaws.com"]),
                    ),
                    policies.deny_without_tls([awacs.sns.Publish], [ref(topic.title)]),
                ),
            )
        )
        subscriptions = tuple(
            scope.add(
                sns.SubscriptionResource(
                    scope.id(f"AlarmSubscription{number}"),
                    TopicArn=ref(topic.title),
                    Protocol=subscription.protocol,
                    Endpoint=subscription.endpoint,
                )
            )
            for number, subscription in enumerate(self.subscriptions, 1)
        )
        return TopicHandle(resource=topic, policy=policy, subscriptions=subscriptions)
