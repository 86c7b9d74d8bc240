"""What every resource type added to MiniStack needs: its place in the table, and typed properties.

Properties are held against botocore's description of the API call: parameters, which arrive as
text, become numbers where numbers are meant; unknown ones are refused.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from botocore.session import get_session
from botocore.validate import ParamValidator
from ministack.services.cloudformation import provisioners

if TYPE_CHECKING:
    from collections.abc import Callable

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]
Create: TypeAlias = "Callable[[str, Properties, str], Created]"
Delete: TypeAlias = "Callable[[str, Properties], Any]"

_SESSION: Final = get_session()
_NOT_TEXT: Final = {"integer", "long", "float", "double", "boolean"}


def handles(kind: str, delete: Delete = lambda _id, _own: None) -> Callable[[Create], Create]:
    """Put a function that creates a type into MiniStack's table; a new type updates by it too."""

    def register(create: Create) -> Create:
        def update(name: str, old: Properties, new: Properties, stack: str, own: str) -> Created:
            delete(name, old)
            return create(own, new, stack)

        added = {"delete": delete, "update": update, "update_with_logical_id": True}
        provisioners._RESOURCE_HANDLERS.setdefault(kind, added)["create"] = create
        return create

    return register


def typed(value: Any, shape: Any) -> Any:
    """Give a template's value the types of an API shape, and its spelling of keys."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        names = {name.lower(): name for name in shape.members}
        spelt = {names.get(key.lower(), key): item for key, item in value.items()}
        members = {key: shape.members[key] for key in spelt if key in shape.members}
        return spelt | {key: typed(spelt[key], member) for key, member in members.items()}
    if kind == "map" and isinstance(value, dict):
        return {key: typed(item, shape.value) for key, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [typed(item, shape.member) for item in value]
    with suppress(ValueError):
        if kind in _NOT_TEXT and isinstance(value, str):
            return json.loads(value)
    return json.dumps(value) if kind == "string" and isinstance(value, int | float) else value


def request(service: str, operation: str, properties: Properties) -> Properties:
    """Turn a resource's properties into an API request.

    Raises:
        ValueError: they do not fit the API.
    """
    shape = _SESSION.get_service_model(service).operation_model(operation).input_shape
    wanted = typed(properties, shape)
    report = ParamValidator().validate(wanted, shape)
    if report.has_errors():
        raise ValueError(report.generate_report())
    return wanted


def call(operation: Callable[..., Any], *arguments: Any) -> Properties:
    """Call a service's own code.

    Raises:
        ValueError: it refused; the text becomes the reason of the failed event.
    """
    status, _, body = operation(*arguments)
    answer = json.loads(body or b"{}")
    if status >= 400:
        raise ValueError(answer.get("message") or answer)
    return answer


def named(stack: str, logical_id: str) -> str:
    """Generate the name that CloudFormation gives where the template has none."""
    return provisioners._physical_name(stack, logical_id, max_len=255)
