"""What a picture shows: boxes and arrows, before anybody decides where they stand."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.review.impact.phrases import count as counted
from ecs_blocks.review.model import Action, Replacement

if TYPE_CHECKING:
    from ecs_blocks.review.model import ResourceChange


class Area(enum.StrEnum):
    """What a resource is there for. Its value is what the legend calls it."""

    TRAFFIC = "traffic"
    COMPUTE = "compute"
    DATA = "data"
    PERMISSIONS = "permissions"
    WATCH = "logs and alarms"
    NETWORK = "network"
    OTHER = "other"


class Mark(enum.StrEnum):
    """What happens to a box. Its value is its word in the picture; the sign stands in ``SIGNS``."""

    NONE = ""
    ADDED = "added"
    CHANGED = "changed"
    REVISION = "new revision"
    MAYBE_REPLACED = "may be replaced"
    REPLACED = "replaced"
    REMOVED = "removed"


SIGNS: Final = {
    Mark.NONE: "",
    Mark.ADDED: "+",
    Mark.CHANGED: "~",
    Mark.REVISION: "~",
    Mark.MAYBE_REPLACED: "!?",
    Mark.REPLACED: "!!",
    Mark.REMOVED: "-",
}
"""Colour is never the only signal: every mark has a sign and a word."""


class Node(Struct, frozen=True, kw_only=True):
    """A box. ``ids`` are the resources in it: one, or the many that are folded into it.

    ``title`` is what a person calls it (``hoge.example.com``); empty where boxes of several names
    are folded into it. ``kind`` is what AWS does (``record``); empty where it holds several.
    ``count`` is how many boxes it stands for, ``note`` what changes inside
    (``1 of its 3 parts``).
    """

    key: str
    title: str
    kind: str
    area: Area
    ids: tuple[str, ...]
    mark: Mark = Mark.NONE
    note: str = ""
    count: int = 1

    @property
    def heading(self) -> str:
        """Its first line: its title, or how many of what it holds."""
        return self.title or self._counted

    @property
    def subtitle(self) -> str:
        """Its second line: what it is, or what its many are there for."""
        if not self.title:
            return self.area.value
        return self._counted if self.count > 1 else self.kind

    @property
    def _counted(self) -> str:
        kind = self.kind or "resource"
        is_plural = kind.endswith("s") and not kind.endswith("ss")  # instances
        return counted(self.count, kind, kind if is_plural else "")


class Edge(Struct, frozen=True):
    """An arrow, in the direction in which traffic, work or news flows."""

    source: str
    target: str


class Graph(Struct, frozen=True, kw_only=True):
    """What is in a picture. Every edge joins two nodes that are there.

    ``is_new``: all of it is added, and nothing is marked, as that would mark everything.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    is_new: bool = False


def mark_of(change: ResourceChange | None) -> Mark:
    """How a resource with this change is marked; noise is no mark."""
    if change is None or change.is_noise:
        return Mark.NONE
    if change.action is Action.ADD:
        return Mark.ADDED
    if change.action is Action.REMOVE:
        return Mark.REMOVED
    if change.type == "AWS::ECS::TaskDefinition" and change.replacement is not Replacement.NO:
        return Mark.REVISION
    return {
        Replacement.YES: Mark.REPLACED,
        Replacement.MAYBE: Mark.MAYBE_REPLACED,
        Replacement.NO: Mark.CHANGED,
    }[change.replacement]


def css_class(word: Area | Mark) -> str:
    """The class by which the page's style knows an area or a mark: ``maybe-replaced``."""
    return word.name.lower().replace("_", "-")
