"""``Fn::ForEach`` written out, where what it runs over is known.

Source: AWS CloudFormation User Guide, "Fn::ForEach" of the transform AWS::LanguageExtensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.templates.resolve import Values, resolved_value, scalar_text

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOP: Final = "Fn::ForEach::"
TRANSFORM: Final = "AWS::LanguageExtensions"
"""Without it a loop is none."""
MOST: Final = 10_000
"""So many entries are written out; loops in loops could otherwise fill the memory."""


def unrolled(template: Mapping[str, Any], values: Values) -> Mapping[str, Any]:
    """*template* with its loops written out. One whose collection is not known stays as it is."""
    transforms = template.get("Transform")
    if TRANSFORM not in (transforms if isinstance(transforms, list) else [transforms]):
        return template
    writer = _Writer(template, values)
    found: dict[str, Any] = writer.written(dict(template))
    return found


class _Writer:
    def __init__(self, template: Mapping[str, Any], values: Values) -> None:
        self._template, self._values = template, values
        self._left = MOST

    def written(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.written(item) for item in value]
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for key, item in value.items():
            runs = self._runs(item) if str(key).startswith(LOOP) else None
            if runs is None:
                found[key] = self.written(item)
                continue
            for entry in runs:
                found |= self.written(entry)
        return found

    def _runs(self, loop: Any) -> list[dict[str, Any]] | None:
        """What the body of *loop* is in each run; None where that cannot be known."""
        match loop:
            case [str() as name, collection, dict() as body]:
                items = resolved_value(collection, self._template, self._values)
                if not isinstance(items, list) or not all(map(_is_scalar, items)):
                    return None
                self._left -= len(items) * len(body)
                if self._left < 0:
                    return None
                return [_with(body, name, scalar_text(item)) for item in items]
        return None


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _with(value: Any, name: str, item: str) -> Any:
    """*value* with *item* in the place of the loop's variable, in keys as well."""
    if isinstance(value, str):
        for form in (f"${{{name}}}", f"&{{{name}}}"):
            value = value.replace(form, item)
        return value
    if isinstance(value, list):
        return [_with(one, name, item) for one in value]
    if isinstance(value, dict):
        if value == {"Ref": name}:
            return item
        return {_with(key, name, item): _with(one, name, item) for key, one in value.items()}
    return value
