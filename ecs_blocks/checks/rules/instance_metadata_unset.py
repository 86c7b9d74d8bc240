"""Who may read the instance's credentials should not depend on which image is in use.

Where a launch template leaves ``HttpTokens`` out, the image decides, then the account's default,
then ``optional``: Amazon Linux 2023 asks for a token, an older or a copied image does not. The hop
limit works the same way: 2 on Amazon Linux 2023, 1 elsewhere. An update of the image may change
both without a line of the template changing.

Write both: ``HttpTokens: required``, ``HttpPutResponseHopLimit: 1``.

Source: Amazon EC2 User Guide, "Configure the instance metadata options", order of precedence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "LaunchTemplateData.MetadataOptions"


def _judge(launch_template: Resource, _template: Template) -> Iterator[Fault]:
    if launch_template.get(f"{_BASE}.HttpEndpoint") == "disabled":
        return
    for option in ("HttpTokens", "HttpPutResponseHopLimit"):
        if launch_template.get(f"{_BASE}.{option}") is None:
            yield Fault(f"{_BASE}.{option}", f"{option} is left to the image and the account")


CHECK = Check(
    id="EB105",
    title="instance metadata options are left to the image",
    types=("AWS::EC2::LaunchTemplate",),
    severity=Severity.WARNING,
    fix="set MetadataOptions.HttpTokens to required and HttpPutResponseHopLimit to 1",
    judge=_judge,
)
