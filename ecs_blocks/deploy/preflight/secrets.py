"""The secrets and parameters that containers are given: they exist, and hold a value.

No value is read: of a secret its description, of a parameter what is stored, still encrypted.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.preflight.ask import ask, find
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped
from ecs_blocks.deploy.preflight.template import items, part, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_ARN: Final = re.compile(
    r"arn:[a-z-]+:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>[0-9]*):(?P<rest>.+)"
)
_BATCH: Final = 10
"""What GetParameters takes at once."""


class SecretName(Struct, frozen=True):
    """A secret of Secrets Manager. ``stage`` and ``version`` are empty for what is current."""

    arn: str
    region: str
    stage: str = ""
    version: str = ""


class ParameterName(Struct, frozen=True):
    """An SSM parameter. One of its ``names`` is enough: an ARN does not tell ``/a`` from ``a``."""

    shown: str
    region: str
    names: tuple[str, ...]


def parsed(value: str, account_id: str, region: str) -> SecretName | ParameterName | None:
    """What ``ValueFrom`` names; None for an ARN of something else.

    Source: the ECS developer guide, "Pass sensitive data": a name is an SSM parameter's of the
    task's own region; a secret's ARN may end in ``:json-key:version-stage:version-id``.
    """
    found = _ARN.fullmatch(value)
    if found is None:
        return ParameterName(value, region, (value,))
    place, rest = found["region"] or region, found["rest"]
    if found["service"] == "ssm" and rest.startswith("parameter/"):
        own = (found["account"], place) == (account_id, region)
        path = rest.removeprefix("parameter")
        short = (path.removeprefix("/"),) if path.count("/") == 1 else ()
        return ParameterName(value, place, (path, *short) if own else (value,))
    if found["service"] == "secretsmanager" and rest.startswith("secret:"):
        name, _, more = rest.removeprefix("secret:").partition(":")
        _, stage, version = [*more.split(":"), "", ""][:3]
        arn = f"{value.partition(':secret:')[0]}:secret:{name}"
        return SecretName(arn, place, stage, version)
    return None


def secrets_of(subject: Subject) -> dict[str, str]:
    """Each ``ValueFrom`` of the template's containers, with what it is for."""
    found: dict[str, str] = {}
    for _, properties in subject.of_type("AWS::ECS::TaskDefinition"):
        for container in items(properties.get("ContainerDefinitions")):
            options = part(container, "LogConfiguration").get("SecretOptions")
            for secret in (*items(container.get("Secrets")), *items(options)):
                found.setdefault(text(secret.get("ValueFrom")), text(secret.get("Name")))
            login = part(container, "RepositoryCredentials").get("CredentialsParameter")
            found.setdefault(text(login), "the registry's login")
    found.pop("", None)
    return found


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every secret and parameter that a container names."""
    parameters: dict[str, list[tuple[ParameterName, str]]] = {}
    for value, use in secrets_of(subject).items():
        name = parsed(value, subject.account_id, aws.region)
        if isinstance(name, SecretName):
            yield from _secret(aws, subject, name, use)
        elif isinstance(name, ParameterName):
            parameters.setdefault(name.region, []).append((name, use))
    for region, wanted in parameters.items():
        for begin in range(0, len(wanted), _BATCH // 2):  # each may have two names
            yield from _parameters(aws, subject, region, wanted[begin : begin + _BATCH // 2])


def _secret(aws: Aws, subject: Subject, name: SecretName, use: str) -> Iterator[Finding]:
    where = f"{use}: {name.arn}"
    answer = find(
        "secretsmanager:DescribeSecret",
        aws.client("secretsmanager", name.region).describe_secret,
        ("ResourceNotFoundException",),
        SecretId=name.arn,
    )
    if isinstance(answer, Gap):
        yield skipped(where, answer)
    elif answer is None:
        yield problem(where, "there is no such secret; no task would start", "make it first")
    elif answer.get("DeletedDate"):
        words = f"secretsmanager restore-secret --secret-id {name.arn}"
        hint = subject.aws_command(aws, words, name.region)
        yield problem(where, "the secret is to be deleted; no task would start", hint)
    elif not _has_version(answer, name):
        wanted = name.version or name.stage or "AWSCURRENT"
        words = f"secretsmanager put-secret-value --secret-id {name.arn} --secret-string …"
        hint = subject.aws_command(aws, words, name.region)
        yield problem(where, f"the secret has no value {wanted}; no task would start", hint)


def _has_version(answer: Mapping[str, Any], name: SecretName) -> bool:
    versions = answer.get("VersionIdsToStages") or {}
    if name.version and name.version not in versions:
        return False
    stages = versions[name.version] if name.version else [*chain.from_iterable(versions.values())]
    stage = name.stage or ("" if name.version else "AWSCURRENT")
    return not stage or stage in stages


def _parameters(
    aws: Aws, subject: Subject, region: str, wanted: list[tuple[ParameterName, str]]
) -> Iterator[Finding]:
    answer = ask(
        "ssm:GetParameters",
        aws.client("ssm", region).get_parameters,
        Names=list(dict.fromkeys(spelling for name, _ in wanted for spelling in name.names)),
        WithDecryption=False,
    )
    there: set[str] = set()
    if isinstance(answer, dict):
        for one in answer.get("Parameters", ()):
            selector = one.get("Selector") or ""
            there |= {f"{one['Name']}{selector}", f"{one.get('ARN')}{selector}"}
    for name, use in wanted:
        where = f"{use}: SSM parameter {name.shown}"
        if isinstance(answer, Gap):
            yield skipped(where, answer)
        elif not there.intersection(name.names):
            words = f"ssm put-parameter --type SecureString --name {name.names[0]} --value …"
            hint = subject.aws_command(aws, words, region)
            yield problem(where, "there is no such parameter; no task would start", hint)
