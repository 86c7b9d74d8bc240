"""What holds data should say what becomes of it when the stack lets go of it.

CloudFormation deletes a resource that leaves the template, and replaces one where a property
cannot be changed in place: with a bucket, a file system or a key, the data goes too. Without
``DeletionPolicy`` and ``UpdateReplacePolicy`` that is the default, and no reviewer can tell whether
anyone thought of it.

Write both. ``Retain`` keeps the resource; an explicit ``Delete`` is a decision and is not
reported, but for an image repository: its images are what a rollback needs.

Source: AWS CloudFormation Template Reference, DeletionPolicy and UpdateReplacePolicy attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup
from ecs_blocks.checks.rules.log_group_deletion import KEEPING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPOSITORY: Final = "AWS::ECR::Repository"


def _judge(resource: Resource, _template: Template) -> Iterator[Fault]:
    for attribute, keeping in KEEPING.items():
        given = lookup(resource.body, attribute)
        if given is None:
            yield Fault(attribute, f"{attribute} is left out, which deletes what is stored")
        elif resource.type == _REPOSITORY and given not in keeping:
            yield Fault(attribute, f"{attribute} is {given}, which deletes the images")


CHECK = Check(
    id="EB241",
    title="no word on what becomes of the data",
    types=(
        _REPOSITORY,
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::EFS::FileSystem",
        "AWS::SecretsManager::Secret",
    ),
    severity=Severity.WARNING,
    fix="set DeletionPolicy and UpdateReplacePolicy, to Retain unless the data may go",
    judge=_judge,
)
