"""What only the account tells of a stack: plain data, which whoever talks to AWS fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from ecs_blocks.review.model import Consequence, Headroom


class RunningService(Struct, frozen=True, kw_only=True):
    """An ECS service as it runs. ``wanted`` tasks are to run now, ``running`` do.

    ``task_definition`` is what it runs, as ``hoge:57``; ``own`` what the stack gave it, empty where
    that is not known. With ``is_deploying`` it is exchanging its tasks already.
    """

    wanted: int
    running: int
    is_deploying: bool = False
    task_definition: str
    own: str = ""


class DriftedProperty(Struct, frozen=True):
    """A property that is not what the stack made it; None where it is not there."""

    path: str
    expected: Any
    actual: Any


class Drifted(Struct, frozen=True, kw_only=True):
    """A resource that somebody changed, or deleted, outside of the stack."""

    logical_id: str
    is_deleted: bool = False
    properties: tuple[DriftedProperty, ...] = ()


class Drift(Struct, frozen=True, kw_only=True):
    """What a drift detection found, so many seconds ago.

    ``looked_at`` are the logical ids that it looked at, drifted or not: types that it does not
    support are left out. Empty where that is not known.
    """

    age_s: float
    resources: tuple[Drifted, ...] = ()
    looked_at: frozenset[str] = frozenset()


class Live(Struct, frozen=True, kw_only=True):
    """What the account tells of one stack.

    ``services`` are by logical id, ``importers`` the stacks that import what an output exports, by
    the output's name; what is in neither is not known. ``drift`` is None where it was never looked
    for, or not told. ``weights`` says of a rule or listener by which traffic is shifted whether its
    weights are now what this deploy writes, by logical id. ``consequences``, ``facts`` and
    ``unknowns`` are sentences that need no template; ``headroom`` is of what other stacks use too.
    """

    services: Mapping[str, RunningService] = field(default_factory=dict)
    importers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drift: Drift | None = None
    weights: Mapping[str, bool] = field(default_factory=dict)
    consequences: tuple[Consequence, ...] = ()
    facts: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()
    headroom: tuple[Headroom, ...] = ()
