"""What comes of looking a value up: it was found, or there is a reason why not."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from ecs_blocks.deploy.errors import Exit


class Found(Struct, frozen=True):
    """A value, and in words where it is from: ``output KeyArn of cluster-prod``.

    ``told`` is what a plan says of both, where the value itself has to be seen; else it tells the
    source alone.
    """

    value: str
    source: str
    told: str = ""


class Missing(Struct, frozen=True):
    """Why a value could not be found, the exit code that this means, and what to do."""

    code: Exit
    message: str
    hint: str = ""


LookedUp: TypeAlias = Found | Missing
