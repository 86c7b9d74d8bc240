"""Make a change set, find it again, delete it.

Every answer that may be lost is asked for again by name before anything is repeated: a change set
that AWS made although the connection broke is found, not made twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import (
    asked,
    code_of,
    explained,
    is_absent_stack,
    is_ambiguous,
    is_passing,
    text_of,
)
from ecs_blocks.deploy.cloudformation.changes import Change
from ecs_blocks.deploy.cloudformation.stack import name_in
from ecs_blocks.deploy.content import Content, Names
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_NOTHING: Final = re.compile(
    r"didn't contain changes|no updates are to be performed", re.IGNORECASE
)
_MOVED: Final = re.compile(
    r"is in \w+ state and can ?not be|_IN_PROGRESS state|^Stack \[?\S+? already exists",
    re.IGNORECASE,
)
_PARAMETERS: Final = re.compile(r"^parameters?\b|\bparameters? (?:key|\[)", re.IGNORECASE)
_ATTEMPTS: Final = 6
_PAUSE_S: Final = 2.0
_OURS: Final = "ecs_blocks "


class ChangeSet(Struct, frozen=True):
    """A change set. ``changes`` is empty before it is complete, and where nothing changes.

    ``warnings`` are what CloudFormation's own validation found and lets pass; ``notes`` say what
    could not be found out.
    """

    change_set_id: str
    stack_id: str
    status: str
    execution_status: str
    reason: str
    description: str
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether ecs_blocks made it."""
        return self.description.startswith(_OURS)

    @property
    def is_usable(self) -> bool:
        """Whether it can be executed, now or as soon as it is complete."""
        return self.status.startswith("CREATE_") and self.execution_status != "OBSOLETE"

    @property
    def is_empty(self) -> bool:
        """Whether CloudFormation found nothing to do."""
        return self.status == "FAILED" and bool(_NOTHING.search(self.reason))


class StackMoved(Exception):  # noqa: N818 - no error: the stack is looked at again
    """Between two questions somebody else began an operation on the stack."""


class Wanted(Struct, frozen=True):
    """What is asked for. ``kind`` is CREATE or UPDATE.

    ``body`` is the template, as ``{"TemplateBody": …}`` or ``{"TemplateURL": …}``. ``to_list`` is
    what to type to see the stack's change sets.
    """

    stack: str
    kind: str
    content: Content
    names: Names
    body: Mapping[str, str]
    capabilities: list[str]
    to_list: str

    def request(self) -> dict[str, Any]:
        """The arguments of CreateChangeSet, but for the names."""
        content = self.content
        found: dict[str, Any] = {
            "StackName": self.stack,
            "ChangeSetType": self.kind,
            "Parameters": [
                {"ParameterKey": key, "UsePreviousValue": True}
                if value is None
                else {"ParameterKey": key, "ParameterValue": value}
                for key, value in content.parameters.items()
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in content.tags.items()],
            "Capabilities": self.capabilities,
            "Description": self.names.description,
            **self.body,
        }
        if content.role_arn:
            found["RoleARN"] = content.role_arn
        if "CAPABILITY_AUTO_EXPAND" in self.capabilities:
            found["IncludeNestedStacks"] = True
        return found


class Made(Struct, frozen=True):
    """A change set's ARN, and whether it was made now: another process may need an older one."""

    change_set_id: str
    is_new: bool


def create(aws: Aws, wanted: Wanted) -> Made:
    """Make the change set, or find the one that is there already.

    The name says the content: whoever plans the same has the same change set, and a plan that waits
    in a file names it too.

    Raises:
        StackMoved: the stack is busy, or not what it was.
        DeployError: CloudFormation refuses the template or its parameters.
    """
    client = aws.client("cloudformation")
    names, request = wanted.names, wanted.request()
    known = _found(aws, wanted.stack, names.change_set)
    if known is not None and _is_the_same(known, names):
        return Made(known.change_set_id, is_new=False)
    suffix, cleaned = "", False
    for attempt in range(_ATTEMPTS):
        name = names.change_set + suffix
        request |= {"ChangeSetName": name, "ClientToken": names.client_token + suffix}
        try:
            return Made(str(client.create_change_set(**request)["Id"]), is_new=True)
        except (BotoCoreError, ClientError) as error:
            if attempt == _ATTEMPTS - 1:
                raise _refused(aws, error, wanted) from error
            if code_of(error) == "LimitExceededException" and not cleaned:
                cleaned = True
                delete_failed(aws, wanted.stack)
            elif is_ambiguous(error) or _is_taken(error):
                known = _found(aws, wanted.stack, name)
                if known is None:
                    aws.clock.sleep(min(2**attempt, 20))
                elif _is_the_same(known, names):
                    return Made(known.change_set_id, is_new=True)
                elif known.is_ours:
                    delete(aws, known)
                else:
                    suffix = f"-{attempt + 2}"
            elif is_passing(error):
                aws.clock.sleep(min(2**attempt, 20))
            else:
                raise _refused(aws, error, wanted) from error
    raise AssertionError  # the last attempt returns or raises


