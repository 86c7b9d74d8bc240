"""Images encrypted with a key of S3's own can be read by whoever may read the repository.

Without ``EncryptionConfiguration``, or with ``AES256``, the layers are encrypted with a key that
nobody can look at, withdraw or audit. With ``KMS`` (or ``KMS_DSSE``, twice encrypted, as good) each
use of the key is in CloudTrail, and disabling the key stops every pull.

Set ``EncryptionConfiguration: {EncryptionType: KMS}``, with a key of your own in ``KmsKey`` where
you need to decide who may use it. Changing it later replaces the repository, so decide it now; for
a repository that holds images, suppress this check and say so.

Source: Amazon ECR User Guide, "Encryption at rest".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "EncryptionConfiguration.EncryptionType"


def _judge(repository: Resource, _template: Template) -> Iterator[Fault]:
    if (repository.get(_PATH) or "AES256") == "AES256":
        yield Fault(_PATH, "images are encrypted with AES256, with no key that can be withdrawn")


CHECK = Check(
    id="EB202",
    title="images are not encrypted with KMS",
    types=("AWS::ECR::Repository",),
    severity=Severity.WARNING,
    fix="set EncryptionConfiguration.EncryptionType to KMS; this replaces an existing repository",
    judge=_judge,
)
