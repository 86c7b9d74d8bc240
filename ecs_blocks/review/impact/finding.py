"""What a family of consequences says, before it is tied to its causes."""

from __future__ import annotations

from msgspec import Struct

from ecs_blocks.review.model import Weight


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that will happen, as ``Consequence``.

    ``covers`` are the properties that it tells of, each a logical id and the path of a property
    (empty for all of the resource): what no finding covers is told by ``configuration``, and the
    causes of what is covered become the consequence's. ``about`` are the logical ids where they are
    not those.
    """

    kind: str
    weight: Weight
    text: str
    details: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    covers: tuple[tuple[str, str], ...] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """The logical ids that it is about, each once."""
        return self.about or tuple(dict.fromkeys(one for one, _ in self.covers))
