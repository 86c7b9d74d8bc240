"""The form of an attribute's value: what AWS takes, and which kinds of load balancer have it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import Fault, Unknown
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ANY: Final = frozenset({"application", "network", "gateway"})
ALB: Final = frozenset({"application"})
NLB: Final = frozenset({"network"})
GWLB: Final = frozenset({"gateway"})


class Form(Struct, frozen=True):
    """One attribute: the kinds that have it, the words and the range of numbers that it takes.

    Without words and without a range it takes any text.
    """

    kinds: frozenset[str]
    words: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether any text will do."""
        return not self.words and self.low is None

    def takes(self, value: str) -> bool:
        """Whether AWS takes *value*."""
        if self.is_free or value.lower() in self.words:
            return True
        if self.low is None or not value.isdecimal():
            return False
        return self.low <= int(value) and (self.high is None or int(value) <= self.high)

    def allowed(self) -> str:
        """What AWS takes, in words."""
        listed = list(self.words)
        if self.low is not None:
            listed.append(
                f"a whole number from {self.low}"
                + ("" if self.high is None else f" to {self.high}")
            )
        return " or ".join(listed)


def switch(kinds: frozenset[str] = ANY) -> Form:
    """An attribute that is true or false."""
    return Form(kinds, ("true", "false"))


def attribute_faults(
    items: Iterable[Part], forms: Mapping[str, Form], kind: str | None
) -> Iterator[Fault]:
    """Fault each attribute that AWS would refuse on a load balancer of this *kind*."""

    def judge(one: Part) -> Iterator[Fault]:
        key = text(one.get("Key"))
        form = forms.get(key)
        if form is None:
            yield Fault(one.at("Key"), _unknown(key, forms))
            return
        if kind is not None and kind not in form.kinds:
            owners = " and ".join(sorted(form.kinds))
            yield Fault(one.at("Key"), f"{key} belongs to {owners} load balancers, this is {kind}")
            return
        value = one.raw("Value")
        if is_intrinsic(value):
            if form.is_free:
                return
            raise Unknown(one.at("Value"))
        if not form.takes(text(value)):
            yield Fault(one.at("Value"), f"{key} is {value!r}; allowed: {form.allowed()}")

    yield from each(items, judge)


def _unknown(key: str, forms: Mapping[str, Form]) -> str:
    near = get_close_matches(key, forms, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no attribute {key!r}{hint}"
