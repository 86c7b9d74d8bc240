"""On what tasks run: where the cluster says, on Fargate, or by a strategy of their own."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.limits import check_form, check_within
from ecs_blocks.blocks.task_size import Ec2Size, TaskSize
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import nearest
from ecs_blocks.values import Token, Value, known, text

if TYPE_CHECKING:
    from collections.abc import Sequence

FARGATE: Final = "FARGATE"
FARGATE_SPOT: Final = "FARGATE_SPOT"
MAX_PROVIDERS: Final = 20
MAX_WEIGHT: Final = 1000
MAX_BASE: Final = 100_000
"""Of one strategy. Source: Amazon ECS API Reference, CapacityProviderStrategyItem."""
MAX_NONCE: Final = 255
"""Characters. Source: CloudFormation Template Reference, ``ForceNewDeploymentNonce``."""
_BESIDE_NAME: Final = len("--0-1000")
_BESIDE_ALL: Final = len("capacity-00000")
"""One provider has a base, of up to six digits."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_RESERVED: Final = ("aws", "ecs", "fargate", FARGATE)
"""How no name of your own begins. AWS names the small letters; what begins with ``FARGATE`` is one
of its own two, misspelt.

Source: Amazon ECS API Reference, CreateCapacityProvider, ``name``.
"""


class Provider(Struct, frozen=True):
    """One capacity provider of a strategy, and its share of the tasks.

    Attributes:
        name: ``FARGATE``, ``FARGATE_SPOT``, or that of a provider of your own, which the cluster
            has to have: at most 255 letters, digits, underscores and hyphens. Of a ``Cluster`` it
            is the output ``CapacityProvider``.
        weight: its share of the tasks beyond the base, 0 to 1000; 0 is none of them.
        base: so many tasks run here before weights count, 0 to 100000; one provider of a strategy
            may have one above 0.
    """

    name: Value[str]
    weight: Value[int] = 1
    base: Value[int] | None = None

    def __post_init__(self) -> None:
        check_within("weight", self.weight, 0, MAX_WEIGHT)
        check_within("base", self.base, 0, MAX_BASE)
        if isinstance(self.name, Token) or self.name in (FARGATE, FARGATE_SPOT):
            return
        if self.name.startswith(_RESERVED):
            way = nearest(self.name, (FARGATE, FARGATE_SPOT)) or ""
            raise BlockError(
                f"{self.name!r} cannot be a capacity provider of your own: no name begins with "
                f"aws, ecs or fargate{way}"
            )
        check_form(
            "a capacity provider",
            self.name,
            _NAME,
            "with at most 255 letters, digits, underscores and hyphens",
        )

    @property
    def is_fargate(self) -> bool:
        """Whether it is one of AWS's two; a token is one of your own."""
        return not isinstance(self.name, Token) and self.name in (FARGATE, FARGATE_SPOT)

    @property
    def first(self) -> Value[int]:
        """The base; 0 where there is none."""
        return 0 if self.base is None else self.base

    def resource(self) -> Any:
        """As a service has it."""
        base = {} if self.base is None else {"Base": self.base}
        return ecs.CapacityProviderStrategyItem(
            CapacityProvider=self.name, **base, Weight=self.weight
        )


class ClusterDefault(Struct, frozen=True, kw_only=True):
    """Run where the cluster's default capacity provider strategy says.

    Attributes:
        explicit: whether it is written that the service has no strategy of its own. One that had
            one, say ``FargateCapacity``, needs it: leaving the strategy out would keep it (trap
            9). A deploy that forgets it is refused before it begins.
    """

    explicit: bool = False

    def strategy(self) -> tuple[Provider, ...]:
        """None, so that the cluster decides."""
        return ()

    def properties(self) -> dict[str, Any]:
        """Of the service: none, so that the cluster decides; or an empty one, which takes it away.

        Source: CloudFormation Template Reference, ``AWS::ECS::Service``, CapacityProviderStrategy.
        """
        if not self.explicit:
            return {}
        return {"CapacityProviderStrategy": [], "ForceNewDeployment": _deploy_for("default")}


