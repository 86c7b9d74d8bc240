"""The secrets that a template's containers read: where they are, never what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def secrets_in(
    template: Mapping[str, Any], parameters: Mapping[str, str], pseudo: Mapping[str, str]
) -> tuple[str, ...]:
    """ARNs of secrets, and ARNs or names of parameters, that the template's containers read.

    What the stack makes itself is left out: its ARN is not known here, and it goes with the stack.
    """
    resolved = resolve(template, Values(parameters=parameters, pseudo=pseudo))
    found = {text for text in _read_by(resolved) if text}
    return tuple(sorted(found))


def _read_by(template: Mapping[str, Any]) -> Iterator[str]:
    for resource in (template.get("Resources") or {}).values():
        if resource.get("Type") != "AWS::ECS::TaskDefinition":
            continue
        containers = (resource.get("Properties") or {}).get("ContainerDefinitions")
        for container in containers if isinstance(containers, list) else ():
            if isinstance(container, dict):
                yield from _read_by_container(container)


def _read_by_container(container: Mapping[str, Any]) -> Iterator[str]:
    logs = container.get("LogConfiguration")
    options = logs.get("SecretOptions") if isinstance(logs, dict) else None
    for group in (container.get("Secrets"), options):
        for one in group if isinstance(group, list) else ():
            yield _without_key(one.get("ValueFrom")) if isinstance(one, dict) else ""
    credentials = container.get("RepositoryCredentials")
    if isinstance(credentials, dict):
        yield _without_key(credentials.get("CredentialsParameter"))


def _without_key(value_from: object) -> str:
    """A ``ValueFrom`` without the JSON key, stage and version at its end; empty if unknown."""
    if not isinstance(value_from, str):
        return ""
    parts = value_from.split(":")
    return ":".join(parts[:7]) if parts[2:3] == ["secretsmanager"] else value_from
