"""Access of the application to its own resources: exactly what the words say."""

from __future__ import annotations

from typing import Any

import pytest
from troposphere import dynamodb, s3, secretsmanager, sns, sqs

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS
from tests.blocks.web import on_fargate

KEY = eb.KeyArn("arn:aws:kms:ap-northeast-1:123456789012:key/0a1b2c3d")
BUCKET = s3.Bucket("Uploads")
TABLE = dynamodb.Table("Orders", AttributeDefinitions=[], KeySchema=[])
QUEUE = sqs.Queue("Work")
TOPIC = sns.Topic("News")
SECRET = secretsmanager.Secret("Password")


def att(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def below(name: str, path: str) -> dict[str, Any]:
    return {"Fn::Sub": "${" + name + ".Arn}" + path}


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements, less the word that all have."""
    found = policy.to_dict()["PolicyDocument"]["Statement"]
    assert {one.pop("Effect") for one in found} == {"Allow"}
    return list(found)


@pytest.mark.parametrize(
    ("policy", "name", "expected"),
    [
        pytest.param(
            eb.grant_bucket(BUCKET, read=True),
            "UploadsRead",
            [
                {"Action": ["s3:ListBucket"], "Resource": [att("Uploads")]},
                {"Action": ["s3:GetObject"], "Resource": [below("Uploads", "/*")]},
            ],
            id="read a bucket",
        ),
        pytest.param(
            eb.grant_bucket(BUCKET, write=True),
            "UploadsWrite",
            [
                {
                    "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
                    "Resource": [below("Uploads", "/*")],
                }
            ],
            id="write a bucket",
        ),
        pytest.param(
            eb.grant_bucket(BUCKET, read=True, delete=True, prefix="in/"),
            "UploadsReadDelete",
            [
                {
                    "Action": ["s3:ListBucket"],
                    "Resource": [att("Uploads")],
                    "Condition": {"StringLike": {"s3:prefix": ["in/*"]}},
                },
                {
                    "Action": ["s3:GetObject", "s3:DeleteObject"],
                    "Resource": [below("Uploads", "/in/*")],
                },
            ],
            id="a part of a bucket",
        ),
        pytest.param(
            eb.grant_table(TABLE, read=True),
            "OrdersRead",
            [
                {
                    "Action": [
                        "dynamodb:BatchGetItem",
                        "dynamodb:ConditionCheckItem",
                        "dynamodb:DescribeTable",
                        "dynamodb:GetItem",
                        "dynamodb:Query",
                        "dynamodb:Scan",
                    ],
                    "Resource": [att("Orders"), below("Orders", "/index/*")],
                }
            ],
            id="read a table",
        ),
        pytest.param(
            eb.grant_table(TABLE, write=True),
            "OrdersWrite",
            [
                {
                    "Action": [
                        "dynamodb:BatchWriteItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                    ],
                    "Resource": [att("Orders")],
                }
            ],
            id="write a table",
        ),
        pytest.param(
            eb.grant_queue(QUEUE, send=True),
            "WorkSend",
            [
                {
                    "Action": ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
                    "Resource": [att("Work")],
                }
            ],
            id="send to a queue",
        ),
        pytest.param(
            eb.grant_queue(QUEUE, receive=True),
            "WorkReceive",
            [
                {
                    "Action": [
                        "sqs:ReceiveMessage",
                        "sqs:DeleteMessage",
                        "sqs:ChangeMessageVisibility",
                        "sqs:GetQueueAttributes",
                        "sqs:GetQueueUrl",
                    ],
                    "Resource": [att("Work")],
                }
            ],
            id="receive from a queue",
        ),
        pytest.param(
            eb.grant_topic(TOPIC),
            "NewsPublish",
            [{"Action": ["sns:Publish"], "Resource": [{"Ref": "News"}]}],
            id="a topic, whose Ref is its ARN",
        ),
        pytest.param(
            eb.grant_secret(SECRET),
            "PasswordRead",
            [
                {
                    "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                    "Resource": [{"Ref": "Password"}],
                }
            ],
            id="a secret, whose Ref is its ARN",
        ),
        pytest.param(
            eb.grant_table("arn:aws:dynamodb:ap-northeast-1:1:table/x", read=True, name="X"),
            "XRead",
            [
                {
                    "Action": [
                        f"dynamodb:{word}"
                        for word in (
                            "BatchGetItem",
                            "ConditionCheckItem",
                            "DescribeTable",
                            "GetItem",
                            "Query",
                            "Scan",
                        )
                    ],
                    "Resource": [
                        "arn:aws:dynamodb:ap-northeast-1:1:table/x",
                        "arn:aws:dynamodb:ap-northeast-1:1:table/x/index/*",
                    ],
                }
            ],
            id="an ARN",
        ),
        pytest.param(
            eb.grant_topic(TOKENS.topic_arn, name="Shared"),
            "SharedPublish",
            [{"Action": ["sns:Publish"], "Resource": [{"Ref": "TopicArn"}]}],
            id="a token",
        ),
    ],
)
def test_a_grant_allows_what_its_words_say(
    policy: Any, name: str, expected: list[dict[str, Any]]
) -> None:
    assert policy.PolicyName == name
    assert statements(policy) == expected


@pytest.mark.parametrize(
    ("policy", "actions"),
    [
        pytest.param(eb.grant_bucket(BUCKET, read=True, key_arn=KEY), ["kms:Decrypt"], id="read"),
        pytest.param(
            eb.grant_bucket(BUCKET, write=True, key_arn=KEY),
            ["kms:Decrypt", "kms:GenerateDataKey"],
            id="write",
        ),
        pytest.param(
            eb.grant_queue(QUEUE, receive=True, key_arn=KEY), ["kms:Decrypt"], id="receive"
        ),
        pytest.param(
            eb.grant_queue(QUEUE, send=True, key_arn=KEY),
            ["kms:Decrypt", "kms:GenerateDataKey"],
            id="send",
        ),
        pytest.param(
            eb.grant_topic(TOPIC, key_arn=KEY), ["kms:Decrypt", "kms:GenerateDataKey"], id="publish"
        ),
        pytest.param(eb.grant_secret(SECRET, key_arn=KEY), ["kms:Decrypt"], id="a secret"),
        pytest.param(eb.grant_table(TABLE, read=True, key_arn=KEY), ["kms:Decrypt"], id="a table"),
    ],
)
def test_a_key_of_one_s_own_is_part_of_the_grant(policy: Any, actions: list[str]) -> None:
    assert statements(policy)[-1] == {"Action": actions, "Resource": [KEY]}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: eb.grant_bucket(BUCKET),
            "this grants nothing; say read=True or write=True or delete=True",
            id="a bucket for nothing",
        ),
        pytest.param(
            lambda: eb.grant_queue(QUEUE),
            "this grants nothing; say send=True or receive=True",
            id="a queue for nothing",
        ),
        pytest.param(
            lambda: eb.grant_topic(TOKENS.topic_arn),
            "a grant for an ARN needs a name=, like name='Uploads'",
            id="an ARN without a name",
        ),
    ],
)
def test_a_grant_that_says_too_little(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        make()

    assert str(caught.value) == message


@pytest.mark.parametrize(
    "grant",
    [
        lambda thing: eb.grant_bucket(thing, read=True, name="X"),
        lambda thing: eb.grant_table(thing, read=True, name="X"),
        lambda thing: eb.grant_queue(thing, send=True, name="X"),
        lambda thing: eb.grant_topic(thing, name="X"),
        lambda thing: eb.grant_secret(thing, name="X"),
    ],
)
@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (
            BUCKET.get_att("Arn"),
            "a resource is expected, got a GetAtt; give the resource itself, as troposphere makes "
            "it, or its ARN, with a name=",
        ),
        (
            None,
            "a resource is expected, got nothing; give the resource itself, as troposphere makes "
            "it, or its ARN, with a name=",
        ),
        ("uploads", "uploads is no ARN; give the resource itself, or its ARN, with a name="),
    ],
)
def test_a_grant_for_something_else(grant: Any, thing: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        grant(thing)

    assert str(caught.value) == message


def test_a_grant_is_one_argument_of_a_service() -> None:
    made = on_fargate(task_policies=(eb.grant_bucket(BUCKET, read=True, write=True),))
    made.stack.add_resource(BUCKET)

    [policy] = made.properties("WebTaskRole")["Policies"]
    assert policy["PolicyName"] == "UploadsReadWrite"


def test_no_grant_names_everything() -> None:
    for policy in (
        eb.grant_bucket(BUCKET, read=True, write=True, delete=True, key_arn=KEY),
        eb.grant_table(TABLE, read=True, write=True, key_arn=KEY),
        eb.grant_queue(QUEUE, send=True, receive=True, key_arn=KEY),
        eb.grant_topic(TOPIC, key_arn=KEY),
        eb.grant_secret(SECRET, key_arn=KEY),
    ):
        for one in statements(policy):
            assert "*" not in one["Resource"]
            assert not any(action.endswith("*") for action in one["Action"])
