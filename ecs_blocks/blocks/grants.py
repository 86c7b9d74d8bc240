"""Access of the application itself to what stands beside it: one line for each bucket or table.

Each is an inline policy for ``task_policies``, with the actions that the words mean and no others,
on that one resource. A resource of the stack is given as it is, any other by its ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from awacs.aws import Condition, StringLike

from ecs_blocks import policies
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, get_att, logical_id, ref, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.values import KeyArn, Value

READ_ITEMS: Final = (
    "BatchGetItem",
    "ConditionCheckItem",
    "DescribeTable",
    "GetItem",
    "Query",
    "Scan",
)
_BY_ARN: Final = "its ARN, with a name="
WRITE_ITEMS: Final = ("BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem")


def grant_bucket(
    bucket: Any,
    *,
    read: bool = False,
    write: bool = False,
    delete: bool = False,
    prefix: str = "",
    key_arn: Value[KeyArn] | None = None,
    name: str = "",
) -> Any:
    """Access to an S3 bucket, for ``task_policies``: what is named, and nothing else.

    Args:
        bucket: a ``troposphere.s3.Bucket`` of the stack, or the ARN of any other.
        read: get objects, and list them.
        write: put objects; what is there may be written over.
        delete: delete objects.
        prefix: only what begins so: ``uploads/``.
        key_arn: the KMS key of your own that encrypts it.
        name: of the policy, where *bucket* is an ARN.

    Raises:
        BlockError: it would allow nothing, has no name, or is for something else.
    """
    arn = _arn_of(bucket, "Arn")
    statements = []
    if read:
        only = StringLike({"s3:prefix": [f"{prefix}*"]}) if prefix else None
        extra = {"Condition": Condition(only)} if only else {}
        statements.append(_allow_words("s3", ("ListBucket",), [arn], **extra))
    words = [
        *(["GetObject"] if read else []),
        *(["PutObject", "AbortMultipartUpload"] if write else []),
        *(["DeleteObject"] if delete else []),
    ]
    if words:
        statements.append(_allow_words("s3", words, [text(arn, f"/{prefix}*")]))
    kinds = {"Read": read, "Write": write, "Delete": delete}
    return _grant(bucket, name, kinds, statements, key_arn, writes=write)


def grant_table(
    table: Any,
    *,
    read: bool = False,
    write: bool = False,
    key_arn: Value[KeyArn] | None = None,
    name: str = "",
) -> Any:
    """Access to the items of a DynamoDB table and its indexes, for ``task_policies``.

    Args:
        table: a ``troposphere.dynamodb.Table`` of the stack, or the ARN of any other.
        read: get, query and scan.
        write: put, update and delete.
        key_arn: the KMS key of your own that encrypts it.
        name: of the policy, where *table* is an ARN.

    Raises:
        BlockError: it would allow nothing, has no name, or is for something else.
    """
    arn = _arn_of(table, "Arn")
    statements = []
    if read:
        indexes = text(arn, "/index/*")
        statements.append(_allow_words("dynamodb", READ_ITEMS, [arn, indexes]))
    if write:
        statements.append(_allow_words("dynamodb", WRITE_ITEMS, [arn]))
    kinds = {"Read": read, "Write": write}
    return _grant(table, name, kinds, statements, key_arn, writes=write)


def grant_queue(
    queue: Any,
    *,
    send: bool = False,
    receive: bool = False,
    key_arn: Value[KeyArn] | None = None,
    name: str = "",
) -> Any:
    """Access to an SQS queue, for ``task_policies``.

    Args:
        queue: a ``troposphere.sqs.Queue`` of the stack, or the ARN of any other.
        send: send messages.
        receive: receive and delete messages, and say how long one takes.
        key_arn: the KMS key of your own that encrypts it.
        name: of the policy, where *queue* is an ARN.

    Raises:
        BlockError: it would allow nothing, has no name, or is for something else.
    """
    words = [
        *(["SendMessage"] if send else []),
        *(["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"] if receive else []),
        *(["GetQueueAttributes", "GetQueueUrl"] if send or receive else []),
    ]
    statements = [_allow_words("sqs", words, [_arn_of(queue, "Arn")])] if words else []
    kinds = {"Send": send, "Receive": receive}
    return _grant(queue, name, kinds, statements, key_arn, writes=send)


def grant_topic(topic: Any, *, key_arn: Value[KeyArn] | None = None, name: str = "") -> Any:
    """Publish to an SNS topic, for ``task_policies``.

    Args:
        topic: a ``troposphere.sns.Topic`` of the stack, or the ARN of any other.
        key_arn: the KMS key of your own that encrypts it.
        name: of the policy, where *topic* is an ARN.

    Raises:
        BlockError: it has no name, or is for something else.
    """
    statements = [_allow_words("sns", ("Publish",), [_arn_of(topic, None)])]
    return _grant(topic, name, {"Publish": True}, statements, key_arn, writes=True)


def grant_secret(secret: Any, *, key_arn: Value[KeyArn] | None = None, name: str = "") -> Any:
    """Read a secret while running, for ``task_policies``; ``secrets=`` reads it at the start.

    Args:
        secret: a ``troposphere.secretsmanager.Secret`` of the stack, or the ARN of any other.
        key_arn: the KMS key of your own that encrypts it.
        name: of the policy, where *secret* is an ARN.

    Raises:
        BlockError: it has no name, or is for something else.
    """
    words = ("DescribeSecret", "GetSecretValue")
    statements = [_allow_words("secretsmanager", words, [_arn_of(secret, None)])]
    return _grant(secret, name, {"Read": True}, statements, key_arn, writes=False)


def _allow_words(service: str, words: Sequence[str], resources: Sequence[Any], **extra: Any) -> Any:
    return policies.allow([f"{service}:{word}" for word in words], resources, **extra)


def _arn_of(thing: Any, attribute: str | None) -> Value[str]:
    """The ARN of a resource, which is an attribute or its Ref; an ARN is one."""
    if isinstance(thing, str) and not thing.startswith("arn:"):
        raise BlockError(f"{thing} is no ARN; give the resource itself, or {_BY_ARN}")
    if isinstance(thing, (str, Token)):
        return thing
    name = logical_id(thing, _BY_ARN)
    return ref(name) if attribute is None else get_att(thing, attribute)


def _grant(
    thing: Any,
    name: str,
    kinds: Mapping[str, bool],
    statements: list[Any],
    key_arn: Value[KeyArn] | None,
    *,
    writes: bool,
) -> Any:
    given = [kind for kind, wanted in kinds.items() if wanted]
    if not given:
        ways = " or ".join(f"{kind.lower()}=True" for kind in kinds)
        raise BlockError(f"this grants nothing; say {ways}")
    title = name or ("" if isinstance(thing, (str, Token)) else thing.title)
    if not title:
        raise BlockError("a grant for an ARN needs a name=, like name='Uploads'")
    if key_arn is not None:
        words = ["Decrypt", *(["GenerateDataKey"] if writes else [])]
        statements = [*statements, _allow_words("kms", words, [key_arn])]
    return policies.policy(title + "".join(given), *statements)
