"""The stacks of an account by name and ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_aws.cloudformation.model import Stack
from tests.fake_aws.errors import invalid
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.world import World


class Stacks:
    """Stacks: a deleted one is found by its ARN only."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Stack] = []

    def new(self, name: str) -> Stack:
        """A stack without anything."""
        found = Stack(
            name,
            arn("cloudformation", f"stack/{name}/{self._world.ids.uuid()}"),
            self._world.clock.aws_time(),
        )
        self.all.append(found)
        return found

    def living(self) -> Iterator[Stack]:
        """Those that are not deleted."""
        return (one for one in self.all if one.status != "DELETE_COMPLETE")

    def find(self, name: str) -> Stack | None:
        """The stack of this name or ARN."""
        if name.startswith("arn:"):
            return next((one for one in self.all if one.id == name), None)
        return next((one for one in self.living() if one.name == name), None)

    def get(self, name: str, text: str = "Stack with id {} does not exist") -> Stack:
        """The stack of this name or ARN; *text* is what the operation says where there is none."""
        found = self.find(name)
        if found is None:
            raise invalid(text.format(name))
        return found


BRACKETS = "Stack [{}] does not exist"
"""What some operations say instead."""
