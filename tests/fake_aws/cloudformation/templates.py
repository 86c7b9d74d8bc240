"""Templates: read, judged as CloudFormation does, and put in order."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.fake_aws.errors import AwsError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BODY_BYTES: Final = 51_200
MAX_URL_BYTES: Final = 1_000_000
_VARIABLE: Final = re.compile(r"\$\{([^!][^}]*)\}")
_NAMED_IAM: Final = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::Policy": "",
}


class _Loader(yaml.SafeLoader):
    """Knows the short forms; a date stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith(":timestamp")]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short(loader: Any, name: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        value = value.split(".", 1) if name == "GetAtt" else value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short)


def read(text: str) -> dict[str, Any]:
    """The template, judged.

    Raises:
        AwsError: CloudFormation would refuse it.
    """
    try:
        is_json = text.lstrip().startswith("{")
        # _Loader is a SafeLoader
        template = json.loads(text) if is_json else yaml.load(text, _Loader)
    except (ValueError, yaml.YAMLError) as error:
        kind = "JSON" if text.lstrip().startswith("{") else "YAML"
        raise invalid(f"Template format error: {kind} not well-formed.") from error
    if not isinstance(template, dict):
        raise invalid("Template format error: unsupported structure.")
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise invalid("Template format error: At least one Resources member must be defined.")
    _judge(template, resources)
    return template


def _judge(template: dict[str, Any], resources: dict[str, Any]) -> None:
    known = {*resources, *template.get("Parameters", {})}
    unknown: list[str] = []
    for logical_id, body in resources.items():
        if not isinstance(body, dict) or "Type" not in body:
            raise invalid(
                "Template format error: [/Resources/" + logical_id + "] Every Resources object "
                "must contain a Type member."
            )
        found = {name for name, _ in references(body) if not name.startswith("AWS::")}
        unknown += sorted(found - known)
    if unknown:
        raise invalid(
            "Template format error: Unresolved resource dependencies "
            f"[{', '.join(dict.fromkeys(unknown))}] in the Resources block of the template"
        )
    in_order(resources)


def references(tree: Any) -> Iterator[tuple[str, str]]:
    """What *tree* refers to: (logical id or parameter, attribute or nothing)."""
    if isinstance(tree, list):
        for one in tree:
            yield from references(one)
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        if key == "Ref":
            yield str(value), ""
        elif key == "Fn::GetAtt":
            logical_id, attribute = value if isinstance(value, list) else value.split(".", 1)
            yield logical_id, str(attribute)
        elif key == "Fn::Sub":
            own = value[1] if isinstance(value, list) else {}
            text = value[0] if isinstance(value, list) else value
            for name in _VARIABLE.findall(text):
                if name not in own:
                    logical_id, _, attribute = name.partition(".")
                    yield logical_id, attribute
            yield from references(own)
        elif key == "DependsOn":
            yield from ((one, "") for one in ([value] if isinstance(value, str) else value))
        else:
            yield from references(value)


def needs(resources: dict[str, Any]) -> dict[str, set[str]]:
    """Which resources each one needs first."""
    return {
        logical_id: {name for name, _ in references(body)} & resources.keys() - {logical_id}
        for logical_id, body in resources.items()
    }


def in_order(resources: dict[str, Any]) -> list[str]:
    """The logical ids, each after what it needs.

    Raises:
        AwsError: they need each other in a circle.
    """
    left, done = needs(resources), []
    while left:
        free = [one for one, needed in left.items() if not needed & left.keys()]
        if not free:
            circle = ", ".join(sorted(left))
            raise invalid(f"Circular dependency between resources: [{circle}]")
        done += free
        for one in free:
            del left[one]
    return done


def require_capabilities(template: dict[str, Any], given: list[str]) -> None:
    """Raise InsufficientCapabilities where the template needs one that was not given."""
    needed = needed_capabilities(template)
    if needed == "CAPABILITY_IAM" and "CAPABILITY_NAMED_IAM" in given:
        return
    if needed and needed not in given:
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
    if "Transform" in template and "CAPABILITY_AUTO_EXPAND" not in given:
        raise AwsError(
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
        )


def needed_capabilities(template: dict[str, Any]) -> str:
    """The IAM capability that the template needs."""
    needed = ""
    for body in template["Resources"].values():
        kind = body["Type"]
        if kind == "AWS::CloudFormation::Stack":
            needed = needed or "CAPABILITY_IAM"
        if kind in _NAMED_IAM:
            named = _NAMED_IAM[kind] in body.get("Properties", {})
            needed = "CAPABILITY_NAMED_IAM" if named else needed or "CAPABILITY_IAM"
    return needed
