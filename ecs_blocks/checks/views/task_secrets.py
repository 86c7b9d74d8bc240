"""The secrets and parameters that a container names, and what reading them asks of a role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.execution_role import Need
from ecs_blocks.checks.views.parts import text
from ecs_blocks.checks.views.texts import COLON, HOLE, arn_parts, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template
    from ecs_blocks.checks.views.parts import Part

_FULL_SECRET: Final = re.compile(r".+-[A-Za-z0-9]{6}")


class Named(Struct, frozen=True):
    """A secret or parameter at *path*: its ``value`` is a name, an ARN or a reference.

    ``name`` is what it is for: the variable, the option of the log driver.
    """

    path: str
    value: Any
    name: str


def secrets_named(container: Part) -> Iterator[Named]:
    """What ECS reads for *container* before it starts.

    Raises:
        Unknown: a list of them is not known.
    """
    for place in ("Secrets", "LogConfiguration.SecretOptions"):
        for secret in container.items(place):
            value = secret.raw("ValueFrom")
            yield Named(secret.at("ValueFrom"), value, text(secret.raw("Name")))
    credentials = container.get("RepositoryCredentials")
    if isinstance(credentials, dict):
        path = container.at("RepositoryCredentials.CredentialsParameter")
        value = credentials.get("CredentialsParameter")
        yield Named(path, value, "RepositoryCredentials")


def secret_need(named: Named, template: Template) -> Need | None:
    """What reading a secret asks of the execution role; None where that is nothing.

    Raises:
        Unknown: it is not known which one is named.
    """
    path = named.path
    written = settled(named.value, template, path)
    reference = HOLE.match(written)
    if reference is not None:
        return _of_resource(path, reference, template)
    if written.startswith("arn:"):
        return _of_arn(path, arn_parts(written))
    arn = f"arn:${{P}}:ssm:${{R}}:${{A}}:parameter/{written.lstrip('/')}"
    return _parameter(path, arn) if written else None


def _of_resource(path: str, reference: re.Match[str], template: Template) -> Need | None:
    identifier = reference.group(1).partition(".")[0]
    resource = template.resources.get(identifier)
    if resource is None:
        raise Unknown(path)
    if resource.type == "AWS::SecretsManager::Secret":
        return _secret(path, reference.group(0))
    if resource.type == "AWS::SSM::Parameter":
        return _parameter(path, f"${{{identifier}.Arn}}")
    return None


def _of_arn(path: str, arn: list[str]) -> Need | None:
    if arn[2:3] == ["ssm"]:
        return _parameter(path, ":".join(arn))
    if arn[2:3] != ["secretsmanager"] or len(arn) < 6:
        return None
    # After the secret's name an ARN may go on with a key, a stage and a version.
    name = COLON.split(arn[5])[1:2]
    if not name:
        return None
    # Without the six random characters at the end, the ARN stands for the one that has them.
    full = name[0] if _FULL_SECRET.fullmatch(name[0]) else f"{name[0]}${{-}}"
    return _secret(path, ":".join([*arn[:5], "secret", full]))


def _secret(path: str, arn: str) -> Need:
    return Need(path, ("secretsmanager:GetSecretValue",), arn, "the secret")


def _parameter(path: str, arn: str) -> Need:
    return Need(path, ("ssm:GetParameters",), arn, "the parameter")
