"""Secrets that ECS puts into a container's variables: where they are, never what they are."""

from __future__ import annotations

from msgspec import Struct

from ecs_blocks import policies
from ecs_blocks.errors import BlockError
from ecs_blocks.parameter_types import TYPES
from ecs_blocks.values import KeyArn, SecretArn, SsmParameterName, Token, Value, text


class SsmParameter(Struct, frozen=True):
    """A secret in SSM Parameter Store, by name; ECS puts its value into a variable.

    ``key_arn`` is the KMS key of your own that encrypts it; AWS's own key needs no mention.
    """

    name: Value[SsmParameterName]
    key_arn: Value[KeyArn] | None = None

    def __post_init__(self) -> None:
        _check(self.name, SsmParameterName)

    def value_from(self) -> Value[str]:
        """What the container definition says."""
        return policies.parameter_arn(self.name)


class Secret(Struct, frozen=True):
    """A secret in Secrets Manager, whole or one *json_key* of it.

    ``arn`` is the complete ARN: ECS finds no secret by a name or an ARN without its last six
    characters (aws/aws-cdk#20744). ``key_arn`` is as in ``SsmParameter``.
    """

    arn: Value[SecretArn]
    json_key: str | None = None
    key_arn: Value[KeyArn] | None = None

    def __post_init__(self) -> None:
        _check(self.arn, SecretArn)

    def value_from(self) -> Value[str]:
        """What the container definition says (trap 34: the key goes between colons)."""
        return self.arn if self.json_key is None else text(self.arn, f":{self.json_key}::")


AnySecret = SsmParameter | Secret


def _check(value: Value[str], kind: object) -> None:
    row = TYPES[kind]
    if not isinstance(value, Token) and not row.matches(value):
        raise BlockError(f"a secret is given by {row.name}, like {row.example}")
