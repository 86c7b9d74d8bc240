"""The topic that alarms notify.

Trap 43: alarms may publish only for this account. EventBridge supports no condition in a topic's
policy (EventBridge User Guide, "Using resource-based policies"): with one, its messages are
dropped, and nobody is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, Built, new_stack

if TYPE_CHECKING:
    from ecs_blocks.blocks.alarm_topic import TopicHandle

_TOPIC = {"Ref": "WebAlarmTopic"}


def made(*subscriptions: eb.Subscription) -> Built[TopicHandle]:
    stack = new_stack()
    key = stack.add("Web", eb.Key(description="a key"))
    return Built(stack, stack.add("Web", eb.AlarmTopic(key=key, subscriptions=subscriptions)))


def statements() -> dict[str, dict[str, Any]]:
    found = made().resources["WebAlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return {statement.pop("Sid"): statement for statement in found}


def test_the_topic_is_encrypted_with_the_key() -> None:
    assert made().resources["WebAlarmTopic"] == {
        "Type": "AWS::SNS::Topic",
        "Properties": {"KmsMasterKeyId": {"Ref": "WebKey"}},
    }


def test_the_policy_is_about_this_topic_and_names_whom_it_knows() -> None:
    found = made().resources["WebAlarmTopicPolicy"]

    assert (found["Type"], found["Properties"]["Topics"]) == ("AWS::SNS::TopicPolicy", [_TOPIC])
    assert list(statements()) == ["AlarmsOfThisAccount", "Events", "DenyWithoutTls"]


def test_trap_43_alarms_publish_for_this_account_only() -> None:
    assert statements()["AlarmsOfThisAccount"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com"]},
        "Action": ["sns:Publish"],
        "Resource": [_TOPIC],
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }


def test_events_publish_without_a_condition_since_they_would_not_arrive_with_one() -> None:
    assert statements()["Events"] == {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": ["sns:Publish"],
        "Resource": [_TOPIC],
    }


def test_nobody_publishes_without_tls() -> None:
    assert statements()["DenyWithoutTls"] == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sns:Publish"],
        "Resource": [_TOPIC],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.mark.parametrize(
    ("subscription", "properties"),
    [
        pytest.param(
            eb.Subscription("ops@example.com"),
            {"Protocol": "email", "Endpoint": "ops@example.com"},
            id="an e-mail",
        ),
        pytest.param(
            eb.Subscription("https://example.com/alarms", "https"),
            {"Protocol": "https", "Endpoint": "https://example.com/alarms"},
            id="a web hook",
        ),
        pytest.param(
            eb.Subscription(TOKENS.word),
            {"Protocol": "email", "Endpoint": {"Ref": "Word"}},
            id="a token",
        ),
    ],
)
def test_a_subscription(subscription: eb.Subscription, properties: dict[str, Any]) -> None:
    assert made(subscription).resources["WebAlarmSubscription1"] == {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": _TOPIC, **properties},
    }


def test_the_logical_ids_are_a_contract() -> None:
    two = made(eb.Subscription("one@example.com"), eb.Subscription("two@example.com"))

    assert two.ids == [
        "WebKey",
        "WebAlarmTopic",
        "WebAlarmTopicPolicy",
        "WebAlarmSubscription1",
        "WebAlarmSubscription2",
        "WebNotificationsFailedAlarm",
    ]


def test_a_subscription_that_takes_no_messages_rings_and_never_says_that_it_is_over() -> None:
    """What it said would fail as well, and ring it again."""
    found = made(eb.Subscription("ops@example.com")).resources["WebNotificationsFailedAlarm"]

    assert found["Properties"] == {
        "AlarmName": {"Fn::Sub": "${AWS::StackName}-notifications-failed"},
        "AlarmDescription": "a subscription of the alarm topic does not take its messages: look "
        "whether its address still answers",
        "Namespace": "AWS/SNS",
        "MetricName": "NumberOfNotificationsFailed",
        "Statistic": "Sum",
        "Dimensions": [
            {"Name": "TopicName", "Value": {"Fn::GetAtt": ["WebAlarmTopic", "TopicName"]}}
        ],
        "Period": 300,
        "EvaluationPeriods": 96,
        "DatapointsToAlarm": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [_TOPIC],
    }


def test_it_rings_on_until_sns_has_given_up_its_own_message() -> None:
    """An e-mail: two attempts 10 s apart, ten with a back-off from 10 to 600 s, 38 by 600 s."""
    one = made(eb.Subscription("ops@example.com")).handle.alarm
    back_off_s = sum(10 * 60 ** (number / 9) for number in range(10))
    window_s = one.EvaluationPeriods * one.Period

    assert 6 * 3600 < 2 * 10 + back_off_s + 38 * 600 < window_s - 3600 < window_s <= 86_400


def test_it_is_quiet_where_alarms_are() -> None:
    stack = new_stack()
    key = stack.add("Web", eb.Key(description="a key"))
    operators = (eb.Subscription("ops@example.com"),)
    topic = eb.AlarmTopic(key=key, subscriptions=operators, alarms_enabled=TOKENS.flag)
    handle = stack.add("Web", topic)

    assert handle.alarm.ActionsEnabled is TOKENS.flag


def test_a_topic_without_subscriptions_has_nobody_to_tell() -> None:
    one = made()

    assert one.handle.alarm is None
    assert "WebNotificationsFailedAlarm" not in one.ids


def second(name: str) -> Built[TopicHandle]:
    one = made(eb.Subscription("ops@example.com"))
    key = one.stack.add("Other", eb.Key(description="another key"))
    night = (eb.Subscription("night@example.com"),)
    other = eb.AlarmTopic(key=key, subscriptions=night, name=name)
    return Built(one.stack, one.stack.add("Other", other))


def test_a_second_topic_has_an_alarm_of_another_name() -> None:
    assert "OtherNightNotificationsFailedAlarm" in second("Night").ids


@pytest.mark.parametrize("name", ["night desk", "night", "9th", "Night-desk"])
def test_a_name_that_is_no_part_of_an_id_is_refused(name: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        second(name)

    assert (
        str(refused.value) == f"name is {name!r}; it is written like Night, in letters and digits"
    )


def test_a_second_topic_without_another_name_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        _ = second("").ids

    assert str(refused.value) == (
        "WebNotificationsFailedAlarm and OtherNotificationsFailedAlarm have the same AlarmName; a "
        "block that gives such a name stands in a stack once: take the handle of the first, or "
        "make an app of the second"
    )


def test_the_handle_hands_on_the_topic_s_arn() -> None:
    one = made()
    one.stack.output("Topic", one.handle.arn, "the topic")

    assert one.template["Outputs"]["Topic"]["Value"] == _TOPIC


def test_every_property_is_reachable_through_the_handle() -> None:
    one = made(eb.Subscription("ops@example.com"))

    one.handle.resource.DisplayName = "alarms"
    one.handle.policy.Topics = ["another"]
    one.handle.subscriptions[0].FilterPolicyScope = "MessageBody"

    found = {name: body["Properties"] for name, body in one.resources.items()}
    assert found["WebAlarmTopic"]["DisplayName"] == "alarms"
    assert found["WebAlarmTopicPolicy"]["Topics"] == ["another"]
    assert found["WebAlarmSubscription1"]["FilterPolicyScope"] == "MessageBody"
