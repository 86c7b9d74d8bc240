"""What loading gives: an environment with its values, and where each of them was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from ecs_blocks.environment.declare import Environment
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.errors import Problem

E = TypeVar("E", bound=Environment)

_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
}
"""The beginning of a region to its partition and domain, where it is not ``aws``."""


class Place(Struct, frozen=True):
    """Where a value was written; ``follows`` is the key there, where the value is another one's."""

    file: str
    line: int
    column: int
    where: str
    follows: str = ""

    def problem(self, message: str) -> Problem:
        """A problem of the value that stands here."""
        return Problem(self.file, self.line, self.column, self.where, message)


class Given(Struct, frozen=True):
    """A value and where it was written."""

    value: Any
    place: Place


class Loaded(Struct, Generic[E], frozen=True):
    """One environment of one app: its values by field name, and the instance that a script gets."""

    name: str
    stack_name: str
    tags: Mapping[str, str]
    values: Mapping[str, Any]
    places: Mapping[str, Place]
    environment: E
    section: Place
    lookups: Mapping[str, Lookup]

    @property
    def pseudo(self) -> dict[str, str]:
        """The pseudo parameters that are known: account, region, partition, stack name."""
        account, region = (str(self.values.get(key, "")) for key in ("account_id", "region"))
        return pseudo_parameters(account, region, self.stack_name)


def pseudo_parameters(account_id: str, region: str, stack_name: str) -> dict[str, str]:
    """What the pseudo parameters of a stack are."""
    partition, suffix = next(
        (found for prefix, found in _PARTITIONS.items() if region.startswith(prefix)),
        ("aws", "amazonaws.com"),
    )
    return {
        "AWS::AccountId": account_id,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": suffix,
    }
