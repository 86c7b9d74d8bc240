"""What a picture shows: boxes and arrows, before anybody decides where they stand."""

from __future__ import annotations

import enum
from typing import Final

from msgspec import Struct

from ecs_blocks.review.model import Action, Replacement, ResourceChange


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

_LOUDEST_FIRST: Final = (
    Mark.REPLACED,
    Mark.REMOVED,
    Mark.MAYBE_REPLACED,
    Mark.ADDED,
    Mark.CHANGED,
    Mark.REVISION,
)


class Node(Struct, frozen=True, kw_only=True):
    """A box. ``ids`` are the resources in it: one, or the many that are folded into it.

    ``title`` is what a person calls it (``hoge.example.com``), ``kind`` what AWS does
    (``record``), ``note`` what changes inside (``1 of its 3 parts``), ``count`` how many
    boxes it stands for.
    """

    key: str
    title: str
    kind: str
    area: Area
    ids: tuple[str, ...]
    mark: Mark = Mark.NONE
    note: str = ""
    count: int = 1


class Edge(Struct, frozen=True):
    """An arrow, in the direction in which traffic, work or news flows."""

    source: str
    target: str


class Graph(Struct, frozen=True, kw_only=True):
    """A picture's content. Every edge joins two nodes that are there."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


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


def loudest(marks: list[Mark]) -> Mark:
    """The mark of a box that holds several resources: the one that a reader must not miss."""
    return next((mark for mark in _LOUDEST_FIRST if mark in marks), Mark.NONE)
