"""The logs of the deploy that went wrong should outlive its rollback.

CloudFormation deletes a log group with everything in it when the stack is deleted, when the group
leaves the template, and when a changed name replaces it, unless the template says otherwise.

Set ``DeletionPolicy`` to ``RetainExceptOnCreate`` (or ``Retain``, which leaves the group behind
when the first create fails, so that the next one finds its name taken) and ``UpdateReplacePolicy``
to ``Retain``. It takes both: each covers a different way to go.

Source: AWS CloudFormation Template Reference, DeletionPolicy and UpdateReplacePolicy attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

KEEPING: Final = {
    "DeletionPolicy": ("Retain", "RetainExceptOnCreate"),
    "UpdateReplacePolicy": ("Retain",),
}
"""The values of each attribute with which CloudFormation leaves the resource in place."""


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    for attribute, keeping in KEEPING.items():
        given = lookup(group.body, attribute)
        if given not in keeping:
            said = f"is {given}" if given else "is left out"
            yield Fault(attribute, f"{attribute} {said}, and the logs go with the log group")


CHECK = Check(
    id="EB214",
    title="logs are deleted with the stack",
    types=("AWS::Logs::LogGroup",),
    severity=Severity.WARNING,
    fix="set DeletionPolicy to RetainExceptOnCreate and UpdateReplacePolicy to Retain",
    judge=_judge,
)
