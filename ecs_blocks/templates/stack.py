"""A stack in the making: blocks are added to it, and it becomes a template."""

from __future__ import annotations

import json
from copy import copy
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import troposphere

from ecs_blocks.errors import BlockError
from ecs_blocks.naming import logical_id, nearest
from ecs_blocks.templates import origins
from ecs_blocks.templates.plain import plain, refuse_resource
from ecs_blocks.templates.plural import refuse_text
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.steps import step, with_steps
from ecs_blocks.values import parameter_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.environment.declare import Environment
    from ecs_blocks.environment.fields import Field

H_co = TypeVar("H_co", covariant=True)
H = TypeVar("H")
R = TypeVar("R")

_RESOURCE_KEYS: Final = (
    "Type",
    "Condition",
    "DependsOn",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
)
_SECTIONS: Final = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Transform",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
)
_NAMES: Final = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::CapacityProvider": "Name",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
}
"""Types whose names are unique in an account and region, and the property that holds it."""
MAX_DESCRIPTION: Final = 1024


class Block(Protocol[H_co]):
    """Frozen arguments that know how to become resources."""

    def build(self, scope: Scope) -> H_co:
        """Add the resources to *scope*, and return what the next block needs of them."""
        ...


class Scope:
    """Where a block puts its resources: under its own id, in one stack."""

    def __init__(self, stack: Stack, block_id: str) -> None:
        self._stack = stack
        self._id = block_id

    def id(self, suffix: str) -> str:
        """The logical id of one of the block's resources: the block's id and *suffix*."""
        return logical_id(self._id, suffix)

    def add(self, resource: R) -> R:
        """Put a troposphere *resource* into the template, and return it."""
        return self._stack.add_resource(resource)

    def build(self, block: Block[H], suffix: str = "") -> H:
        """Build a smaller *block* inside this one; *suffix* sets its ids apart."""
        return block.build(Scope(self._stack, self._id + suffix))

    def output(self, name: str, value: object, description: str) -> None:
        """Give the stack an output that other stacks can look up. It is not exported."""
        self._stack.output(name, value, description)


class Stack:
    """What one app is made of, in one environment or in all of them.

    Args:
        env: what the script was called with.
        description: one sentence for the template; the script's docstring is a good one.

    ``template`` is the troposphere Template: add Conditions, Mappings or resources of your own;
    ``steps`` are those of ``before_deploy``.
    """

    def __init__(self, env: Environment, *, description: str | None = None) -> None:
        self.env = env
        self.template = troposphere.Template()
        self.steps: list[dict[str, Any]] = []
        if description and len(" ".join(description.split()).encode()) > MAX_DESCRIPTION:
            raise BlockError(f"a template's description has at most {MAX_DESCRIPTION} bytes")
        if description:
            self.template.set_description(" ".join(description.split()))

    def add(self, id: str, block: Block[H]) -> H:  # noqa: A002 - the word for it everywhere
        """Build *block* under *id*, the prefix of its logical ids, and return its handle.

        Raises:
            BlockError: it cannot be built, or has a text where a tuple belongs.
        """
        refuse_text(block)
        return block.build(Scope(self, id))

    def add_resource(self, resource: R) -> R:
        """Add a troposphere resource as it is, and return it.

        Raises:
            BlockError: a resource with this logical id is there already.
        """
        title = getattr(resource, "title", None)
        if title in self.template.resources:
            raise BlockError(f"there are two resources {title}; give one of the blocks another id")
        self.template.add_resource(resource)
        origins.note(str(title))
        return resource

    def every(self, kind: type[R]) -> list[R]:
        """The stack's resources of one troposphere type: ``stack.every(logs.LogGroup)``."""
        return [one for one in self.template.resources.values() if isinstance(one, kind)]

    def output(self, name: str, value: object, description: str) -> None:
        """Give the stack an output that other stacks can look up. It is not exported.

        Raises:
            BlockError: there is an output of this name already, or *value* is a whole resource.
        """
        refuse_resource(value)
        if name in self.template.outputs:
            raise BlockError(
                f"there are two outputs {name}; a block that gives one stands in a stack once: "
                "make an app of the second"
            )
        text = value if isinstance(value, troposphere.AWSHelperFn) else parameter_value(value)
        self.template.add_output(troposphere.Output(name, Value=text, Description=description))

    def before_deploy(
        self,
        name: str,
        service: Any,
        *,
        command: Sequence[str],
        container: str | None = None,
        timeout_minutes: int = 15,
    ) -> None:
        """Let each deploy run *command* with the new image before anything changes.

        If it fails, the old version goes on serving. It has to be fit to run twice.

        Args:
            name: of the step, once in a stack: ``Migrate``.
            service: the handle of a service or its block: the task gets its running settings.
            command: its words; the entry point of the image stays.
            container: by default the one behind the load balancer, or the first essential one.
            timeout_minutes: after so long, 1 to 1440, it is stopped and has failed.

        Raises:
            BlockError: a name comes twice, a command is empty, the service is not of this stack.
            TokenError: a word is known only when CloudFormation runs.
        """
        made = step(
            self,
            name,
            service,
            command=command,
            container=container,
            timeout_minutes=timeout_minutes,
        )
        self.steps.append(made)


