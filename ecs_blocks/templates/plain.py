"""A finished troposphere object as plain data, in one pass.

troposphere's ``to_dict`` encodes what is nested once more for each level above it; this gives the
same three times as fast, and a render needs it once for each environment.
"""

from __future__ import annotations

from typing import Any, Final

import troposphere

from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_TO_DICT: Final = troposphere.BaseAWSObject.to_dict


def plain(value: Any) -> Any:
    """What ``troposphere.encode_to_dict(value)`` returns, and the errors that it raises.

    The tokens in it become plain intrinsic functions for good: troposphere compares properties
    with each other when it validates, and a token refuses that.

    Raises:
        BlockError: a whole resource stands where a value belongs.
    """
    return _whole(_release(value))


def refuse_resource(value: object) -> None:
    """A resource is no value: nothing in a template may hold another one as a whole.

    Raises:
        BlockError: *value* is one.
    """
    if isinstance(value, troposphere.AWSObject):
        raise BlockError(
            f"the resource {value.title} is given where a value belongs; give eb.ref(….title) or "
            "eb.get_att(…, 'Arn') of it"
        )


def _release(value: Any) -> Any:
    if isinstance(value, Token):
        function = value.to_dict()
        return (
            troposphere.Ref(function["Ref"])
            if "Ref" in function
            else troposphere.GenericHelperFn(function)
        )
    if isinstance(value, list):
        return [_release(item) for item in value]
    if isinstance(value, troposphere.BaseAWSObject):
        for key, item in value.properties.items():
            value.properties[key] = _release(item)
    elif isinstance(value, dict):
        return {key: _release(item) for key, item in value.items()}
    return value


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    if kind in (list, tuple):
        return [_plain(item) for item in value]
    if kind in (troposphere.Ref, troposphere.GenericHelperFn):
        return _plain(value.data)
    refuse_resource(value)
    return _whole(value)


def _whole(value: Any) -> Any:
    """A resource, a property of several parts, or whatever else troposphere encodes."""
    if isinstance(value, troposphere.BaseAWSObject) and type(value).to_dict is _TO_DICT:
        return _object(value)
    if hasattr(value, "JSONrepr") and not hasattr(value, "to_dict"):  # a policy of awacs
        return _plain(value.JSONrepr())
    return troposphere.encode_to_dict(value)


def _object(value: troposphere.BaseAWSObject) -> dict[str, Any]:
    if value.do_validation:
        for name, (_, required) in value.props.items():
            if required and name not in value.properties:
                value.to_dict()  # raises, in troposphere's words
        value.validate()
    if not value.properties:
        bare: dict[str, Any] = value.to_dict(validation=False)
        return bare
    return {key: _plain(item) for key, item in value.resource.items()}
