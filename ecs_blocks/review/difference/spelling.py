"""One spelling for what means the same to CloudFormation.

``!GetAtt A.Arn`` and ``["A", "Arn"]``, a Sub and a Join of the same pieces, 1 and "1" become equal.
Conditions and mappings that are still open are written out, so that their names do not count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.difference.secret import Secret
from ecs_blocks.templates.resolve import (
    MAX_CONDITIONS,
    is_intrinsic,
    mapping,
    scalar_text,
    too_large,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.review.side import Side

SSM: Final = "Fn::SsmParameter"
"""Stands for what CloudFormation reads from the Parameter Store during the deploy."""
_SSM_TYPE: Final = "AWS::SSM::Parameter::Value"
_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
MAX_VALUES: Final = 500_000
"""So much is spelled of one template. Conditions that are made of others, mappings, and texts in
texts are written out where they are used, so a small template could fill the memory."""


class Spelling:
    """The one spelling of values in one template."""

    def __init__(self, side: Side | None, resolved: Mapping[str, Any]) -> None:
        self._conditions = mapping(resolved.get("Conditions"))
        self._mappings = mapping(resolved.get("Mappings"))
        self._values_left = MAX_VALUES
        self._stored: dict[str, str] = {}
        for name, body in mapping(resolved.get("Parameters")).items():
            is_stored = isinstance(body, dict) and str(body.get("Type")).startswith(_SSM_TYPE)
            value = side.value(name) if side is not None and is_stored else None
            if value is not None:
                self._stored[name] = value

    def __call__(self, value: Any) -> Any:
        """*value* in the one spelling: text, lists, mappings without nulls, intrinsic functions.

        Raises:
            InputError: what is written out has no end.
        """
        self._spend()
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            if is_intrinsic(value):
                [(function, argument)] = value.items()
                return self._function(function, argument, frozenset())
            return {key: self(item) for key, item in value.items() if item is not None}
        if isinstance(value, list):
            return [self(item) for item in value]
        return scalar_text(value)

    def _function(self, function: str, argument: Any, inside: frozenset[str]) -> Any:
        match function, argument:
            case "Ref", str() as name if name in self._stored:
                return {SSM: self._stored[name]}
            case "Fn::GetAtt", str() as text:
                return {function: text.split(".", 1)}
            case "Fn::GetAtt", [name, *rest] if all(isinstance(one, str) for one in rest):
                return {function: [self(name), ".".join(rest)]}
            case (("Fn::Sub" | "Fn::Join"), _):
                return _joined(self._pieces({function: argument}))
            case "Fn::If", [str() as name, yes, no]:
                return {function: [self._condition(name, inside), self(yes), self(no)]}
            case "Condition", str() as name:
                return self._condition(name, inside)
            case "Fn::FindInMap", [str() as name, *rest]:
                return {function: [self(self._mappings.get(name, name)), *map(self, rest)]}
        return {function: self(argument)}

    def _spend(self) -> None:
        self._values_left -= 1
        if self._values_left < 0:
            raise too_large(f"with its conditions written out it has over {MAX_VALUES:,} values")

    def _condition(self, name: str, inside: frozenset[str]) -> Any:
        self._spend()
        if name in inside or name not in self._conditions:
            return {"Condition": name}
        if len(inside) >= MAX_CONDITIONS:
            raise too_large(f"over {MAX_CONDITIONS} conditions are made of each other")
        return self._written_out(self._conditions[name], inside | {name})

    def _written_out(self, expression: Any, inside: frozenset[str]) -> Any:
        if isinstance(expression, list):
            return [self._written_out(one, inside) for one in expression]
        match expression:
            case {"Condition": str() as name} if len(expression) == 1:
                return self._condition(name, inside)
            case {"Fn::And": parts} | {"Fn::Or": parts} | {"Fn::Not": parts}:
                return {next(iter(expression)): self._written_out(parts, inside)}
        return self(expression)

    def _pieces(self, value: Any) -> Iterator[Any]:
        """What a text is put together from, in order."""
        match value:
            case {"Fn::Join": [separator, list() as parts]} if isinstance(separator, str):
                for place, part in enumerate(parts):
                    if place and separator:
                        yield separator
                    yield from self._pieces(part)
            case {"Fn::Sub": str() as text}:
                yield from self._of_sub(text, {})
            case {"Fn::Sub": [str() as text, dict() as given]}:
                yield from self._of_sub(text, given)
            case {"Fn::Sub": argument} | {"Fn::Join": argument}:
                yield {next(iter(value)): self(argument)}
            case _:
                yield self(value)

    def _of_sub(self, text: str, given: Mapping[str, Any]) -> Iterator[Any]:
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            yield text[end : found.start()]
            end = found.end()
            literal, name = found[1], found[2].strip()
            self._spend()
            if literal:
                yield f"${{{name}}}"
            elif name in given:
                yield from self._pieces(given[name])
            elif "." in name:
                yield self({"Fn::GetAtt": name})
            else:
                yield self({"Ref": name})
        yield text[end:]


def _joined(pieces: Iterator[Any]) -> Any:
    """One text where all pieces are; a Sub where the rest are references; else a Join."""
    merged: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            is_secret = isinstance(piece, Secret) or isinstance(merged[-1], Secret)
            text = merged[-1] + piece
            merged[-1] = Secret(text) if is_secret else text
        elif piece != "":
            merged.append(piece)
    if not merged:
        return ""
    if len(merged) == 1:
        return merged[0]
    written = [_placeholder(piece) for piece in merged]
    if any(one is None for one in written):
        return {"Fn::Join": ["", merged]}
    return {"Fn::Sub": "".join(one for one in written if one is not None)}


def _placeholder(piece: Any) -> str | None:
    match piece:
        case Secret():
            return None
        case str():
            return piece.replace("${", "${!")
        case {"Ref": str() as name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str() as name, str() as attribute]}:
            return f"${{{name}.{attribute}}}"
    return None
