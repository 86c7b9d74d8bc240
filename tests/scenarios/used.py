"""Which of the public names the shipped stacks, the golden variants and the scenarios use.

Each app is rendered while every call is looked at: its arguments and, of a ``build``, all that
stands in the block's fields. That finds what a block makes inside of another one too.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

import ecs_blocks
from ecs_blocks.environment.declare import Environment
from ecs_blocks.templates.render import Project, render_app
from tests.golden.files import STACKS, VARIANTS
from tests.scenarios.table import scenarios

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType


_DATA: Final = (msgspec.Struct, Environment)


def public_classes() -> dict[str, type]:
    """Every class of ``ecs_blocks`` that holds the arguments of a block, or an app's values."""
    names: list[str] = vars(ecs_blocks)["__all__"]  # not in the stub, which is of names alone
    found = {name: getattr(ecs_blocks, name) for name in names}
    return {
        name: one
        for name, one in found.items()
        if inspect.isclass(one)
        and one.__module__.startswith("ecs_blocks.blocks.")
        and not inspect.isabstract(one)
        and issubclass(one, _DATA)
    }


def used_in(root: Path, apps: Iterable[str]) -> set[type]:
    """The classes of all that is built while *apps* of one folder are rendered."""
    seen: set[type] = set()

    def look(frame: FrameType, event: str, _argument: object) -> None:
        if event != "call":
            return
        arguments = frame.f_locals.values()
        seen.update(*(type(one).__mro__ for one in arguments if isinstance(one, _DATA)))
        if frame.f_code.co_name == "build" and "self" in frame.f_locals:
            _collect(frame.f_locals["self"], seen, set())

    path = list(sys.path)
    project = Project.open(root)
    try:
        sys.setprofile(look)
        for app in apps:
            render_app(project, app, {})
    finally:
        sys.setprofile(None)
        sys.path[:] = path
    return seen


def used(*, of_scenarios: bool = True) -> set[type]:
    """The classes of all that any of them builds; without the scenarios, of the golden files."""
    found: set[type] = set()
    for root in (STACKS, VARIANTS):
        found |= used_in(root, Project.open(root).apps())
    for one in scenarios() if of_scenarios else ():
        found |= used_in(one.root, one.apps)
    return found


def _collect(value: Any, seen: set[type], known: set[int]) -> None:
    if id(value) in known:
        return
    known.add(id(value))
    if isinstance(value, msgspec.Struct):
        seen.update(type(value).__mro__)
        for name in value.__struct_fields__:
            _collect(getattr(value, name), seen, known)
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect(item, seen, known)
    elif isinstance(value, (tuple, list)):
        for item in value:
            _collect(item, seen, known)
