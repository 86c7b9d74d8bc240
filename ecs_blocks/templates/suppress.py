"""Silencing a finding of ``ecs-blocks check``, with the reason beside the resource."""

from __future__ import annotations

from typing import Any, Final

from ecs_blocks.errors import BlockError
from ecs_blocks.values import logical_id

METADATA_KEY: Final = "ecs_blocks"


def suppress(resource: Any, check_id: str, *, reason: str) -> None:
    """Silence the finding *check_id* on a troposphere *resource*.

    The reason is written into the resource's Metadata, where a reviewer reads it.

    Raises:
        BlockError: *reason* is not a sentence, or *resource* something else.
    """
    name = logical_id(resource)
    if len(reason.split()) < 2:
        raise BlockError(f"{check_id}: say in a few words why it is right on {name}")
    metadata = dict(resource.resource.get("Metadata", {}))
    ours = dict(metadata.get(METADATA_KEY, {}))
    ours["suppress"] = {**ours.get("suppress", {}), check_id: reason}
    resource.Metadata = {**metadata, METADATA_KEY: ours}
