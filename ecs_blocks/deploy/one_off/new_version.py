"""A running container with what a new template says of it: image, variables and secrets. Pure.

What the template leaves to CloudFormation (the name of a queue that it makes, say) keeps the value
that the running version has; what that has not either is left out, and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.templates.resolve import scalar_text

_DYNAMIC: Final = "{{resolve:"
"""A value that CloudFormation itself looks up."""


class NewVersion(Struct, frozen=True):
    """The container definition to register. Of variables only the names are told.

    ``kept`` have the running version's value, ``left_out`` none; ``new_secrets`` are those that the
    running version has not: its execution role may not read them yet.
    """

    container: Mapping[str, Any]
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    new_secrets: tuple[str, ...] = ()


def new_version(
    running: Mapping[str, Any], template: Mapping[str, Any], service_id: str
) -> NewVersion:
    """The container *running* as the resolved *template* will have it for a service.

    Raises:
        DeployError: the template does not say which image it will have.
    """
    name = str(running.get("name"))
    wanted = _container(template, service_id, name)
    image = wanted.get("Image")
    if not _is_known(image):
        raise DeployError(
            Exit.REJECTED,
            f"which image {name} of {service_id} will have is not known before the deploy",
            "let the container's Image be the parameter Image, or a text",
        )
    entries = _entries(running)
    found: dict[str, dict[str, str]] = {"environment": {}, "secrets": {}}
    kept, left_out = [], []
    for kind, key, value_key in (
        ("environment", "Environment", "Value"),
        ("secrets", "Secrets", "ValueFrom"),
    ):
        for one in wanted.get(key) or ():
            if not isinstance(one, dict) or not isinstance(one.get("Name"), str):
                continue  # a whole entry that CloudFormation decides on
            variable, value = one["Name"], one.get(value_key)
            if _is_known(value):
                found[kind][variable] = scalar_text(value)
            elif variable in entries:
                old_kind, old = entries[variable]
                found[old_kind][variable] = old
                kept.append(variable)
            else:
                left_out.append(variable)
    had = {variable for variable, (kind, _) in entries.items() if kind == "secrets"}
    container = {
        **running,
        "image": image,
        "environment": [{"name": n, "value": v} for n, v in found["environment"].items()],
        "secrets": [{"name": n, "valueFrom": v} for n, v in found["secrets"].items()],
    }
    new = tuple(sorted(set(found["secrets"]) - had))
    return NewVersion(container, tuple(kept), tuple(left_out), new)


def _container(template: Mapping[str, Any], service_id: str, name: str) -> Mapping[str, Any]:
    """What the template says of a container; empty where it does not."""
    resources = template.get("Resources", {})
    reference = resources.get(service_id, {}).get("Properties", {}).get("TaskDefinition")
    target = reference.get("Ref") if isinstance(reference, dict) else None
    task = resources.get(target, {}) if isinstance(target, str) else {}
    containers = task.get("Properties", {}).get("ContainerDefinitions")
    for one in containers if isinstance(containers, list) else ():
        if isinstance(one, dict) and one.get("Name") == name:
            return one
    return {}


def _is_known(value: object) -> bool:
    if isinstance(value, str):
        return _DYNAMIC not in value
    return isinstance(value, (int, float))


def _entries(running: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Each variable of the running version: of which kind it is, and its value."""
    found = {
        str(one["name"]): ("environment", str(one.get("value", "")))
        for one in running.get("environment") or ()
    }
    secrets = {
        str(one["name"]): ("secrets", str(one.get("valueFrom", "")))
        for one in running.get("secrets") or ()
    }
    return {**found, **secrets}
