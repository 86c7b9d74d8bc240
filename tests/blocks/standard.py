"""A standard block over the tokens of an environment class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.templates.stack import encode
from tests.blocks.helpers import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E", bound=eb.Environment)
H = TypeVar("H")


class Standard(Generic[E, H]):
    """What *block* makes of tokens of the environment class *kind*, under the id ``Web``."""

    def __init__(self, kind: type[E], block: Callable[[E], eb.Block[H]]) -> None:
        self.fields = fields_of(kind)
        self.env = kind(
            app="my-web",
            images=(REPOSITORY,),
            values={name: field.token() for name, field in self.fields.items()},
        )
        self.stack = eb.Stack(self.env)
        self.handle: H = self.stack.add("Web", block(self.env))

    @property
    def template(self) -> dict[str, Any]:
        """The encoded template."""
        return encode(self.stack, self.fields)

    @property
    def ids(self) -> list[str]:
        """The logical ids, in the order of the template. They are a contract."""
        return list(self.template["Resources"])

    @property
    def outputs(self) -> list[str]:
        """What the stack tells others."""
        return list(self.template["Outputs"])

    @property
    def unused(self) -> set[str]:
        """The keys that environment.yaml may set, and that change nothing."""
        keys = {field.key for field in self.fields.values() if field.spec.pseudo is None}
        return keys - set(self.template["Parameters"])

    def properties(self, id_: str) -> dict[str, Any]:
        """The properties of one resource."""
        found: dict[str, Any] = self.template["Resources"][id_]["Properties"]
        return found


MADE_FROM = {"ImageRepositoryUrl", "ImageTag"}
"""What the image is made from; the template has the image itself."""
