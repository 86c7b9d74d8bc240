"""A log group that ends some day, is encrypted, and survives its stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import logs

from ecs_blocks.blocks.limits import check_form, check_one_of
from ecs_blocks.values import KeyArn, Value

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

RETENTION_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827),
    *(2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes. Source: PutRetentionPolicy, ``retentionInDays``."""
_NAME: Final = re.compile(r"[A-Za-z0-9_./#-]{1,512}")
"""Source: Amazon CloudWatch Logs API Reference, CreateLogGroup, ``logGroupName``."""


class LogGroup(Struct, frozen=True, kw_only=True):
    """One CloudWatch log group.

    Attributes:
        name: the group's name, ``/ecs/hoge-prod``.
        retention_days: one of ``RETENTION_DAYS``; without end the bill grows for ever (trap 22).
        key_arn: the KMS key that encrypts it; its policy has to let CloudWatch Logs use it.

    The group is kept when the stack goes, but not when a create fails: a plain ``Retain`` with a
    fixed name would block the second try (trap 21).
    """

    name: Value[str]
    retention_days: Value[int]
    key_arn: Value[KeyArn]

    def __post_init__(self) -> None:
        check_form("name", self.name, _NAME, "like /ecs/hoge-prod")
        check_one_of("retention_days", self.retention_days, RETENTION_DAYS)

    def build(self, scope: Scope) -> Any:
        """Add the group, and return it (a ``troposphere.logs.LogGroup``)."""
        return scope.add(
            logs.LogGroup(
                scope.id("LogGroup"),
                DeletionPolicy="RetainExceptOnCreate",
                UpdateReplacePolicy="Retain",
                LogGroupName=self.name,
                RetentionInDays=self.retention_days,
                KmsKeyId=self.key_arn,
            )
        )
