"""Ask AWS for a check. What cannot be known is a gap with its reason, never an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ecs_blocks.deploy.calls import (
    ERRORS,
    code_of,
    explained,
    is_denied,
    is_expired,
    is_passing,
    text_of,
)
from ecs_blocks.deploy.preflight.finding import Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


T = TypeVar("T")


def ask(permission: str, call: Callable[..., T], **arguments: Any) -> T | Gap:
    """The answer to one call, which needs *permission* (``kms:DescribeKey``).

    Raises:
        DeployError: there are no valid credentials: then nothing else can be known either.
    """
    try:
        return call(**arguments)
    except ERRORS as error:
        return _gap(error, permission)


def find(
    permission: str, call: Callable[..., T], absent: Collection[str], **arguments: Any
) -> T | Gap | None:
    """As ``ask``; None where AWS says by one of the codes *absent* that there is no such thing.

    Raises:
        DeployError: as ``ask``.
    """
    try:
        return call(**arguments)
    except ERRORS as error:
        return None if code_of(error) in absent else _gap(error, permission)


def pages(client: Any, operation: str, key: str) -> Callable[..., list[dict[str, Any]]]:
    """A call that gives the items under *key* of every page of *operation*."""

    def call(**arguments: Any) -> list[dict[str, Any]]:
        paginator = client.get_paginator(operation)
        return [item for page in paginator.paginate(**arguments) for item in page.get(key, ())]

    return call


def _gap(error: Exception, permission: str) -> Gap:
    if is_expired(error):
        raise explained(error, "checking what the deploy needs") from error
    if is_denied(error):
        return Gap(f"the permission {permission} is missing")
    if is_passing(error):
        return Gap(f"{permission} was not answered ({code_of(error) or 'no connection'})")
    return Gap(f"{permission} was refused: {text_of(error)}")
