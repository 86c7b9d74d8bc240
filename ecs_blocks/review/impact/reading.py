"""Reading a property of a resolved template, where it may be missing or not known yet."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, number, text
from ecs_blocks.review.difference.spelling import SSM
from ecs_blocks.review.side import HIDDEN, LATER, RUNNING
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

_STEP: Final = re.compile(r"([^.\[]+)(?:\[([^\]]+)\])?")
_NAMES: Final = (("Key", "Value"), ("Name", "Value"))
_LOOKED_UP: Final = frozenset({LATER, SSM, "Fn::ImportValue"})


def at(resource: Resource | None, path: str) -> Any:
    """What stands at *path* (``LoadBalancerAttributes[idle_timeout.timeout_seconds]``), or None.

    ``[key]`` takes the ``Value`` of the item of a list whose ``Key`` or ``Name`` it is. Where an
    intrinsic function stands at the end or on the way, that function is given.
    """
    found: Any = resource.properties if resource is not None else None
    for step in _STEP.finditer(path):
        name, key = step.groups()
        if is_intrinsic(found) or not isinstance(found, dict):
            return found if is_intrinsic(found) else None
        found = found.get(name)
        if key is not None and not is_intrinsic(found):
            found = keyed(found).get(key)
    return found


def keyed(items: Any) -> dict[str, Any]:
    """The values of a list of ``{Key, Value}`` or ``{Name, Value}`` by their names."""
    found: dict[str, Any] = {}
    for item in as_items(items):
        for name, value in _NAMES:
            if isinstance(item, dict) and name in item:
                found[text(item[name])] = item.get(value, item)
                break
    return found


def named(items: Any) -> dict[str, dict[str, Any]]:
    """The items of a list by their ``Name``; what has none stands under its place, ``#1``."""
    return {
        text(item.get("Name")) or f"#{place}": item
        for place, item in enumerate(as_items(items), 1)
        if isinstance(item, dict)
    }


def finite(value: Any) -> float | None:
    """A number, also where it is written as text; None for anything else, and for NaN."""
    found = number(value)
    return found if found is not None and math.isfinite(found) else None


def number_at(resource: Resource | None, path: str, default: float | None) -> float | None:
    """The number at *path*; *default* where there is nothing, None where it cannot be known."""
    found = at(resource, path)
    return default if found is None else finite(found)


def switched(resource: Resource | None, path: str, *, default: bool = False) -> bool | None:
    """Whether the switch at *path* is on; None where it cannot be known."""
    found = at(resource, path)
    if found is None:
        return default
    return None if is_intrinsic(found) else text(found).lower() in ("true", "enabled")


def differs(before: Any, after: Any) -> bool:
    """Whether two values differ to CloudFormation: ``1`` and ``"1"`` do not."""
    return bool(normalised(before) != normalised(after))


def is_looked_up(value: Any) -> bool:
    """Whether only the deploy knows *value*, or a part of it: what is looked up may be any.

    Of the image that runs the repository is known, and of a secret that it differs.
    """
    if isinstance(value, list):
        return any(map(is_looked_up, value))
    if not isinstance(value, dict):
        return False
    if len(value) == 1 and (found := _LOOKED_UP & value.keys()):
        argument = value[next(iter(found))]
        return argument != HIDDEN and not str(argument).startswith(RUNNING)
    return any(map(is_looked_up, value.values()))


def users(template: Template, logical_id: str, *types: str) -> Iterator[Resource]:
    """The resources (of these types, or of all) that refer to *logical_id*."""
    for resource in template.resources.values():
        if (not types or resource.type in types) and logical_id in set(
            referred_names(resource.properties)
        ):
            yield resource
