"""What a template's functions give, for the values that a stack has now."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from tests.fake_aws.errors import invalid

LATER: Final = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What a change set shows for a value that only its execution will know."""
NO_VALUE: Final = object()
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


class Scope(Struct, frozen=True):
    """Where names get their values: parameters and pseudo parameters, resources, imports."""

    template: Mapping[str, Any]
    parameters: Mapping[str, Any]
    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], str]

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template holds."""
        return bool(self.value(self.template.get("Conditions", {})[condition]))

    def wanted(self) -> dict[str, Any]:
        """The resources that the stack has, those with a false condition left out."""
        return {
            logical_id: body
            for logical_id, body in self.template["Resources"].items()
            if "Condition" not in body or self.holds(body["Condition"])
        }

    def properties(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A resource's properties as values."""
        found = self.value(body.get("Properties", {}))
        assert isinstance(found, dict)
        return found

    def value(self, tree: Any) -> Any:
        """*tree* with every function worked out."""
        if isinstance(tree, list):
            return [one for one in map(self.value, tree) if one is not NO_VALUE]
        if not isinstance(tree, dict):
            return tree
        if len(tree) == 1:
            ((name, given),) = tree.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._function(name, given)
        pairs = ((key, self.value(one)) for key, one in tree.items())
        return {key: one for key, one in pairs if one is not NO_VALUE}

    def _function(self, name: str, given: Any) -> Any:
        match name:
            case "Ref":
                return self._named(given)
            case "Condition":
                return self.holds(given)
            case "Fn::GetAtt":
                logical_id, attribute = given if isinstance(given, list) else given.split(".", 1)
                return self.attribute(logical_id, self.value(attribute))
            case "Fn::If":
                return self.value(given[1] if self.holds(given[0]) else given[2])
            case "Fn::Sub":
                return self._sub(given)
            case "Fn::FindInMap":
                table, first, second = self.value(given)
                return self.template["Mappings"][table][first][second]
            case "Fn::ImportValue":
                return self.imported(self.value(given))
            case _ if name in _PLAIN:
                return _PLAIN[name](self.value(given))
            case _:
                raise invalid(f"Template error: {name} is not a function that the fake knows")

    def _named(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.parameters[name] if name in self.parameters else self.ref(name)

    def _sub(self, given: Any) -> str:
        text, own = given if isinstance(given, list) else (given, {})
        values = {key: self.value(one) for key, one in own.items()}

        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in values:
                return str(values[name])
            logical_id, _, attribute = name.partition(".")
            value = self.attribute(logical_id, attribute) if attribute else self._named(name)
            return str(value)

        return _VARIABLE.sub(one, text)


def _select(given: Any) -> Any:
    return given[1] if isinstance(given[1], str) else given[1][int(given[0])]


_PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "Fn::Join": lambda given: given[0].join(str(one) for one in given[1]),
    "Fn::Split": lambda given: str(given[1]).split(given[0]),
    "Fn::Select": _select,
    "Fn::Base64": lambda given: base64.b64encode(str(given).encode()).decode(),
    "Fn::Equals": lambda given: str(given[0]) == str(given[1]),
    "Fn::Not": lambda given: not given[0],
    "Fn::And": all,
    "Fn::Or": any,
    "Fn::GetAZs": lambda _: [f"ap-northeast-1{letter}" for letter in "acd"],
}
