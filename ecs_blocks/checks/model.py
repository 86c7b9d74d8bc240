"""What a check is, what it sees, and what it says.

A check judges one resource at a time, in a template with the values of one environment put in
(``templates.resolve``). Where an input is still unknown, reading it raises ``Unknown`` and the
resource counts as *not checked*: never as passed.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from msgspec import Struct, field

from ecs_blocks.templates.resolve import is_intrinsic, mapping

_ABSENT: Final = object()


class Severity(enum.StrEnum):
    """ERROR: will fail or is unsafe, exit code 2. WARNING: should change. INFO: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Unknown(Exception):  # noqa: N818 - not an error: it carries "this cannot be known here"
    """The value at ``property`` is decided only when CloudFormation runs."""

    def __init__(self, property_path: str) -> None:
        super().__init__(property_path)
        self.property = property_path


class Fault(Struct, frozen=True):
    """What a check found: the property at fault (dotted; empty for the whole resource) and why."""

    property: str
    message: str


class Check(Struct, frozen=True, kw_only=True):
    """One rule of our own: a stable id, what it is about, and the function that judges.

    ``fix`` says what to do, in one sentence. The docstring of the module that holds the check is
    its page of reference.
    """

    id: str
    title: str
    types: tuple[str, ...]
    severity: Severity
    fix: str
    judge: Callable[[Resource, Template], Iterator[Fault]]


class Resource(Struct, frozen=True):
    """One resource of a resolved template."""

    id: str
    type: str
    body: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        """The ``Properties``; empty where the resource has none."""
        return mapping(self.body.get("Properties"))

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted *path* (``LoadBalancers.0.ContainerPort``), or *default*.

        Raises:
            Unknown: the value, or one on the way to it, is an intrinsic function.
        """
        return lookup(self.properties, path, default)

    def raw(self, path: str, default: Any = None) -> Any:
        """As ``get``, but an intrinsic function at the end is returned instead of raised."""
        head, _, last = path.rpartition(".")
        parent = lookup(self.properties, head, {}) if head else self.properties
        if isinstance(parent, list):
            return parent[int(last)] if last.isdigit() and int(last) < len(parent) else default
        return parent.get(last, default) if isinstance(parent, dict) else default

    def items(self, path: str) -> Iterator[tuple[str, Any]]:
        """Each item of the list at *path* with its own path; nothing where there is no list.

        Raises:
            Unknown: the list as a whole is an intrinsic function. Items may still be ones.
        """
        found = self.get(path, [])
        for index, item in enumerate(found if isinstance(found, list) else [found]):
            yield f"{path}.{index}", item


def lookup(tree: Any, path: str, default: Any = None) -> Any:
    """Walk *tree* (mappings and lists) along a dotted *path*; *default* where it ends early.

    Raises:
        Unknown: an intrinsic function stands on the way or at the end.
    """
    walked: list[str] = []
    if is_intrinsic(tree):
        raise Unknown(path)
    for step in path.split("."):
        walked.append(step)
        if isinstance(tree, list):
            tree = tree[int(step)] if step.isdigit() and int(step) < len(tree) else _ABSENT
        else:
            tree = tree.get(step, _ABSENT) if isinstance(tree, dict) else _ABSENT
        if tree is _ABSENT:
            return default
        if is_intrinsic(tree):
            raise Unknown(".".join(walked))
    return tree


def attributes(resource: Resource, path: str) -> dict[str, Any]:
    """A ``[{"Key": …, "Value": …}]`` list as a mapping; values may be intrinsic functions.

    Raises:
        Unknown: the list, or the key of an item, is an intrinsic function.
    """
    found: dict[str, Any] = {}
    for place, item in resource.items(path):
        if is_intrinsic(item):
            raise Unknown(place)
        if isinstance(item, dict):
            found[str(lookup(item, "Key", ""))] = item.get("Value")
    return found


class Platform(Struct, frozen=True):
    """What platform.yaml knows of one environment and a template alone cannot show.

    Empty where a template is checked on its own: what needs it is then *not checked*.
    """

    public_subnet_ids: frozenset[str] = frozenset()
    private_subnet_ids: frozenset[str] = frozenset()
    account_id: str = ""
    region: str = ""


class Template(Struct, frozen=True, dict=True):
    """A resolved template, with the questions that checks ask of more than one resource."""

    body: Mapping[str, Any]
    platform: Platform = field(default_factory=Platform)

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Every resource by its logical id, in the order of the template."""
        return {
            name: Resource(name, str(item.get("Type", "")), item)
            for name, item in mapping(self.body.get("Resources")).items()
            if isinstance(item, dict)
        }

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """The resources of these types, in the order of the template."""
        return tuple(r for r in self.resources.values() if r.type in types)

    def target(self, value: object) -> Resource | None:
        """The resource of this template that *value* refers to by Ref, GetAtt or a bare Sub."""
        name = referenced(value)
        return self.resources.get(name) if name else None


def referenced(value: object) -> str | None:
    """The logical id that an intrinsic function refers to, or None."""
    match value:
        case {"Ref": str() as name} | {"Fn::GetAtt": [str() as name, *_]}:
            return name
        case {"Fn::GetAtt": str() as path}:
            return path.split(".", 1)[0]
        case {"Fn::Sub": str() as text} if text.startswith("${") and text.endswith("}"):
            inner = text[2:-1]
            return inner.split(".", 1)[0] if "{" not in inner else None
    return None


def statements(document: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The statements of a policy *document*, each with its path; one alone counts as a list."""
    found = lookup(document, "Statement", [])
    for index, statement in enumerate(found if isinstance(found, list) else [found]):
        if isinstance(statement, dict):
            yield f"Statement.{index}", statement


def is_true(value: object) -> bool:
    """Whether a scalar is what CloudFormation takes for true: ``true`` or ``"true"``."""
    return value is True or (isinstance(value, str) and value.lower() == "true")
