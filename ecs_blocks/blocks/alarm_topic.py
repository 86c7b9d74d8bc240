"""The topic that every alarm of an environment notifies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

import awacs.sns
from awacs.aws import Condition, Principal, StringEquals
from msgspec import Struct
from troposphere import sns

from ecs_blocks import policies
from ecs_blocks.blocks.alarms import SNS, Alarm, Metric, Notify
from ecs_blocks.blocks.limits import check_form
from ecs_blocks.values import ACCOUNT_ID, Token, Value, get_att, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope
    from ecs_blocks.values import TopicArn

_NAME: Final = re.compile(r"(?:[A-Z][A-Za-z0-9]*)?")
_PERIOD_S: Final = 300
_LOOKS_BACK_S: Final = 8 * 3600
"""How long a failure counts: longer than SNS tries an e-mail, nearly seven hours."""


class Subscription(Struct, frozen=True):
    """Who hears of alarms: an address, and how. An e-mail has to be confirmed by its reader once.

    How many there are is decided in Python; where each goes may vary by environment.
    """

    endpoint: Value[str]
    protocol: Literal["email", "https"] = "email"


class TopicHandle(Struct, frozen=True, kw_only=True):
    """The topic, its policy, its subscriptions, and its ARN for alarms.

    ``alarm`` is its own, None where it has no subscriptions.
    """

    resource: Any
    policy: Any
    subscriptions: tuple[Any, ...]
    alarm: Any = None

    @property
    def arn(self) -> Token[TopicArn]:
        """The topic's ARN."""
        return ref(self.resource.title)


class AlarmTopic(Struct, frozen=True, kw_only=True):
    """An encrypted SNS topic that alarms of this account and events may publish to, by TLS only.

    Attributes:
        key: the KMS key (``Key``), which lets alarms and events use it.
        subscriptions: who hears of it.
        alarms_enabled: whether the topic's own alarm notifies.
        name: how the name of that alarm begins; a second topic with subscriptions in one stack
            needs another.

    With subscriptions it has an alarm of its own, which tells the topic that one of them did not
    take a message: who still hears learns who does not.
    """

    key: Any
    subscriptions: tuple[Subscription, ...]
    alarms_enabled: Value[bool] = True
    name: str = ""

    def __post_init__(self) -> None:
        check_form("name", self.name, _NAME, "like Night, in letters and digits")

    def build(self, scope: Scope) -> TopicHandle:
        """Add the topic, its policy, its subscriptions, and with these its alarm."""
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
        alarm = self._failures(scope, topic) if subscriptions else None
        return TopicHandle(resource=topic, policy=policy, subscriptions=subscriptions, alarm=alarm)

    def _failures(self, scope: Scope, topic: Any) -> Any:
        """The alarm of messages that did not arrive.

        A server that answers HTTPS with an error counts at each attempt; of e-mail, SNS counts
        what it gives up, hours later (Amazon SNS Developer Guide, "Monitoring Amazon SNS topics
        using CloudWatch" and "Amazon SNS message delivery retries").

        What the alarm itself says goes to the subscription that fails, too. So it never says that
        it is over, and is not over before SNS has given that up: else its own failures would ring
        it for ever. SNS tries an e-mail fifty times, over more than six hours, the last 38 of them
        ten minutes apart; HTTPS an hour at most. CloudWatch looks back a day at most.
        """
        alarm = scope.build(
            Alarm(
                suffix=f"{self.name}NotificationsFailed",
                description="a subscription of the alarm topic does not take its messages: look "
                "whether its address still answers",
                watches=Metric(
                    namespace=SNS,
                    name="NumberOfNotificationsFailed",
                    statistic="Sum",
                    dimensions={"TopicName": get_att(topic, "TopicName")},
                    period_s=_PERIOD_S,
                ),
                above=0,
                notify=Notify(topic_arn=ref(topic.title), enabled=self.alarms_enabled),
                minutes=_LOOKS_BACK_S // _PERIOD_S,
            )
        )
        alarm.DatapointsToAlarm = 1
        del alarm.properties["OKActions"]
        return alarm
