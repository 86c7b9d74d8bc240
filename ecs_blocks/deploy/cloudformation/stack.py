"""A stack as it stands in AWS, read once by name and from then on by its ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import asked, explained, is_absent_stack, is_expired
from ecs_blocks.deploy.cloudformation.statuses import Row, row_after_express, row_of
from ecs_blocks.templates.read import parsed

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_CERTAIN_AFTER: Final = 2
"""An answer without any stack, and without an error, has to come so often to be believed."""
_GONE_READS: Final = 15
_GONE_S: Final = 2.0
NEW: Final = "new"
"""The base of a stack that is not made yet."""
_MANGLED: Final = re.compile(r"[?\x80-\U0010ffff]+")


class Stack(Struct, frozen=True):
    """What DescribeStacks says of one stack.

    ``rollback_alarms`` are the ARNs of its rollback triggers.
    """

    name: str
    stack_id: str
    status: str
    reason: str
    updated: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    outputs: Mapping[str, str]
    role_arn: str
    protected: bool
    is_express: bool = False
    rollback_alarms: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """What a plan builds on: it is another after every operation on the stack."""
        return NEW if self.is_shell else f"{self.stack_id} {self.updated}"

    @property
    def row(self) -> Row:
        """What to do with it."""
        return row_after_express(self.status) if self.is_express else row_of(self.status)

    @property
    def is_shell(self) -> bool:
        """Whether it has nothing but change sets: the first of them was never executed."""
        return self.status == "REVIEW_IN_PROGRESS"


class StackResource(Struct, frozen=True):
    """One resource of a stack, as ListStackResources says it."""

    logical_id: str
    type: str
    physical_id: str
    status: str
    reason: str


def read_stack(aws: Aws, name: str) -> Stack | None:
    """The stack of this name or ARN; None where CloudFormation says that there is none.

    A deleted stack is found by its ARN only. Credentials that are over are renewed once.

    Raises:
        DeployError: for any other answer: an error is never taken for an absent stack.
    """
    empty_answers, renewed = 0, False
    while empty_answers < _CERTAIN_AFTER:
        try:
            found = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except (BotoCoreError, ClientError) as error:
            if is_absent_stack(error):
                return None
            if renewed or not is_expired(error):
                raise explained(error, f"reading the stack {name}") from error
            renewed = True
            aws.renew()
            continue
        if found:
            return _stack(found[0])
        empty_answers += 1
    return None


def gone(aws: Aws, stack_id: str) -> None:
    """Wait until a stack whose deletion has begun is gone; not for long: it holds nothing.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    for _ in range(_GONE_READS):
        stack = read_stack(aws, stack_id)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return
        aws.clock.sleep(_GONE_S)


def base_of(stack: Stack | None) -> str:
    """The base of a stack, whether there is one or not."""
    return stack.base if stack else NEW


def name_in(arn: str) -> str:
    """The name in the ARN of a stack or a change set."""
    return arn.split("/")[1]


def _stack(found: Mapping[str, Any]) -> Stack:
    return Stack(
        name=str(found["StackName"]),
        stack_id=str(found["StackId"]),
        status=str(found["StackStatus"]),
        reason=str(found.get("StackStatusReason", "")),
        updated=str(found.get("LastUpdatedTime") or found.get("CreationTime") or ""),
        parameters={
            str(one["ParameterKey"]): str(one.get("ParameterValue", ""))
            for one in found.get("Parameters", ())
        },
        tags={str(one["Key"]): str(one["Value"]) for one in found.get("Tags", ())},
        outputs={
            str(one["OutputKey"]): str(one.get("OutputValue", ""))
            for one in found.get("Outputs", ())
        },
        role_arn=str(found.get("RoleARN", "")),
        protected=bool(found.get("EnableTerminationProtection", False)),
        is_express=found.get("DeploymentConfig", {}).get("Mode") == "EXPRESS",
        rollback_alarms=tuple(
            str(one["Arn"])
            for one in found.get("RollbackConfiguration", {}).get("RollbackTriggers", ())
        ),
    )


def read_resources(aws: Aws, stack_id: str) -> list[StackResource]:
    """Every resource of a stack, gone ones too.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    pages = aws.client("cloudformation").get_paginator("list_stack_resources")
    whole = pages.paginate(StackName=stack_id).build_full_result
    found = asked(f"reading the resources of {stack_id}", whole)
    return [
        StackResource(
            str(one["LogicalResourceId"]),
            str(one["ResourceType"]),
            str(one.get("PhysicalResourceId", "")),
            str(one["ResourceStatus"]),
            str(one.get("ResourceStatusReason", "")),
        )
        for one in found.get("StackResourceSummaries", ())
    ]


def living(resources: list[StackResource]) -> list[StackResource]:
    """Those that exist: created and not deleted."""
    return [
        one
        for one in resources
        if one.physical_id
        and one.status != "DELETE_COMPLETE"
        and not (one.status == "CREATE_FAILED" and one.physical_id == one.logical_id)
    ]


def template_of(aws: Aws, stack: Stack) -> dict[str, Any]:
    """The template that *stack* has, or had, as data; nothing where it was never made.

    Raises:
        DeployError: AWS did not answer.
    """
    if stack.is_shell:
        return {}
    return read_template(aws, stack.stack_id, stack.name)


def read_template(aws: Aws, stack_id: str, name: str) -> dict[str, Any]:
    """The template that a stack has now, as data.

    Raises:
        DeployError: AWS did not answer.
    """
    body = read_template_body(aws, stack_id, name)
    if isinstance(body, str):
        found: dict[str, Any] = parsed(body.encode(), f"the template of {name}")
        return found
    return dict(body)


def read_template_body(aws: Aws, stack_id: str, name: str) -> str | Mapping[str, Any]:
    """The template as it was given: text, or data where that was JSON.

    Raises:
        DeployError: AWS did not answer.
    """
    found: str | Mapping[str, Any] = asked(
        f"reading the template of {name}",
        aws.client("cloudformation").get_template,
        StackName=stack_id,
        TemplateStage="Original",
    )["TemplateBody"]
    return found


def mangled(text: str) -> str:
    """*text* as GetTemplate gives it back: with question marks for what is not ASCII."""
    return _MANGLED.sub("?", text)
