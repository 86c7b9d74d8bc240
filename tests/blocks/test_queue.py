"""A queue, the one beside it, and who may do what with them."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, TOKENS, TOPIC, Built, built, new_stack, resources

ORDERED = eb.FifoTopicArn("arn:aws:sns:ap-northeast-1:123456789012:orders.fifo")
_ARN = {"Fn::GetAtt": ["WebQueue", "Arn"]}


def queue(**changed: Any) -> eb.Queue:
    arguments: dict[str, Any] = {"encryption": eb.KmsKey(KEY)}
    return eb.Queue(**arguments | changed)


def made(**changed: Any) -> dict[str, Any]:
    return resources(queue(**changed))


def statements(found: dict[str, Any], id_: str = "WebQueuePolicy") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found[id_]["Properties"]["PolicyDocument"]["Statement"]
    return listed


def test_a_queue_and_the_one_for_what_was_given_up() -> None:
    found = made()

    assert found["WebQueue"] == {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "KmsMasterKeyId": KEY,
            "VisibilityTimeout": 300,
            "MessageRetentionPeriod": 345_600,
            "ReceiveMessageWaitTimeSeconds": 20,
            "RedrivePolicy": {
                "deadLetterTargetArn": {"Fn::GetAtt": ["WebDeadLetterQueue", "Arn"]},
                "maxReceiveCount": 3,
            },
        },
    }
    assert found["WebDeadLetterQueue"]["Properties"] == {
        "KmsMasterKeyId": KEY,
        "MessageRetentionPeriod": 1_209_600,
    }


def test_a_message_that_is_given_up_lives_longer_than_one_that_waits() -> None:
    """Its age counts from when it was sent: with one retention for both it would be gone."""
    found = made()
    waits, lies = (
        found[id_]["Properties"]["MessageRetentionPeriod"]
        for id_ in ("WebQueue", "WebDeadLetterQueue")
    )

    assert lies > waits


def test_a_queue_of_tokens() -> None:
    found = made(
        encryption=eb.KmsKey(TOKENS.key_arn),
        visibility_timeout_s=TOKENS.number,
        max_receives=TOKENS.other_number,
    )["WebQueue"]["Properties"]

    assert found["KmsMasterKeyId"] == {"Ref": "KeyArn"}
    assert found["VisibilityTimeout"] == {"Ref": "Number"}
    assert found["RedrivePolicy"]["maxReceiveCount"] == {"Ref": "OtherNumber"}


@pytest.mark.parametrize("id_", ["WebQueue", "WebDeadLetterQueue"])
def test_a_queue_in_order_has_one_in_order_beside_it(id_: str) -> None:
    assert made(fifo=True)[id_]["Properties"]["FifoQueue"] is True
    assert "FifoQueue" not in made()[id_]["Properties"]


@pytest.mark.parametrize("id_", ["WebQueue", "WebDeadLetterQueue"])
def test_sqs_s_own_key_is_said_to_be_used(id_: str) -> None:
    found = made(encryption=eb.SqsManagedKey())[id_]["Properties"]

    assert found["SqsManagedSseEnabled"] is True
    assert "KmsMasterKeyId" not in found


@pytest.mark.parametrize("id_", ["WebQueue", "WebDeadLetterQueue"])
def test_nothing_goes_without_tls(id_: str) -> None:
    arn = {"Fn::GetAtt": [id_, "Arn"]}

    assert statements(made(), f"{id_}Policy") == [
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["sqs:*"],
            "Resource": [arn],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


@pytest.mark.parametrize(
    ("sender", "service", "source"),
    [
        pytest.param(eb.FromTopic(TOPIC), "sns", TOPIC, id="a topic"),
        pytest.param(eb.FromTopic(TOKENS.topic_arn), "sns", {"Ref": "TopicArn"}, id="a token"),
        pytest.param(eb.FromTopic(ORDERED), "sns", ORDERED, id="a FIFO topic"),
        pytest.param(
            eb.FromService("s3", "arn:aws:s3:::in"), "s3", "arn:aws:s3:::in", id="a bucket"
        ),
    ],
)
def test_a_sender_sends_for_one_resource_only(sender: Any, service: str, source: object) -> None:
    allowed, _ = statements(made(senders=(sender,)))

    assert allowed == {
        "Sid": "Sender1",
        "Effect": "Allow",
        "Action": ["sqs:SendMessage"],
        "Resource": [_ARN],
        "Principal": {"Service": [f"{service}.amazonaws.com"]},
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }


def test_a_topic_is_subscribed_to_and_sends_messages_as_they_are() -> None:
    senders = (eb.FromService("s3", "arn:aws:s3:::in"), eb.FromTopic(TOPIC))
    found = made(senders=senders)

    assert [one for one in found if "Subscription" in one] == ["WebQueueSubscription2"]
    assert found["WebQueueSubscription2"]["Properties"] == {
        "TopicArn": TOPIC,
        "Protocol": "sqs",
        "Endpoint": _ARN,
        "RawMessageDelivery": True,
    }


RECEIVE = [
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
]
SEND = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"]


@pytest.mark.parametrize(
    ("make", "name", "actions", "of_the_key"),
    [
        pytest.param(
            eb.receive_messages, "ReceiveMessages", RECEIVE, ["kms:Decrypt"], id="receive"
        ),
        pytest.param(
            eb.send_messages,
            "SendMessages",
            SEND,
            ["kms:Decrypt", "kms:GenerateDataKey"],
            id="send",
        ),
    ],
)
def test_a_role_gets_what_it_needs_of_the_queue_and_of_its_key(
    make: Any, name: str, actions: list[str], of_the_key: list[str]
) -> None:
    with_key = make(TOKENS.word, eb.KmsKey(KEY)).to_dict()
    without = make(TOKENS.word, eb.SqsManagedKey()).to_dict()
    messages = {"Effect": "Allow", "Action": actions, "Resource": [{"Ref": "Word"}]}
    key = {"Effect": "Allow", "Action": of_the_key, "Resource": [KEY]}

    assert with_key["PolicyName"] == name
    assert with_key["PolicyDocument"]["Statement"] == [messages, key]
    assert without["PolicyDocument"]["Statement"] == [messages]


def test_the_handle_names_the_queue_in_every_way() -> None:
    handle = built(queue()).handle

    assert handle.url.to_dict() == {"Ref": "WebQueue"}
    assert handle.arn.to_dict() == _ARN
    assert handle.name.to_dict() == {"Fn::GetAtt": ["WebQueue", "QueueName"]}
    assert handle.send().to_dict()["PolicyName"] == "SendMessages"


BAD = [
    pytest.param(
        {"visibility_timeout_s": 43_201},
        "visibility_timeout_s of a queue is 43201; allowed: 0 to 43200",
        id="hidden too long",
    ),
    pytest.param(
        {"max_receives": 0},
        "max_receives of a queue is 0; allowed: 1 to 1000",
        id="given up at once",
    ),
    pytest.param(
        {"retention_s": 1_209_601},
        "retention_s of a queue is 1209601; allowed: 60 to 1209600",
        id="kept too long",
    ),
    pytest.param(
        {"fifo": True, "senders": (eb.FromService("s3", "arn:aws:s3:::in"),)},
        "a FIFO queue takes messages from SNS topics and applications only",
        id="a bucket in order",
    ),
    pytest.param(
        {"fifo": True, "senders": (eb.FromTopic(TOPIC),)},
        f"a FIFO queue takes messages from FIFO topics only, not {TOPIC}",
        id="a topic without order",
    ),
]


@pytest.mark.parametrize(("changed", "message"), BAD)
def test_queues_that_sqs_refuses(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        queue(**changed)

    assert str(refused.value) == message


@pytest.mark.parametrize("topic", [ORDERED, TOKENS.topic_arn], ids=["known", "a token"])
def test_a_fifo_topic_sends_to_a_queue_in_order(topic: Any) -> None:
    found = made(fifo=True, senders=(eb.FromTopic(topic),))

    assert found["WebQueueSubscription1"]["Properties"]["RawMessageDelivery"] is True


def test_the_logical_ids_are_a_contract() -> None:
    assert list(made(senders=(eb.FromTopic(TOPIC),))) == [
        "WebDeadLetterQueue",
        "WebDeadLetterQueuePolicy",
        "WebQueue",
        "WebQueuePolicy",
        "WebQueueSubscription1",
    ]


def test_every_property_is_reachable_through_the_handle() -> None:
    stack = new_stack()
    handle = stack.add("Web", queue())

    handle.resource.DelaySeconds = 10

    assert Built(stack, handle).resources["WebQueue"]["Properties"]["DelaySeconds"] == 10
