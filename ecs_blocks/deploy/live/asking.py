"""Asking for a review: what AWS refuses to tell is said, and stops nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from botocore.exceptions import ClientError
from msgspec import Struct, structs

from ecs_blocks.deploy.calls import is_denied, is_expired, text_of
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.show.hiding import without
from ecs_blocks.review.model import Consequence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ecs_blocks.review.live import Live

T = TypeVar("T")
_ACTION: Final = re.compile(r"not authorized to perform: ([\w-]+:\w+)")


class Fact(Struct, frozen=True):
    """Something that is good to know, in a sentence."""

    text: str


class Unknown(Struct, frozen=True):
    """Something that could not be found out, and why."""

    text: str


Told: TypeAlias = Consequence | Fact | Unknown


def tried(call: Callable[..., T], *arguments: object) -> T | Gap:
    """What *call* gives, or why it is not known.

    Raises:
        DeployError: the credentials are over: then nothing else can be known either.
    """
    try:
        return call(*arguments)
    except DeployError as error:
        cause = error.__cause__
        if isinstance(cause, Exception) and is_expired(cause):
            raise
        if isinstance(cause, ClientError) and is_denied(cause):
            named = _ACTION.search(text_of(cause))
            return Gap(f"the permission {named[1] if named else cause.operation_name} is missing")
        return Gap(" ".join(error.message.split()))


def unknown(what: str, gap: Gap) -> Unknown:
    """*what* is not known, because of *gap*."""
    return Unknown(f"{what}: {gap.why}")


def told_in(live: Live, told: Iterable[Told], secrets: Collection[str]) -> Live:
    """*live* with all that was *told*, each once and in its order, without any of *secrets*."""
    found = list(dict.fromkeys(told))
    consequences = (one for one in found if isinstance(one, Consequence))
    return structs.replace(
        live,
        consequences=tuple(_safe(one, secrets) for one in consequences),
        facts=tuple(without(one.text, secrets) for one in found if isinstance(one, Fact)),
        unknowns=tuple(without(one.text, secrets) for one in found if isinstance(one, Unknown)),
    )


def _safe(one: Consequence, secrets: Collection[str]) -> Consequence:
    details = tuple(without(detail, secrets) for detail in one.details)
    return structs.replace(one, text=without(one.text, secrets), details=details)
