"""Asking for a review: what AWS refuses to tell is said, and stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec import Struct

from ecs_blocks.deploy.calls import is_expired
from ecs_blocks.deploy.outcome import DeployError
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.review.live import Live
from ecs_blocks.review.model import Consequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


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
        if isinstance(error.__cause__, Exception) and is_expired(error.__cause__):
            raise
        return Gap(" ".join(error.message.split()))


def unknown(what: str, gap: Gap) -> Unknown:
    """*what* is not known, because of *gap*."""
    return Unknown(f"{what}: {gap.why}")


def told_in(live: Live, told: Iterable[Told]) -> Live:
    """*live* with all that was *told*, each once and in its order."""
    found = list(dict.fromkeys(told))
    return Live(
        services=live.services,
        importers=live.importers,
        drift=live.drift,
        consequences=tuple(one for one in found if isinstance(one, Consequence)),
        facts=tuple(one.text for one in found if isinstance(one, Fact)),
        unknowns=tuple(one.text for one in found if isinstance(one, Unknown)),
    )
