"""A key of your own is of no use to a service that its policy does not name.

CloudWatch Logs encrypts as ``logs.<region>.amazonaws.com``: without it in the key's policy the log
group cannot be created ("the specified KMS key does not exist or is not allowed to be used").
Alarms publish as ``cloudwatch.amazonaws.com``, rules as ``events.amazonaws.com``: without them in
the policy of the topic's key, everything deploys, and no message ever arrives. The statement for
the account itself (``…:root``) does not cover services.

Allow the service ``kms:Decrypt`` and ``kms:GenerateDataKey*`` (CloudWatch Logs also
``kms:Encrypt``, ``kms:ReEncrypt*`` and ``kms:DescribeKey``).

Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS"; Amazon
SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
topics".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.rules.topic_default_key import publishers
from ecs_blocks.checks.views.iam_statements import principals, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP: Final = "AWS::Logs::LogGroup"
_TOPIC: Final = "AWS::SNS::Topic"
_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def _judge(user: Resource, template: Template) -> Iterator[Fault]:
    path = "KmsKeyId" if user.type == _GROUP else "KmsMasterKeyId"
    key = template.target(user.raw(path))
    if key is not None and key.type == "AWS::KMS::Alias":
        key = template.target(key.raw("TargetKeyId"))
    if key is None or key.type != "AWS::KMS::Key":
        return  # a key of another stack has its policy there
    for service in sorted(_services(user, template)):
        for action in _ACTIONS:
            if not _allows(key, service, action, path):
                yield Fault(path, f"{key.id} does not allow {service}.amazonaws.com {action}")
                break


def _services(user: Resource, template: Template) -> set[str]:
    if user.type == _GROUP:
        return {"logs"}
    types = {template.resources[name].type for name in publishers(user, template)}
    return {"events" if one == "AWS::Events::Rule" else "cloudwatch" for one in types}


def _allows(key: Resource, service: str, action: str, path: str) -> bool:
    try:
        for statement in statements_of("KeyPolicy", key.get("KeyPolicy", {})):
            named = principals(statement, "Service")
            trusted = any(one == "*" or one.startswith(f"{service}.") for one in named)
            if trusted and statement.granting(action):
                return True
    except Unknown:
        raise Unknown(path) from None
    return False


CHECK = Check(
    id="EB215",
    title="key that its service may not use",
    types=(_GROUP, _TOPIC),
    severity=Severity.ERROR,
    fix="allow the service kms:Decrypt and kms:GenerateDataKey* in the policy of the key",
    judge=_judge,
)
