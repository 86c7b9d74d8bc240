"""Rules of several values together, as an environment class's ``problems`` yields them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.loaded import Place
from ecs_blocks.errors import TokenError
from ecs_blocks.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.environment.fields import Field
    from ecs_blocks.environment.loaded import Loaded
    from ecs_blocks.errors import Problem


def broken_rules(environments: Iterable[Loaded[Any]]) -> tuple[set[str], list[Problem]]:
    """The environments that break a rule, and each breach once, however many share it."""
    breaches: dict[tuple[Place, str], list[str]] = {}
    for loaded in environments:
        for place, message in _breaches(loaded):
            breaches.setdefault((place, message), []).append(loaded.name)
    problems = []
    for (place, message), names in breaches.items():
        what, semicolon, way = message.partition("; ")
        elsewhere = not f"{place.where}.".startswith(f"parameters.{names[0]}.")
        problems.append(
            place.problem((f"{what}, in {words(names)}" if elsewhere else what) + semicolon + way)
        )
    return {name for names in breaches.values() for name in names}, problems


def _breaches(loaded: Loaded[Any]) -> Iterator[tuple[Place, str]]:
    at = loaded.section
    fields = fields_of(type(loaded.environment))
    try:
        for field, message in loaded.environment.problems():
            place = loaded.places.get(field)
            if place is None or not place.line or place.follows:
                where = f"{at.where}.{fields[field].key}"
                place = Place(at.file, at.line, at.column, where)
            yield place, _with_default(message, fields[field], loaded)
    except TokenError:
        return  # a value of the rule is looked up at deploy time: it can be judged then
    except Exception as error:  # noqa: BLE001 - the user's own code: whatever it is, it is told
        name = type(loaded.environment).__name__
        yield at, f"{name}.problems() failed: {type(error).__name__}: {error}"


def _with_default(message: str, field: Field, loaded: Loaded[Any]) -> str:
    """*message*, and where its value comes from if nobody wrote it."""
    if field.name in loaded.places or not isinstance(field.spec.default, int | str):
        return message
    what, semicolon, way = message.partition("; ")
    default = f"{field.key} is not set: {as_text(field.spec.default)} is its default"
    return f"{what} ({default}){semicolon}{way}"


def words(names: list[str]) -> str:
    """``dev, stg and prod``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
