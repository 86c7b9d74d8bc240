"""Every stack of one side of a review, whatever it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ecs_blocks.errors import Problem
from ecs_blocks.review.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator


class Snapshot(Struct, frozen=True, kw_only=True):
    """What all stacks are, by app and environment.

    ``name`` is how a person calls this side; ``apps`` are all that exist there, also those that
    nobody asked for; ``keys`` are all that the rendered ones declare; ``broken`` holds the problems
    of apps that cannot be rendered.
    """

    name: str
    sides: Mapping[str, Mapping[str, Side]] = field(default_factory=dict)
    apps: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    broken: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def environments(self, app: str) -> Mapping[str, Side]:
        """The stacks of *app* by environment; none where it does not exist."""
        return self.sides.get(app, {})

    def every(self) -> Iterator[tuple[str, str, Side]]:
        """Each app, environment and stack."""
        for app, environments in self.sides.items():
            for environment, side in environments.items():
                yield app, environment, side
