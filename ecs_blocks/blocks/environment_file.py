"""Files of variables in S3, which ECS reads when a container starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import ecs

from ecs_blocks import policies
from ecs_blocks.errors import BlockError
from ecs_blocks.values import PARTITION, BucketName, KeyArn, Token, Value, text

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FILES: Final = 10
"""Of one task definition. Source: as of ``EnvironmentFile``."""


class EnvironmentFile(Struct, frozen=True, kw_only=True):
    """A file in S3 with a variable in each line, ``LEVEL=info``.

    Attributes:
        bucket: its name.
        key: the object's, which ends in ``.env``: ``shop/settings.env``.
        key_arn: the KMS key of your own that encrypts it; None is AWS's own.

    A variable that is given by name goes before one of a file, and the first file before the
    second. ECS reads the file when a task starts; nothing deploys when it changes, and a rollback
    does not bring the old one back: give each version a key of its own. It is no place for secrets.

    Source: Amazon ECS Developer Guide, "Pass environment variables to an Amazon ECS container".
    """

    bucket: Value[BucketName]
    key: Value[str]
    key_arn: Value[KeyArn] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.key, Token):
            return
        if self.key.startswith("/") or not self.key.endswith(".env"):
            raise BlockError(
                f"{self.key!r} cannot be the key of an environment file: it ends in .env, and does "
                "not begin with a slash, like shop/settings.env"
            )

    @property
    def bucket_arn(self) -> Value[str]:
        """Of the bucket."""
        return text("arn:", PARTITION, ":s3:::", self.bucket)

    @property
    def arn(self) -> Value[str]:
        """Of the file."""
        return text("arn:", PARTITION, ":s3:::", self.bucket, "/", self.key)

    def resource(self) -> Any:
        """As the container definition has it."""
        return ecs.EnvironmentFile(Type="s3", Value=self.arn)


def check_files(files: Sequence[EnvironmentFile]) -> None:
    """Refuse more files than a task may have.

    Raises:
        BlockError: there are more than ten.
    """
    if len(files) > MAX_FILES:
        raise BlockError(f"{len(files)} environment files; ECS takes {MAX_FILES} of a task")


def read_files(files: Sequence[EnvironmentFile]) -> Any:
    """The policy that lets an execution role read *files*, and no others."""
    keys = [one.key_arn for one in files if one.key_arn is not None]
    return policies.policy(
        "EnvironmentFiles",
        policies.allow(["s3:GetObject"], policies.once(one.arn for one in files)),
        policies.allow(["s3:GetBucketLocation"], policies.once(one.bucket_arn for one in files)),
        *([policies.decrypt(keys)] if keys else []),
    )
