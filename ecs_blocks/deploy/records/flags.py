"""What a record needs and AWS no longer has: said before anybody goes back to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import code_of, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.records.record import Record

_ECR: Final = re.compile(
    r"(?P<registry>\d{12})\.dkr[.-]ecr\.(?P<region>[a-z0-9-]+)\.[a-z.]+/"
    r"(?P<repository>[^@:]+)(?::[^@]+)?@(?P<digest>sha256:[0-9a-f]{64})"
)
_ASKED_AT_ONCE: Final = 10
"""Parameters in one call of GetParameters."""


def flags(record: Record, aws: Aws) -> list[str]:
    """Why going back to *record* may fail: images and secrets that are gone, or not to be seen.

    A question that AWS does not answer is a flag of its own, never an error.
    """
    arns = [one for one in record.secrets if ":secretsmanager:" in one]
    names = [one for one in record.secrets if ":secretsmanager:" not in one]
    return [*_images(record, aws), *_secrets(arns, aws), *_parameters(names, aws)]


def _images(record: Record, aws: Aws) -> Iterator[str]:
    for key, image in record.images.items():
        where = f"the image {_short(image)} ({key})"
        found = _ECR.fullmatch(image)
        if found is None:
            missing = "not in ECR" if "@sha256:" in image else "a tag, which may have been moved"
            yield f"{where} is not checked: it is {missing}"
        elif found["region"] != aws.region:
            yield f"{where} is not checked: it is in {found['region']}"
        else:
            yield from _image(where, found, aws)


def _image(where: str, found: re.Match[str], aws: Aws) -> Iterator[str]:
    gone = f"{where} is no longer in ECR: its tasks cannot start"
    try:
        answer = aws.client("ecr").describe_images(
            registryId=found["registry"],
            repositoryName=found["repository"],
            imageIds=[{"imageDigest": found["digest"]}],
        )
    except (BotoCoreError, ClientError) as error:
        match code_of(error):
            case "ImageNotFoundException":
                yield gone
            case "RepositoryNotFoundException":
                yield f"{where}: the repository {found['repository']} is no longer there"
            case _:
                yield _unknown(where, error)
    else:
        if not answer["imageDetails"]:
            yield gone


def _secrets(arns: list[str], aws: Aws) -> Iterator[str]:
    for arn in arns:
        where = f"the secret {_name(arn)}"
        if arn.split(":")[3] != aws.region:
            yield f"{where} is not checked: it is in {arn.split(':')[3]}"
            continue
        try:
            found = aws.client("secretsmanager").describe_secret(SecretId=arn)
        except (BotoCoreError, ClientError) as error:
            if code_of(error) == "ResourceNotFoundException":
                yield f"{where} is no longer there: tasks that read it cannot start"
            else:
                yield _unknown(where, error)
        else:
            if "DeletedDate" in found:
                yield (
                    f"{where} is being deleted: tasks that read it cannot start; "
                    f"aws secretsmanager restore-secret --secret-id {arn}"
                )


def _parameters(names: list[str], aws: Aws) -> Iterator[str]:
    for name in names:
        if name.startswith("arn:") and name.split(":")[3] != aws.region:
            yield f"the parameter {_name(name)} is not checked: it is in {name.split(':')[3]}"
    here = [n for n in names if not n.startswith("arn:") or n.split(":")[3] == aws.region]
    for start in range(0, len(here), _ASKED_AT_ONCE):
        some = here[start : start + _ASKED_AT_ONCE]
        try:
            found: dict[str, Any] = aws.client("ssm").get_parameters(
                Names=some, WithDecryption=False
            )
        except (BotoCoreError, ClientError) as error:
            yield from (_unknown(f"the parameter {_name(name)}", error) for name in some)
            continue
        for name in found["InvalidParameters"]:
            yield f"the parameter {_name(name)} is no longer there: tasks that read it cannot start"


def _unknown(where: str, error: Exception) -> str:
    return explained(error, f"{where} is not checked").message


def _name(arn: str) -> str:
    """The name in an ARN of a secret or a parameter, or a name as it is."""
    return arn.split(":", 5)[-1].removeprefix("secret:").removeprefix("parameter")


def _short(image: str) -> str:
    """``hoge@sha256:9c1f2a3b4c5d`` of an image's whole URL."""
    name, at, digest = image.rpartition("/")[2].partition("@")
    return f"{name}{at}{digest[:19]}"