def _found(aws: Aws, stack: str, name: str) -> ChangeSet | None:
    """As ``find``, asked again while AWS does not answer."""
    for attempt in range(_ATTEMPTS):
        try:
            return find(aws, stack, name)
        except DeployError as error:
            if error.code != Exit.STILL_RUNNING or attempt == _ATTEMPTS - 1:
                raise
            aws.clock.sleep(min(2**attempt, 20))
    raise AssertionError  # the last attempt returns or raises


def _is_the_same(known: ChangeSet, names: Names) -> bool:
    return known.description == names.description and known.is_usable


def _is_taken(error: Exception) -> bool:
    return code_of(error) == "AlreadyExistsException" or (
        "mismatch with existing attribute" in text_of(error)
    )


def _refused(aws: Aws, error: Exception, wanted: Wanted) -> Exception:
    stack, code, text = wanted.stack, code_of(error), " ".join(text_of(error).split())
    if code == "ValidationError" and (_MOVED.search(text) or is_absent_stack(error)):
        return moved(aws, text)
    if code == "LimitExceededException":
        return DeployError(
            Exit.REJECTED,
            f"{stack}: CloudFormation makes no more change sets: {text}",
            "delete those that nobody needs with aws cloudformation delete-change-set; this lists "
            f"them: {wanted.to_list}",
        )
    if code == "InsufficientCapabilitiesException":
        return DeployError(
            Exit.REJECTED, f"{stack}: CloudFormation wants a capability acknowledged: {text}"
        )
    if code == "ValidationError" and text.startswith("S3 error"):
        return DeployError(
            Exit.REJECTED,
            f"{stack}: CloudFormation cannot read the template: {text}",
            "it reads with your own rights: they need s3:GetObject on the bucket",
        )
    if code == "ValidationError" and _PARAMETERS.search(text):
        return DeployError(Exit.INPUT, f"{stack}: CloudFormation refuses the parameters: {text}")
    return explained(error, f"making a change set of {stack}")


def moved(aws: Aws, text: str) -> StackMoved:
    """What says that the stack has to be looked at again, in a moment."""
    aws.clock.sleep(_PAUSE_S)  # until every machine of AWS has seen it
    return StackMoved(text)


def find(aws: Aws, stack: str, name: str) -> ChangeSet | None:
    """The change set of this name or ARN, without its changes; None where there is none.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    try:
        found = aws.client("cloudformation").describe_change_set(
            StackName=stack, ChangeSetName=name
        )
    except (BotoCoreError, ClientError) as error:
        if code_of(error) in ("ChangeSetNotFound", "ChangeSetNotFoundException"):
            return None
        if is_absent_stack(error):
            return None
        raise explained(error, f"reading the change set {name} of {stack}") from error
    return change_set_of(found)


def change_set_of(found: Mapping[str, Any]) -> ChangeSet:
    """The answer of DescribeChangeSet."""
    return ChangeSet(
        change_set_id=str(found["ChangeSetId"]),
        stack_id=str(found["StackId"]),
        status=str(found.get("Status", "")),
        execution_status=str(found.get("ExecutionStatus", "")),
        reason=str(found.get("StatusReason", "")),
        description=str(found.get("Description", "")),
    )


def delete(aws: Aws, found: ChangeSet) -> None:
    """Delete a change set, and wait until it is gone: its name is free again.

    Raises:
        DeployError: CloudFormation refuses.
    """
    name = found.change_set_id
    asked(
        f"deleting the change set {name_in(name)} of {name_in(found.stack_id)}",
        aws.client("cloudformation").delete_change_set,
        ChangeSetName=name,
    )
    for _ in range(30):
        left = find(aws, found.stack_id, name)
        if left is None or left.status == "DELETE_COMPLETE":
            return
        aws.clock.sleep(1)


def listed(aws: Aws, stack: str) -> list[dict[str, Any]]:
    """Every change set of a stack, as ListChangeSets says it.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    pages = aws.client("cloudformation").get_paginator("list_change_sets").paginate(StackName=stack)
    found = asked(f"listing the change sets of {stack}", pages.build_full_result)
    return list(found.get("Summaries", ()))


def is_foreign(summary: Mapping[str, Any]) -> bool:
    """Whether somebody else made the change set of this *summary*."""
    return not str(summary.get("Description", "")).startswith(_OURS)


def delete_failed(aws: Aws, stack: str) -> None:
    """Delete the failed change sets that ecs_blocks left: they count for the quota.

    Raises:
        DeployError: CloudFormation refuses.
    """
    client = aws.client("cloudformation")
    for one in listed(aws, stack):
        if not is_foreign(one) and one.get("Status") == "FAILED":
            asked(
                f"deleting a failed change set of {stack}",
                client.delete_change_set,
                ChangeSetName=one["ChangeSetId"],
            )