class FargateCapacity(Struct, frozen=True, kw_only=True):
    """Run on Fargate, with a share on Fargate Spot.

    Attributes:
        base: this many tasks are never on Spot, which may be taken away with two minutes' notice
            and may not be there at all (trap 13).
        weight: on-demand's share of the rest.
        spot_weight: Spot's share of the rest; 0 is none.
    """

    base: Value[int] = 1
    weight: Value[int] = 1
    spot_weight: Value[int] = 0

    def __post_init__(self) -> None:
        weights = (self.weight, self.spot_weight)
        if all(not isinstance(one, Token) and one == 0 for one in weights):
            raise BlockError("weight and spot_weight cannot both be 0; ECS refuses such a strategy")
        check_within("base", self.base, 0, MAX_BASE)
        check_within("weight", self.weight, 0, MAX_WEIGHT)
        check_within("spot_weight", self.spot_weight, 0, MAX_WEIGHT)

    def strategy(self) -> tuple[Provider, ...]:
        """Both, on-demand first."""
        return (
            Provider(FARGATE, weight=self.weight, base=self.base),
            Provider(FARGATE_SPOT, weight=self.spot_weight),
        )

    def properties(self) -> dict[str, Any]:
        """Of the service: always a strategy, never a launch type (trap 10).

        ECS takes a changed strategy only together with a new deployment, which the nonce asks for.
        """
        return {
            "CapacityProviderStrategy": [one.resource() for one in self.strategy()],
            "ForceNewDeployment": _deploy_for(self.base, "-", self.weight, "-", self.spot_weight),
        }


class CapacityStrategy(Struct, frozen=True, kw_only=True):
    """Run by a strategy of the service's own, over any capacity providers of the cluster.

    Attributes:
        providers: those that share the tasks, one at least and 20 at most:
            ``(Provider("FARGATE", base=1), Provider("FARGATE_SPOT", weight=3))``, or
            ``(Provider(env.provider_name),)``. Fargate's do not go together with others.

    A service does not move between Fargate and instances by this alone: its task has to have the
    size for it, ``FargateSize`` or ``Ec2Size``.

    Source: Amazon ECS API Reference, CapacityProviderStrategyItem.
    """

    providers: tuple[Provider, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.providers) <= MAX_PROVIDERS:
            raise BlockError(
                f"{len(self.providers)} providers; a strategy has 1 to {MAX_PROVIDERS}"
            )
        names = [one.name for one in self.providers if not isinstance(one.name, Token)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise BlockError(f"{', '.join(twice)} stands twice in one strategy; add the weights")
        if len({one.is_fargate for one in self.providers}) > 1:
            raise BlockError(
                "a strategy is of FARGATE and FARGATE_SPOT, or of providers of your own; ECS takes "
                "no mixture"
            )
        if all(not isinstance(one.weight, Token) and one.weight == 0 for one in self.providers):
            raise BlockError("a provider needs a weight above 0; ECS refuses a strategy of zeros")
        based = sum(_may_be_above_0(one.first) for one in self.providers)
        if based > 1:
            raise BlockError(f"{based} providers have a base; ECS takes one of a strategy")

    def strategy(self) -> tuple[Provider, ...]:
        """As they were given."""
        return self.providers

    def properties(self) -> dict[str, Any]:
        """Of the service: always a strategy, never a launch type (trap 10)."""
        digest = _instead_of([one.name for one in self.providers])
        parts: list[Value[Any]] = ["-", digest] if digest else []
        for one in self.providers:
            parts += [*([] if digest else ["-", one.name]), "-", one.first, "-", one.weight]
        return {
            "CapacityProviderStrategy": [one.resource() for one in self.providers],
            "ForceNewDeployment": _deploy_for(*parts[1:]),
        }


Capacity = ClusterDefault | FargateCapacity | CapacityStrategy


class _Sized(Protocol):
    """What is asked of a task's handle."""

    @property
    def size(self) -> TaskSize: ...


def check_capacity(capacity: Capacity, task: _Sized) -> None:
    """Refuse a task that cannot run there.

    Raises:
        BlockError: it is for instances, and the strategy is of Fargate.
    """
    if isinstance(task.size, Ec2Size) and any(one.is_fargate for one in capacity.strategy()):
        raise BlockError(
            "the task has an Ec2Size, and its capacity is Fargate; give it a FargateSize, or a "
            "provider of instances"
        )


def _may_be_above_0(base: Value[int]) -> bool:
    return isinstance(base, Token) or base > 0


def _instead_of(names: Sequence[Value[str]]) -> str:
    """A digest of *names* that would be too long for the nonce, or nothing.

    Whether they are is a matter of the names alone, and of none that is a token: with the values of
    each environment it has to come out as in the template.
    """
    here = known(*names) or ()
    if _BESIDE_ALL + sum(len(name) + _BESIDE_NAME for name in here) <= MAX_NONCE:
        return ""
    return hashlib.sha256("\0".join(here).encode()).hexdigest()[:8]


def _deploy_for(*capacity: Value[Any]) -> Any:
    """Ask for a new deployment when *capacity* is another than before, and at no other time."""
    return ecs.ForceNewDeployment(
        EnableForceNewDeployment=True, ForceNewDeploymentNonce=text("capacity-", *capacity)
    )
