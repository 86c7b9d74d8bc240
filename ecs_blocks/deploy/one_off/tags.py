"""Tags of what a one-off task needs: those of the service, as far as a caller may give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ecs_blocks.deploy.calls import is_denied, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def own_tags(tags: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The tags that anybody may set: not AWS's own (``aws:cloudformation:…``)."""
    return [one for one in tags if not str(one.get("key", "")).lower().startswith("aws:")]


def with_tags(
    api: Callable[..., Mapping[str, Any]], tags: Sequence[Mapping[str, str]], **arguments: Any
) -> Mapping[str, Any]:
    """Call *api* with *tags*, and without them where only the permission to tag is missing.

    Raises:
        ClientError: or BotoCoreError: AWS refuses, or did not answer.
    """
    if not tags:
        return api(**arguments)
    try:
        return api(**arguments, tags=list(tags))
    except ClientError as error:
        if not is_denied(error) or "TagResource" not in text_of(error):
            raise
    return api(**arguments)
