"""A task whose execution role may not read its secrets does not start.

ECS reads what ``Secrets`` and ``SecretOptions`` name with the execution role, not with the task's
own, before the container runs: ``ssm:GetParameters`` for a parameter (``GetParameter`` will not
do), ``secretsmanager:GetSecretValue`` for a secret. Without it the task stops with
ResourceInitializationError. A key of your own needs ``kms:Decrypt`` as well.

Allow the action on exactly these parameters and secrets.

Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.execution_role import Need, lacking
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.checks.views.texts import COLON, HOLE, arn_parts, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.views.parts import Part

_FULL_SECRET: Final = re.compile(r".+-[A-Za-z0-9]{6}")


def _judge(task: Resource, template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        needs = (_need(*named, template) for named in _named(one))
        yield from lacking(task, template, (need for need in needs if need is not None))

    yield from each(containers(task), container)


def _named(container: Part) -> Iterator[tuple[str, Any]]:
    for place in ("Secrets", "LogConfiguration.SecretOptions"):
        for secret in container.items(place):
            yield secret.at("ValueFrom"), secret.raw("ValueFrom")
    credentials = container.get("RepositoryCredentials")
    if isinstance(credentials, dict):
        path = container.at("RepositoryCredentials.CredentialsParameter")
        yield path, credentials.get("CredentialsParameter")


def _need(path: str, value: Any, template: Template) -> Need | None:
    """What reading *value*, a name or an ARN, asks of the role."""
    text = settled(value, template, path)
    reference = HOLE.match(text)
    if reference is not None:
        return _of_resource(path, reference, template)
    if text.startswith("arn:"):
        return _of_arn(path, arn_parts(text))
    arn = f"arn:${{P}}:ssm:${{R}}:${{A}}:parameter/{text.lstrip('/')}"
    return _parameter(path, arn) if text else None


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


CHECK = Check(
    id="EB613",
    title="execution role may not read the secrets",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="allow ssm:GetParameters or secretsmanager:GetSecretValue on what the task names",
    judge=_judge,
)
