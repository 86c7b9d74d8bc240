"""A revision for one task: registered in a family of its own, and taken away afterwards.

It never gets into the service's own family: there the newest revision is what somebody may deploy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import asked, explained, is_denied
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.one_off.tags import own_tags, with_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws

SUFFIX: Final = "-run"
MARK: Final = "ecs-blocks:one-off"
"""The tag that tells for which step of which deploy a revision was made."""

_MAX_FAMILY: Final = 255
_LISTED: Final = 10


def family_of(definition: Mapping[str, Any]) -> str:
    """The family for one-off tasks beside that of *definition*."""
    return f"{str(definition['family'])[: _MAX_FAMILY - len(SUFFIX)]}{SUFFIX}"


def register(
    aws: Aws, definition: Mapping[str, Any], container: Mapping[str, Any], mark: str = ""
) -> str:
    """Register *definition* with *container* in the place of the one of its name; the ARN.

    *mark* goes into a tag; a revision with the same mark that is there already is taken.

    Raises:
        DeployError: ECS refuses.
    """
    family = family_of(definition)
    found = marked(aws, family, mark) if mark else None
    if found is not None:
        return found
    client = aws.client("ecs")
    shape = client.meta.service_model.operation_model("RegisterTaskDefinition").input_shape
    arguments = {key: one for key, one in definition.items() if key in shape.members and one}
    arguments["family"] = family
    arguments["containerDefinitions"] = [
        dict(container) if one.get("name") == container["name"] else one
        for one in definition["containerDefinitions"]
    ]
    tags = own_tags(definition.get("tags") or ())
    if mark:
        tags = [*tags[:49], {"key": MARK, "value": mark}]
    answer = asked(
        f"registering a task definition in {family}",
        with_tags,
        api=client.register_task_definition,
        tags=tags,
        **{key: one for key, one in arguments.items() if key != "tags"},
    )
    return str(answer["taskDefinition"]["taskDefinitionArn"])


def is_one_off(arn: str) -> bool:
    """Whether a task definition was registered for one task."""
    return last(arn).partition(":")[0].endswith(SUFFIX)


def deregister(aws: Aws, arn: str) -> str:
    """Take a revision away; a note where that was not possible. A task that has it runs on."""
    try:
        aws.client("ecs").deregister_task_definition(taskDefinition=arn)
    except (BotoCoreError, ClientError) as error:
        reason = explained(error, "deregistering it").message
        return f"the task definition {last(arn)} is left over: {reason}"
    return ""


def marked(aws: Aws, family: str, mark: str) -> str | None:
    """The active revision of *family* with this mark: a process that was killed left it.

    Raises:
        DeployError: ECS did not answer.
    """
    client = aws.client("ecs")
    try:
        listed = client.list_task_definitions(
            familyPrefix=family, status="ACTIVE", sort="DESC", maxResults=_LISTED
        )
    except (BotoCoreError, ClientError) as error:
        if is_denied(error):
            return None  # then a revision may be left over; it harms nobody
        raise explained(error, f"listing the task definitions of {family}") from error
    for arn in listed.get("taskDefinitionArns") or ():
        answer = asked(
            f"reading the task definition {last(arn)}",
            client.describe_task_definition,
            taskDefinition=arn,
            include=["TAGS"],
        )
        if {"key": MARK, "value": mark} in (answer.get("tags") or ()):
            return str(arn)
    return None
