"""Wait for a change set, and read all that it says: every change, or every reason against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import structs

from ecs_blocks.deploy.calls import code_of, explained, is_denied, is_passing
from ecs_blocks.deploy.cloudformation.change_set import ChangeSet, find, moved
from ecs_blocks.deploy.cloudformation.changes import Change, changes_of, merged
from ecs_blocks.deploy.cloudformation.following import settled
from ecs_blocks.deploy.cloudformation.hooks import mentions_hook, of_change_set
from ecs_blocks.deploy.cloudformation.stack import name_in
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws

WAIT_S: Final = 15 * 60
"""Large templates take minutes; after this long the change set is given up."""
_LAG_READS: Final = 5
_CHANGE_SET: Final = re.compile(r"arn:[^\s,]+:changeSet/[^\s,]+")
_ATTEMPTS: Final = 3


def wait(
    aws: Aws,
    stack: str,
    change_set_id: str,
    say: Callable[[str], None] = lambda _text: None,
    timeout_s: float = WAIT_S,
) -> ChangeSet:
    """The change set once it is complete or has failed, with all its changes.

    A first few answers that it does not exist are the delay of AWS's own copies. *say* is told each
    minute that it takes.

    Raises:
        StackMoved: it is gone: deleted, or executed by another process.
        DeployError: it takes longer than *timeout_s*, or AWS could not be reached for so long.
    """
    began_s, missed, pause_s, minutes = aws.clock.now_s(), 0, 1.0, 0
    while True:
        silence: DeployError | None = None
        try:
            found = find(aws, stack, change_set_id)
        except DeployError as error:
            if error.code != Exit.STILL_RUNNING:
                raise
            silence = error
        else:
            missed = 0 if found else missed + 1
            if missed > _LAG_READS or (found and found.status.startswith("DELETE")):
                raise moved(aws, f"the change set {change_set_id} is gone")
            if found and _is_ready(found):
                return found if found.status == "FAILED" else _read(aws, stack, found)
        elapsed_s = aws.clock.now_s() - began_s
        if elapsed_s > timeout_s:
            raise silence or _too_long(stack, timeout_s)
        if elapsed_s // 60 > minutes:
            minutes = int(elapsed_s // 60)
            say(f"{stack}: CloudFormation works on the change set, for {_minutes(minutes)} now")
        aws.clock.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 5.0)


def _is_ready(found: ChangeSet) -> bool:
    if found.status == "CREATE_COMPLETE":
        return found.execution_status != "UNAVAILABLE"
    return found.status == "FAILED"


def _too_long(stack: str, timeout_s: float) -> DeployError:
    return DeployError(
        Exit.REJECTED,
        f"{stack}: CloudFormation works on the change set for {_minutes(int(timeout_s / 60))} and "
        "is not done; nothing was deployed",
        "run the same command again: it goes on with the same change set",
    )


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def _read(aws: Aws, stack: str, found: ChangeSet) -> ChangeSet:
    """*found*, which is complete, with its changes and what validation says of them."""
    changes = tuple(settled(_all_changes(aws, stack, found.change_set_id)))
    warnings, note = _findings(aws, found)
    notes = (f"warnings are not shown: {note}",) if note else ()
    return structs.replace(found, changes=changes, warnings=tuple(warnings), notes=notes)


def _all_changes(
    aws: Aws, stack: str, change_set_id: str, path: tuple[str, ...] = ()
) -> list[Change]:
    """Every change on every page of both answers, and of nested stacks' change sets."""
    bare = _pages(aws, stack, change_set_id, {})
    try:
        detailed = _pages(aws, stack, change_set_id, {"IncludePropertyValues": True})
    except DeployError as error:
        if error.code != Exit.REJECTED:
            raise
        detailed = []  # a stand-in or an old region that knows no values: the names are there
    raw = merged(detailed, bare)
    found = changes_of(raw, path)
    for item in raw:
        nested = item.get("ResourceChange", {})
        if nested.get("ChangeSetId") and nested["ChangeSetId"] != change_set_id:
            inner = (*path, str(nested.get("LogicalResourceId", "")))
            found += _all_changes(aws, stack, nested["ChangeSetId"], inner)
    return found


def _pages(aws: Aws, stack: str, change_set_id: str, options: Mapping[str, Any]) -> list[Any]:
    """All pages; from the first one again where the token of a page has run out."""
    client = aws.client("cloudformation")
    for attempt in range(_ATTEMPTS):
        found: list[Any] = []
        token: dict[str, str] = {}
        try:
            while True:
                page = client.describe_change_set(ChangeSetName=change_set_id, **options, **token)
                found += page.get("Changes", ())
                if not page.get("NextToken"):
                    return found
                token = {"NextToken": page["NextToken"]}
        except (BotoCoreError, ClientError) as error:
            again = is_passing(error) or (token and code_of(error) == "ValidationError")
            if not again or attempt == _ATTEMPTS - 1:
                raise explained(error, f"reading the change set of {stack}") from error
            aws.clock.sleep(2**attempt)
    raise AssertionError  # the last attempt returns or raises


def why_failed(aws: Aws, found: ChangeSet) -> DeployError:
    """What a failed change set says, with each finding of CloudFormation's own validation."""
    name = name_in(found.stack_id)
    lines = [f"{name}: CloudFormation refuses this: {found.reason or found.status}"]
    lines += _nested_reasons(aws, found, {found.change_set_id})
    if mentions_hook(found.reason):
        lines += of_change_set(aws, found.change_set_id)
    findings, note = _findings(aws, found)
    lines += findings
    if note and "AWS::EarlyValidation" in found.reason:
        lines.append(f"(the properties are not shown: {note})")
    return DeployError(Exit.REJECTED, "\n  ".join(lines))


def _nested_reasons(aws: Aws, found: ChangeSet, seen: set[str]) -> Iterator[str]:
    """The reasons of the change sets of nested stacks that *found* names, down to the first."""
    for match in _CHANGE_SET.findall(found.reason):
        arn = match.rstrip(".")
        child = None if arn in seen else find(aws, found.stack_id, arn)
        seen.add(arn)
        if child is not None:
            yield f"{name_in(child.stack_id)}: {child.reason or child.status}"
            yield from _nested_reasons(aws, child, seen)


def _findings(aws: Aws, found: ChangeSet) -> tuple[list[str], str]:
    """What CloudFormation's own validation found, and why that could not be read.

    It is more than is needed: what cannot be read ends nothing.
    """
    client, lines = aws.client("cloudformation"), []
    token: dict[str, str] = {}
    try:
        while True:
            page = client.describe_events(
                ChangeSetName=found.change_set_id, Filters={"FailedEvents": True}, **token
            )
            lines += list(filter(None, map(_finding, page.get("OperationEvents", ()))))
            if not page.get("NextToken"):
                return list(dict.fromkeys(lines)), ""
            token = {"NextToken": page["NextToken"]}
    except (BotoCoreError, ClientError) as error:
        note = "cloudformation:DescribeEvents is denied to you" if is_denied(error) else ""
        return list(dict.fromkeys(lines)), note


def _finding(event: Mapping[str, Any]) -> str:
    reason = event.get("ValidationStatusReason") or event.get("ResourceStatusReason")
    place = " ".join(
        str(event[key]) for key in ("LogicalResourceId", "ValidationPath") if event.get(key)
    )
    return f"{place}: {reason}" if place and reason else str(reason or "")