def encode(stack: Stack, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The template of *stack* as plain data, with the parameters that it refers to.

    Raises:
        BlockError: it refers to what does not exist, or a parameter and a resource share a name.
    """
    body = encode_body(stack)
    used = frozenset(referred_names({k: v for k, v in body.items() if k != "Description"}))
    by_key = {f.key: f for f in fields.values() if f.spec.pseudo is None and not f.is_shape}
    parameters = {key: f.declaration() for key, f in by_key.items() if key in used}
    for key in parameters:
        if key in body["Resources"]:
            raise BlockError(f"{key} is a parameter and a resource; give the block another id")
    _refuse_unknown(body, used, parameters)
    return _in_order({**body, "Parameters": parameters} if parameters else body)


def encode_body(stack: Stack) -> dict[str, Any]:
    """The template of *stack* as plain data, without its parameters.

    Raises:
        BlockError: it declares parameters of its own, or names two resources of a type alike.
    """
    if stack.template.parameters:
        [name, *_] = stack.template.parameters
        raise BlockError(
            f"{name} is a parameter that no environment.yaml can set; declare it as a Param"
        )
    frame = copy(stack.template)
    frame.resources = {}
    body: dict[str, Any] = frame.to_dict()
    body.setdefault("AWSTemplateFormatVersion", "2010-09-09")
    body["Resources"] = {name: _ordered(plain(r)) for name, r in stack.template.resources.items()}
    with_steps(body, stack.steps)
    _refuse_same_names(body["Resources"])
    return _in_order(body)


def _in_order(body: dict[str, Any]) -> dict[str, Any]:
    rest = [section for section in body if section not in _SECTIONS]
    return {section: body[section] for section in (*_SECTIONS, *rest) if section in body}


def _refuse_unknown(
    body: Mapping[str, Any], used: frozenset[str], parameters: Mapping[str, Any]
) -> None:
    """A reference to what does not exist: CloudFormation refuses the whole template for it."""
    resources, conditions = body["Resources"], body.get("Conditions", {})
    known = {*resources, *parameters}
    unknown = {name for name in used if name not in known and "::" not in name}
    for title, part in [
        *resources.items(),
        *body.get("Outputs", {}).items(),
        ("Conditions", conditions),
    ]:
        for name in referred_names(part) if unknown else ():
            if name in unknown:
                raise BlockError(
                    f"{title} refers to {name}, which does not exist{nearest(name, known)}"
                )
        condition = part.get("Condition")
        if isinstance(condition, str) and condition not in conditions:
            way = nearest(condition, conditions)
            raise BlockError(f"{title} has the condition {condition}, which does not exist{way}")
        needed = part.get("DependsOn", [])
        for name in [needed] if isinstance(needed, str) else needed:
            if name not in resources:
                way = nearest(name, resources)
                raise BlockError(f"{title} depends on {name}, which does not exist{way}")


def _refuse_same_names(resources: Mapping[str, Any]) -> None:
    """Two resources of one type and one name: AWS would refuse the second, late in a deploy."""
    seen: dict[tuple[str, str], str] = {}
    for title, resource in resources.items():
        key = _NAMES.get(resource["Type"], "")
        name = resource.get("Properties", {}).get(key)
        if name is None or "Condition" in resource:
            continue
        first = seen.setdefault((resource["Type"], json.dumps(name)), title)
        if first != title:
            raise BlockError(
                f"{first} and {title} have the same {key}; a block that gives such a name stands "
                "in a stack once: take the handle of the first, or make an app of the second"
            )


def _ordered(resource: dict[str, Any]) -> dict[str, Any]:
    rest = [key for key in resource if key not in _RESOURCE_KEYS]
    keys = (*_RESOURCE_KEYS[:-1], *rest, "Properties")
    return {key: resource[key] for key in keys if key in resource}
