"""An instance's disk holds every image layer, every container's files, and often its secrets.

An EBS volume is encrypted only where the launch template, the snapshot or the account says so.
Without ``BlockDeviceMappings`` the root volume is whatever the image has, and the public
ECS-optimized images are not encrypted.

List each device (``/dev/xvda`` for Amazon Linux) with ``Ebs.Encrypted: true``; a key of your own
goes into ``Ebs.KmsKeyId``. Do it although the account may encrypt by default: that default cannot
be seen in a review, and a new account does not have it.

Source: Amazon EC2 User Guide, "Amazon EBS encryption".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAPPINGS: Final = "LaunchTemplateData.BlockDeviceMappings"


def _judge(launch_template: Resource, _template: Template) -> Iterator[Fault]:
    mappings = list(launch_template.items(_MAPPINGS))
    if not mappings:
        yield Fault(_MAPPINGS, "the root volume is as the image has it; that may be unencrypted")
    for path, _ in mappings:
        # An instance-store disk (VirtualName) and a suppressed device (NoDevice) have no volume.
        if launch_template.get(f"{path}.Ebs") is None and any(
            launch_template.get(f"{path}.{key}") is not None for key in ("VirtualName", "NoDevice")
        ):
            continue
        if not is_true(launch_template.get(f"{path}.Ebs.Encrypted")):
            device = launch_template.get(f"{path}.DeviceName", "the volume")
            yield Fault(f"{path}.Ebs.Encrypted", f"{device} is not encrypted by the template")


CHECK = Check(
    id="EB107",
    title="instance disk is not encrypted",
    types=("AWS::EC2::LaunchTemplate",),
    severity=Severity.WARNING,
    fix="list the devices in BlockDeviceMappings, each with Ebs.Encrypted: true",
    judge=_judge,
)
