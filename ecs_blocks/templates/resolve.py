"""Put values into a template, as CloudFormation would.

A linter sees nothing in a template full of ``Ref``; so every judge here gets the template with the
values of one environment put in. What cannot be known before a deploy (an attribute of a resource,
a value looked up in the account) stays the intrinsic function that it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field

from ecs_blocks.errors import InputError, Problem

MAX_CHARACTERS: Final = 20_000_000
"""So much is put into a template of at most a million bytes; functions in functions could make a
text of any length, and fill the memory."""
MAX_CONDITIONS: Final = 100
"""So many conditions are followed from one to the next."""
_SUB_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}]+)\}")
_NO_VALUE: Final = object()


class Values(Struct, frozen=True):
    """What is known: parameters by name, and the pseudo parameters (``AWS::Region``) by theirs."""

    parameters: Mapping[str, Any]
    pseudo: Mapping[str, str] = field(default_factory=dict)


def resolve(template: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """Return *template* with *values* in the place of references to them.

    Conditions are decided where they can be; resources and outputs whose condition is false are
    left out. Parameters that have a value disappear from the ``Parameters`` section.

    Raises:
        InputError: what is put in is longer than any template can be.
    """
    return _Resolver(template, values).template()


def resolved_value(value: Any, template: Mapping[str, Any], values: Values) -> Any:
    """*value*, a part of *template*, with *values* in the place of references to them."""
    return _Resolver(template, values).value(value)


def undecided(template: Mapping[str, Any], values: Values) -> frozenset[str]:
    """The conditions of *template* that *values* are not enough to decide."""
    return _Resolver(template, values).undecided()


def too_large(what: str) -> InputError:
    """A template that grows beyond all bounds as its values are put in: *what* does."""
    return InputError([Problem("the template", 0, 0, "", f"{what}; CloudFormation takes no such")])


def is_intrinsic(value: object) -> bool:
    """Whether *value* is an intrinsic function: a mapping of one key, ``Ref`` or ``Fn::…``."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [name] = value
    return isinstance(name, str) and (name in ("Ref", "Condition") or name.startswith("Fn::"))


