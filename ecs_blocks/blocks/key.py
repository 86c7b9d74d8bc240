"""The key of an environment: it encrypts log groups and the alarm topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import awacs.kms
from awacs.aws import ArnEquals, ArnLike, Condition, Principal, StringEquals
from msgspec import Struct
from troposphere import kms

from ecs_blocks import policies
from ecs_blocks.values import ACCOUNT_ID, PARTITION, REGION, arn, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_USE = (
    awacs.kms.Decrypt,
    awacs.kms.DescribeKey,
    awacs.kms.Encrypt,
    awacs.kms.GenerateDataKey,
    awacs.kms.GenerateDataKeyWithoutPlaintext,
    awacs.kms.ReEncryptFrom,
    awacs.kms.ReEncryptTo,
)


class Key(Struct, frozen=True, kw_only=True):
    """A KMS key that CloudWatch Logs, CloudWatch alarms, EventBridge and Auto Scaling may use.

    Attributes:
        description: what it is for.

    Rotated every year, kept when the stack goes: without it, what it encrypted is lost. A create
    that fails takes it away again: nothing is encrypted yet.
    Alarms cannot publish to a topic under AWS's own ``alias/aws/sns`` key, hence this one.
    """

    description: str

    def build(self, scope: Scope) -> Any:
        """Add the key, and return it (a ``troposphere.kms.Key``)."""
        everyone = text("arn:", PARTITION, ":iam::", ACCOUNT_ID, ":root")
        auto_scaling = text(
            "arn:",
            PARTITION,
            ":iam::",
            ACCOUNT_ID,
            ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        )
        logs = text("logs.", REGION, ".amazonaws.com")
        return scope.add(
            kms.Key(
                scope.id("Key"),
                DeletionPolicy="RetainExceptOnCreate",
                UpdateReplacePolicy="Retain",
                Description=self.description,
                EnableKeyRotation=True,
                PendingWindowInDays=30,
                KeyPolicy=policies.document(
                    policies.allow(
                        [awacs.aws.Action("kms", "*")],
                        ["*"],
                        "TheAccountDecidesByIam",
                        Principal=Principal("AWS", [everyone]),
                    ),
                    policies.allow(
                        _USE,
                        ["*"],
                        "LogGroupsOfThisAccount",
                        Principal=Principal("Service", [logs]),
                        Condition=Condition(
                            ArnLike(
                                {"kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:*")}
                            )
                        ),
                    ),
                    policies.allow(
                        [awacs.kms.Decrypt, awacs.kms.GenerateDataKey],
                        ["*"],
                        "AlarmsOfThisAccount",
                        Principal=Principal("Service", ["cloudwatch.amazonaws.com"]),
                        Condition=Condition(StringEquals({"aws:SourceAccount": ACCOUNT_ID})),
                    ),
                    # EventBridge says no source when it publishes to an encrypted topic: with
                    # aws:SourceAccount nothing would ever arrive (SNS Developer Guide, "Managing
                    # keys"). The topic itself is what can be asked for.
                    policies.allow(
                        [awacs.kms.Decrypt, awacs.kms.GenerateDataKey],
                        ["*"],
                        "EventsForTopicsOfThisAccount",
                        Principal=Principal("Service", ["events.amazonaws.com"]),
                        Condition=Condition(
                            ArnLike({"kms:EncryptionContext:aws:sns:topicArn": arn("sns", "*")})
                        ),
                    ),
                    # named by a condition: a principal that does not exist yet is refused
                    policies.allow(
                        [awacs.kms.Decrypt, awacs.kms.GenerateDataKey],
                        ["*"],
                        "AutoScalingOfThisAccount",
                        Principal=Principal("AWS", "*"),
                        Condition=Condition(ArnEquals({"aws:PrincipalArn": auto_scaling})),
                    ),
                ),
            )
        )
