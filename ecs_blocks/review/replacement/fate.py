"""What becomes of a resource that is removed, or whose place another one takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.facts.beside import SNAPSHOT_BY_DEFAULT
from ecs_blocks.review.model import Fate

if TYPE_CHECKING:
    from ecs_blocks.review.difference.seen import Member

_FATES: Final = {
    "Delete": Fate.DELETED,
    "Retain": Fate.RETAINED,
    "RetainExceptOnCreate": Fate.RETAINED,
    "Snapshot": Fate.SNAPSHOT,
}


def of_removed(old: Member) -> Fate:
    """By the DeletionPolicy of the template that the stack has."""
    policy = old.attribute("DeletionPolicy")
    if policy not in _FATES and old.type in SNAPSHOT_BY_DEFAULT:
        in_cluster = isinstance(old.properties, dict) and "DBClusterIdentifier" in old.properties
        return Fate.DELETED if in_cluster else Fate.SNAPSHOT
    return _FATES.get(policy, Fate.DELETED)


def of_replaced(new: Member) -> Fate:
    """By the UpdateReplacePolicy of the template that is deployed; without one it is deleted."""
    return _FATES.get(new.attribute("UpdateReplacePolicy"), Fate.DELETED)
