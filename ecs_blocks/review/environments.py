"""The environments of an app beside each other: what a promotion carries along, and what not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.difference.causes import is_hidden_parameter
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.model import EnvironmentsSideBySide, ParameterRow
from ecs_blocks.review.side import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ecs_blocks.review.side import Side

_SECTIONS: Final = {"Resources": "", "Outputs": "the output ", "Conditions": "the condition "}
_BODY: Final = ("Properties",)


def beside_each_other(app: str, sides: Mapping[str, Side]) -> EnvironmentsSideBySide:
    """Every parameter of *app* in each of its environments, and where the templates differ.

    What the app sets comes before what the platform does.
    """
    names = dict.fromkeys(
        name for side in sides.values() for name in side.template.get("Parameters") or {}
    )
    return EnvironmentsSideBySide(
        app=app,
        parameters=tuple(_row(name, sides) for name in sorted(names, key=_of_platform(sides))),
        resources=tuple(_differences(sides)),
    )


def _of_platform(sides: Mapping[str, Side]) -> Callable[[str], bool]:
    """Whether a parameter is the platform's: what the app itself sets is read first."""
    return lambda name: any(
        side.places.get(name, "").partition(":")[0].endswith("platform.yaml")
        for side in sides.values()
    )


def _row(name: str, sides: Mapping[str, Side]) -> ParameterRow:
    values = {environment: _value(side, name) for environment, side in sides.items()}
    differs = len(set(values.values())) > 1
    if is_hidden_parameter(name, *sides.values()):
        values = {key: None if value is None else HIDDEN for key, value in values.items()}
    return ParameterRow(name=name, values=values, differs=differs)


def _value(side: Side, name: str) -> str | None:
    declared = name in (side.template.get("Parameters") or {})
    return (side.value(name) or "") if declared else None


def _differences(sides: Mapping[str, Side]) -> Iterator[str]:
    """Sentences about what no parameter tells: the templates themselves, values left open."""
    templates = {name: side.template for name, side in sides.items()}
    first, *others = templates.values()
    if all(one is first or one == first for one in others):
        return
    for section, word in _SECTIONS.items():
        bodies = {name: one.get(section) or {} for name, one in templates.items()}
        for key in dict.fromkeys(key for body in bodies.values() for key in body):
            found = {name: body[key] for name, body in bodies.items() if key in body}
            if len(found) < len(templates):
                kind = next((one.get("Type") for one in found.values()), None)
                thing = f"{word}{key} ({kind})" if kind and not word else f"{word}{key}"
                yield f"only {listed(found)} {'has' if len(found) == 1 else 'have'} {thing}"
            else:
                yield from _inside(f"{word}{key}", found)


def _inside(what: str, found: Mapping[str, Any]) -> Iterator[str]:
    """What differs within one resource, by the highest keys that do."""
    for path in dict.fromkeys(path for one in found.values() for path in _paths(one)):
        values = {name: _at(one, path) for name, one in found.items()}
        groups: dict[str, list[str]] = {}
        for name, value in values.items():
            groups.setdefault(repr(value), []).append(name)
        if len(groups) > 1:
            dotted = ".".join(part for part in path if part not in _BODY)
            yield f"{what}: {dotted or 'it'} {_apart([listed(one) for one in groups.values()])}"


def _apart(groups: list[str]) -> str:
    if len(groups) == 2:
        return f"in {groups[0]} is not that in {groups[1]}"
    return f"is another one in each of {listed(groups)}"


def _paths(body: Any) -> Iterator[tuple[str, ...]]:
    for key, value in body.items() if isinstance(body, dict) else ():
        if key in _BODY and isinstance(value, dict):
            yield from ((key, inner) for inner in value)
        else:
            yield (key,)


def _at(body: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body
