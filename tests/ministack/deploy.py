"""Create or update a stack on MiniStack from the files that a render writes, exactly as they are.

The template's text is sent unchanged, through a change set, as a deploy does it. The parameter file
holds ``Parameters`` and ``Tags`` by name, and under ``lookups`` the parameters whose values only
the account knows; a test says those.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.exceptions import ClientError, WaiterError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.ministack.server import MiniStack

WAIT_SECONDS: Final = 60
POLL_SECONDS: Final = 0.05


@dataclass(frozen=True)
class CreatedStack:
    """What is known of a stack after its creation or an update."""

    stack_id: str
    outputs: Mapping[str, str]
    resources: Mapping[str, str]
    """Physical ids by logical id."""


def deploy_stack(
    server: MiniStack,
    *,
    account: str,
    region: str,
    stack_name: str,
    template_path: Path,
    parameters_path: Path,
    lookups: Mapping[str, str],
    change: Literal["CREATE", "UPDATE"] = "CREATE",
) -> CreatedStack:
    """Create or update a stack and wait; a failure raises AssertionError with every reason.

    ``lookups`` may hold more than this stack asks for, so that one mapping serves many stacks.
    """
    cloudformation = server.client("cloudformation", account, region)
    template = template_path.read_text(encoding="utf-8")
    file = json.loads(parameters_path.read_text(encoding="utf-8"))
    try:
        values = parameter_values(cloudformation, template, file, lookups)
        change_set = cloudformation.create_change_set(
            StackName=stack_name,
            ChangeSetName=change.lower(),
            ChangeSetType=change,
            TemplateBody=template,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
            ],
            Tags=[{"Key": key, "Value": value} for key, value in file.get("Tags", {}).items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        execute(cloudformation, change_set["Id"])
    except ClientError as refusal:
        raise AssertionError(f"stack {stack_name} was refused: {refusal}") from refusal
    return wait_for(cloudformation, change_set["StackId"])


def parameter_values(
    cloudformation: Any, template: str, file: Mapping[str, Any], lookups: Mapping[str, str]
) -> dict[str, str]:
    """Join the file's values with those looked up, and hold them against the template.

    MiniStack, unlike AWS, accepts a parameter that the template does not declare.
    """
    asked = file.get("lookups", {})
    if missing := sorted(set(asked) - set(lookups)):
        raise AssertionError(f"no value was given for the lookups {', '.join(missing)}")
    values: dict[str, str] = file.get("Parameters", {}) | {key: lookups[key] for key in asked}
    summary = cloudformation.get_template_summary(TemplateBody=template)
    declared = {item["ParameterKey"] for item in summary["Parameters"]}
    if unknown := sorted(set(values) - declared):
        raise AssertionError(f"the template does not declare the parameters {', '.join(unknown)}")
    return values


def execute(cloudformation: Any, change_set: str) -> None:
    """Wait until a change set is ready, and execute it."""
    waiter = cloudformation.get_waiter("change_set_create_complete")
    waiter_config = {"Delay": POLL_SECONDS, "MaxAttempts": WAIT_SECONDS / POLL_SECONDS}
    try:
        waiter.wait(ChangeSetName=change_set, WaiterConfig=waiter_config)
    except WaiterError as failure:
        raise AssertionError(f"no change set: {failure.last_response['StatusReason']}") from failure
    cloudformation.execute_change_set(ChangeSetName=change_set)


def wait_for(cloudformation: Any, stack_id: str) -> CreatedStack:
    """Wait until a stack is created or updated, or has failed."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        [stack] = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
        status = stack["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            break
        if time.monotonic() > deadline:
            raise AssertionError(f"stack {stack['StackName']} is still {status}")
        time.sleep(POLL_SECONDS)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        lines = "\n".join(failures(cloudformation, stack_id))
        raise AssertionError(f"stack {stack['StackName']} is {status}:\n{lines}")
    resources = cloudformation.describe_stack_resources(StackName=stack_id)["StackResources"]
    return CreatedStack(
        stack_id=stack_id,
        outputs={item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])},
        resources={item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources},
    )


def failures(cloudformation: Any, stack_id: str) -> list[str]:
    """Tell every failed event of a stack with its reason, the first first."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
    events = [event for page in pages for event in page["StackEvents"]]
    return [
        f"{event['LogicalResourceId']} ({event['ResourceType']}) {event['ResourceStatus']}: "
        f"{event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED")
    ]
