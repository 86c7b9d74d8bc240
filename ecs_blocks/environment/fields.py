"""What is known of one field: what was said of it, its key and its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from ecs_blocks.parameter_types import ParameterType
from ecs_blocks.values import Token, parameter_value, ref


class Missing:
    """The type of ``MISSING``."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
"""No default: every environment has to give a value."""


class SameAs(Struct, frozen=True):
    """A default that is another field's value in the same environment."""

    field: str


LookupKind: TypeAlias = Literal[
    "StackOutput", "Ssm", "RunningImage", "Vpc", "Subnets", "SecurityGroup"
]


class Lookup(Struct, frozen=True):
    """A value that only a deploy can find: how, and with which arguments.

    ``kind`` is ``StackOutput`` (an output of another app's stack in the same environment), ``Ssm``
    (an SSM parameter), ``RunningImage`` (the image that the service runs now), or ``Vpc``,
    ``Subnets`` and ``SecurityGroup``: by their tags, which then are the arguments.
    """

    kind: LookupKind
    arguments: tuple[tuple[str, str], ...]

    @property
    def named(self) -> dict[str, str]:
        """The arguments by name; of a lookup by tags, the tags."""
        return dict(self.arguments)

    def to_json(self) -> dict[str, Any]:
        """As it stands under ``lookups`` in an environment's file."""
        return {self.kind: self.named}


class Spec(Struct, frozen=True):
    """What ``param`` and ``shape`` were told."""

    default: Any = MISSING
    help: str = ""
    choices: tuple[Any, ...] = ()
    ge: float | None = None
    le: float | None = None
    pattern: str | None = None
    min_items: int = 0
    pseudo: str | None = None
    compute: Callable[[Mapping[str, Any]], Any] | None = None
    of: tuple[str, ...] = ()


class Field(Struct, frozen=True):
    """A declaration bound to its name and type."""

    name: str
    key: str
    type: ParameterType
    is_shape: bool
    spec: Spec

    @property
    def required(self) -> bool:
        """Whether every environment has to give a value."""
        return self.spec.default is MISSING and self.spec.compute is None

    @property
    def settable(self) -> bool:
        """Whether environment.yaml may set it."""
        return self.spec.compute is None

    @property
    def pattern(self) -> str | None:
        """What text has to match as a whole: nothing at all too, where that is the default."""
        pattern = self.spec.pattern or self.type.pattern
        return f"{pattern}|" if pattern and self.spec.default == "" else pattern

    def token(self) -> Token[Any]:
        """What the field is while the template is made."""
        return ref(self.spec.pseudo or self.key)

    def declaration(self) -> dict[str, Any]:
        """The entry in the template's Parameters. There is no Default: every value is fed."""
        spec = self.spec
        found: dict[str, Any] = {"Type": self.type.cloudformation}
        if spec.help:
            found["Description"] = spec.help
        choices = spec.choices or ((True, False) if self.type.scalar is bool else ())
        if choices and not self.type.many:
            numeric = self.type.cloudformation == "Number"
            found["AllowedValues"] = [c if numeric else parameter_value(c) for c in choices]
        if self.pattern and not self.type.checked_by_aws:
            found["AllowedPattern"] = f"^(?:{self.pattern})$"
            example = f", like {self.type.example}" if self.type.example else ""
            found["ConstraintDescription"] = f"has to be {self.type.name}{example}"
        if spec.ge is not None:
            found["MinValue"] = spec.ge
        if spec.le is not None:
            found["MaxValue"] = spec.le
        return found
