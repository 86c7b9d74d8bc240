"""Parts of a resource, each with its path: how a check walks lists without losing its way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from ecs_blocks.checks.model import Unknown, lookup
from ecs_blocks.templates.resolve import is_intrinsic, scalar_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ecs_blocks.checks.model import Fault, Resource

_T = TypeVar("_T")


class Part(Struct, frozen=True):
    """A value inside a resource and its dotted path there."""

    path: str
    value: Any

    def at(self, path: str) -> str:
        """The path, inside the resource, of what stands at *path* inside this part."""
        return f"{self.path}.{path}" if self.path else path

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted *path*, or *default* where there is none or a null.

        Raises:
            Unknown: this part, the value, or one on the way to it is an intrinsic function.
        """
        if is_intrinsic(self.value):
            raise Unknown(self.path)
        try:
            found = lookup(self.value, path)
        except Unknown as unknown:
            raise Unknown(self.at(unknown.property)) from None
        return default if found is None else found

    def raw(self, key: str) -> Any:
        """The value under *key*, which may be an intrinsic function; None where there is none."""
        if is_intrinsic(self.value):
            raise Unknown(self.path)
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self, path: str) -> Iterator[Part]:
        """Each item of the list at *path*; one value alone counts as a list."""
        for index, item in enumerate(as_items(self.get(path))):
            yield Part(f"{self.at(path)}.{index}", item)


def parts(resource: Resource, path: str) -> Iterator[Part]:
    """Each item of the list at *path* of *resource*; one value alone counts as a list."""
    return whole(resource).items(path)


def whole(resource: Resource) -> Part:
    """All properties of *resource* as one part."""
    return Part("", resource.properties)


def each(items: Iterable[_T], judge: Callable[[_T], Iterable[Fault]]) -> Iterator[Fault]:
    """Judge every one of *items*; one that is unknown does not keep the next from being judged.

    Raises:
        Unknown: the first that a judgement raised, after all of them were made.
    """
    first: Unknown | None = None
    for item in items:
        try:
            yield from judge(item)
        except Unknown as unknown:
            first = first or unknown
    if first is not None:
        raise first


@contextmanager
def elsewhere(place: str) -> Iterator[None]:
    """Read another resource: what is unknown there is so because of the property at *place* here.

    Raises:
        Unknown: with *place*, where the block raised it with a property of the other resource.
    """
    try:
        yield
    except Unknown:
        raise Unknown(place) from None


def as_items(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, and one value as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: object) -> str:
    """A scalar as CloudFormation writes it; empty for what is no scalar."""
    return scalar_text(value) if isinstance(value, str | int | float) else ""


def number(value: object) -> float | None:
    """A number, also where it is written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def literal(value: object) -> str:
    """What stands written out in a text, a Sub or a Join; what it refers to becomes ``${}``."""
    match value:
        case str():
            return value
        case {"Fn::Sub": str() as written} | {"Fn::Sub": [str() as written, *_]}:
            return written
        case {"Fn::Join": [str() as separator, list() as pieces]}:
            return separator.join(one if isinstance(one, str) else "${}" for one in pieces)
    return ""
