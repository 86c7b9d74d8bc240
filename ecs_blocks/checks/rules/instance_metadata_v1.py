"""With IMDSv1, one careless URL fetch in an application hands out the instance's credentials.

``HttpTokens: optional`` lets any process that can be made to fetch a URL read
``http://169.254.169.254/…/security-credentials``: a server-side request forgery is then enough to
act as the instance, which may register, stop and read every task on it. IMDSv2 asks for a token by
PUT first, which such a bug can rarely send.

Set ``LaunchTemplateData.MetadataOptions.HttpTokens: required``. Current ECS-optimized images and
SDKs need nothing else.

Source: Amazon EC2 User Guide, "Use the Instance Metadata Service to access instance metadata".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "LaunchTemplateData.MetadataOptions"


def _judge(launch_template: Resource, _template: Template) -> Iterator[Fault]:
    if launch_template.get(f"{_BASE}.HttpTokens") != "optional":
        return
    if launch_template.get(f"{_BASE}.HttpEndpoint") != "disabled":
        yield Fault(f"{_BASE}.HttpTokens", "optional lets credentials be read without a token")


CHECK = Check(
    id="EB104",
    title="IMDSv1 is allowed",
    types=("AWS::EC2::LaunchTemplate",),
    severity=Severity.ERROR,
    fix="set MetadataOptions.HttpTokens to required",
    judge=_judge,
)
