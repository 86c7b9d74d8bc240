"""The KMS keys that the template names: they exist, are here, and are enabled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.preflight.ask import find
from ecs_blocks.deploy.preflight.finding import Gap, problem, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_NAMES: Final = frozenset({"KmsKeyId", "KmsKeyID", "KMSMasterKeyID", "KmsMasterKeyId", "KmsKey"})
"""How the resources of a service, and what stands around it, call a key."""

_OF_AWS: Final = re.compile(r"(?:.*:)?alias/aws/.*")
"""A key of AWS, which is made when it is first used."""

_HINTS: Final = {
    "Disabled": ("enable-key",),
    "PendingDeletion": ("cancel-key-deletion", "enable-key"),
}


def keys_of(subject: Subject) -> dict[str, list[str]]:
    """Each key, by ARN, id or alias, with the resources that use it."""
    found: dict[str, list[str]] = {}
    for name, resource in subject.template.get("Resources", {}).items():
        for key in dict.fromkeys(_keys(resource.get("Properties"))):
            if not _OF_AWS.fullmatch(key):
                found.setdefault(key, []).append(name)
    return found


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _keys(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _NAMES and isinstance(item, str) and item:
                yield item
            else:
                yield from _keys(item)


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every key that a resource of the template is encrypted with."""
    for key, users in keys_of(subject).items():
        where = f"KMS key {key}"
        region = key.split(":")[3] if key.startswith("arn:") else aws.region
        if region != aws.region:
            message = f"the key is in {region}, but {', '.join(users)} in {aws.region}"
            yield problem(where, message, "name a key of the stack's own region")
            continue
        answer = find(
            "kms:DescribeKey",
            aws.client("kms", region).describe_key,
            ("NotFoundException",),
            KeyId=key,
        )
        if isinstance(answer, Gap):
            yield skipped(where, answer)
        elif answer is None:
            yield problem(where, f"there is no such key; it is for {', '.join(users)}")
        elif (state := str(answer["KeyMetadata"].get("KeyState", "Enabled"))) != "Enabled":
            hint = ", then ".join(
                subject.aws_command(aws, f"kms {verb} --key-id {key}")
                for verb in _HINTS.get(state, ())
            )
            yield problem(where, f"the key is {state}; it is for {', '.join(users)}", hint)
