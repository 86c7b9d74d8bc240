"""Properties as CloudFormation writes them, turned into what the ECS API says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.models import model

if TYPE_CHECKING:
    from collections.abc import Mapping


def said(properties: Mapping[str, Any], shape_name: str) -> dict[str, Any]:
    """*properties* with the API's names and types: ``Cpu: "256"`` becomes ``cpu: 256``."""
    found = _value(properties, model("ecs").shape_for(shape_name))
    assert isinstance(found, dict)
    return found


def _value(value: Any, shape: Any) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {name.lower(): name for name in shape.members}
        return {
            names[key.lower()]: _value(one, shape.members[names[key.lower()]])
            for key, one in value.items()
            if key.lower() in names
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_value(one, shape.member) for one in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: str(one) for key, one in value.items()}
    return _scalar(value, shape.type_name)


def _scalar(value: Any, kind: str) -> Any:
    if kind in ("integer", "long"):
        return int(value)
    if kind == "double":
        return float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    return value if isinstance(value, (dict, list)) else str(value)