class _Resolver:
    def __init__(self, template: Mapping[str, Any], values: Values) -> None:
        self._source = template
        declared = mapping(template.get("Parameters"))
        self._known: dict[str, Any] = dict(values.pseudo)
        for name, value in values.parameters.items():
            kind = str(mapping(declared.get(name)).get("Type", "String"))
            if not kind.startswith("AWS::SSM::Parameter::Value"):  # CloudFormation looks it up
                self._known[name] = typed(value, kind)
        self._mappings = mapping(template.get("Mappings"))
        self._conditions = mapping(template.get("Conditions"))
        self._decided: dict[str, bool | None] = {}
        self._conditions_above = 0
        self._characters_left = MAX_CHARACTERS

    def template(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for section, content in self._source.items():
            if not isinstance(content, dict):
                result[section] = content
            elif section == "Parameters":
                open_ones = {k: v for k, v in content.items() if k not in self._known}
                if open_ones:
                    result[section] = open_ones
            elif section in ("Resources", "Outputs"):
                result[section] = {
                    name: self.value(item) for name, item in content.items() if self._included(item)
                }
            elif section == "Conditions":
                result[section] = {name: self.value(item) for name, item in content.items()}
            elif section in ("Mappings", "Rules", "Transform"):
                result[section] = content
            else:
                result[section] = self.value(content)
        return result

    def undecided(self) -> frozenset[str]:
        return frozenset(name for name in self._conditions if self._condition(name) is None)

    def _included(self, item: object) -> bool:
        condition = item.get("Condition") if isinstance(item, dict) else None
        return not (isinstance(condition, str) and self._condition(condition) is False)

    def _condition(self, name: str) -> bool | None:
        """True or False, or None where an input of the condition is unknown."""
        if name not in self._decided:
            self._decided[name] = None  # a condition that refers to itself stays undecided
            self._conditions_above += 1
            if self._conditions_above > MAX_CONDITIONS:
                raise too_large(f"over {MAX_CONDITIONS} conditions are made of each other")
            self._decided[name] = self._truth(self._conditions.get(name))
            self._conditions_above -= 1
        return self._decided[name]

    def _truth(self, expression: object) -> bool | None:
        if not isinstance(expression, dict) or len(expression) != 1:
            return None
        [(function, argument)] = expression.items()
        if function == "Condition":
            return self._condition(argument) if isinstance(argument, str) else None
        if not isinstance(argument, list):
            return None
        if function == "Fn::Equals" and len(argument) == 2:
            left, right = (self.value(side) for side in argument)
            if _has_intrinsic(left) or _has_intrinsic(right):
                return None
            return scalar_text(left) == scalar_text(right)
        truths = [self._truth(item) for item in argument]
        if function == "Fn::Not" and len(truths) == 1:
            return None if truths[0] is None else not truths[0]
        if function == "Fn::And":
            return False if False in truths else (None if None in truths else True)
        if function == "Fn::Or":
            return True if True in truths else (None if None in truths else False)
        return None

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            if is_intrinsic(value):
                [(function, argument)] = value.items()
                return self._function(function, argument)
            return {
                key: resolved
                for key, item in value.items()
                if (resolved := self.value(item)) is not _NO_VALUE
            }
        if isinstance(value, list):
            return [v for v in map(self.value, value) if v is not _NO_VALUE]
        return value

    def _function(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref" if isinstance(argument, str):
                if argument == "AWS::NoValue":
                    return _NO_VALUE
                value = self._known.get(argument, {"Ref": argument})
                self._spend(_length(value))
                return value
            case "Fn::Sub":
                return self._sub(argument)
            case "Fn::If" if _is_if(argument):
                name, yes, no = argument
                truth = self._condition(name)
                if truth is None:
                    return {function: [name, self._kept(yes), self._kept(no)]}
                return self.value(yes if truth else no)
            case "Condition":
                return {function: argument}
        resolved = self.value(argument)
        self._spend(_length_of(function, resolved))
        return _computed(function, resolved, self._mappings)

    def _spend(self, characters: int) -> None:
        self._characters_left -= characters
        if self._characters_left < 0:
            raise too_large(f"it has over {MAX_CHARACTERS:,} characters with its values put in")

    def _kept(self, value: Any) -> Any:
        """A branch of an undecided ``Fn::If``: there AWS::NoValue has to stay written out."""
        resolved = self.value(value)
        return {"Ref": "AWS::NoValue"} if resolved is _NO_VALUE else resolved

    def _sub(self, argument: Any) -> Any:
        text, variables = argument, {}
        if isinstance(argument, list) and len(argument) == 2:
            text, variables = argument
        if not isinstance(text, str) or not isinstance(variables, dict):
            return {"Fn::Sub": self.value(argument)}
        variables = {name: self.value(value) for name, value in variables.items()}
        left: dict[str, Any] = {}

        def replace(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return found.group(0)
            value = variables.get(name, self._known.get(name, _NO_VALUE))
            if value is _NO_VALUE or isinstance(value, (dict, list)):
                if value is not _NO_VALUE:
                    left[name] = value
                return found.group(0)
            written = scalar_text(value).replace("${", "${!")
            self._spend(len(written))
            return written

        text = _SUB_VARIABLE.sub(replace, text)
        if left:
            return {"Fn::Sub": [text, left]}
        if any(not literal for literal, _ in _SUB_VARIABLE.findall(text)):
            return {"Fn::Sub": text}
        return text.replace("${!", "${")


def _length_of(function: str, argument: Any) -> int:
    """How many characters ``_computed`` will make, or copy, before it does."""
    match function, argument:
        case "Fn::Join", [str() as separator, list() as parts]:
            return _length(parts) + len(separator) * len(parts)
        case "Fn::Split", [str(), str() as text]:
            return len(text)
    return 0


def _length(value: object) -> int:
    if isinstance(value, list):
        return len(value) + sum(len(item) for item in value if isinstance(item, str))
    return len(value) if isinstance(value, str) else 0


def _computed(function: str, argument: Any, mappings: Mapping[str, Any]) -> Any:
    """Functions of what is already resolved; unchanged where a part is still unknown."""
    unchanged = {function: argument}
    match function, argument:
        case "Fn::Join", [str() as separator, list() as parts]:
            if any(_has_intrinsic(part) for part in parts):
                return unchanged
            return separator.join(scalar_text(part) for part in parts)
        case "Fn::Split", [str() as separator, str() as text]:
            return text.split(separator)
        case "Fn::Select", [index, list() as items] if str(index).isdigit():
            return items[int(index)] if int(index) < len(items) else unchanged
        case "Fn::FindInMap", [str() as name, str() as first, str() as second]:
            rows = mapping(mapping(mappings.get(name)).get(first))
            return rows.get(second, unchanged)
    return unchanged


def _is_if(argument: object) -> bool:
    return isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)


def mapping(value: object) -> Mapping[str, Any]:
    """*value* where it is a mapping: a template that somebody else wrote may hold anything."""
    return value if isinstance(value, dict) else {}


def _has_intrinsic(value: object) -> bool:
    if isinstance(value, list):
        return any(_has_intrinsic(item) for item in value)
    return isinstance(value, dict)


def typed(value: Any, parameter_type: str) -> Any:
    """A parameter's value as the property that refers to it wants it: ``"512"`` becomes 512."""
    if parameter_type.startswith(("List<", "CommaDelimitedList")) and isinstance(value, str):
        items = value.split(",") if value else []
        numbers = parameter_type == "List<Number>"
        return [_number(item) if numbers else item for item in items]
    return _number(value) if parameter_type == "Number" and isinstance(value, str) else value


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def scalar_text(value: object) -> str:
    """A scalar as CloudFormation writes it: ``true``, ``1``, ``0.5``, text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def normalised(value: Any) -> Any:
    """*value* with every scalar as text: what is the same to CloudFormation compares equal."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: normalised(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normalised(item) for item in value]
    return scalar_text(value)
