"""What CloudFormation's hooks said against a change set or an operation: which, why, and the fix.

It is more than is needed: what cannot be read is left out, and ends nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import is_denied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.events import Event

_NAMED: Final = re.compile(r"\bhook", re.IGNORECASE)
_MODES: Final = {"FAIL": "it has to pass", "WARN": "it only warns"}


def mentions_hook(text: str) -> bool:
    """Whether a reason of CloudFormation's speaks of a hook, and of no validation of its own."""
    return bool(_NAMED.search(text)) and "AWS::EarlyValidation" not in text


def of_change_set(aws: Aws, change_set_id: str) -> list[str]:
    """What the hooks said that failed on a change set, a line for each finding."""
    return _told(aws, "CHANGE_SET", change_set_id)


def of_operation(aws: Aws, stack_id: str, events: Iterable[Event]) -> list[str]:
    """What the hooks said that failed on a stack, or on its resources in these *events*."""
    lines = _told(aws, "STACK", stack_id)
    for event in events:
        if event.hook.endswith("_FAILED") and event.hook_id:
            place = "/".join((*event.path, event.logical_id))
            lines += [f"{place}: {line}" for line in _result(aws, event.hook_id)]
    return list(dict.fromkeys(lines))


def _told(aws: Aws, kind: str, target: str) -> list[str]:
    client, lines = aws.client("cloudformation"), []
    token: dict[str, str] = {}
    try:
        while True:
            page = client.list_hook_results(TargetType=kind, TargetId=target, **token)
            for one in page.get("HookResults", ()):
                if str(one.get("Status", "")).endswith("_FAILED"):
                    lines += _result(aws, one["HookResultId"]) or list(_lines(one))
            if not page.get("NextToken"):
                return list(dict.fromkeys(lines))
            token = {"NextToken": page["NextToken"]}
    except (BotoCoreError, ClientError) as error:
        denied = "what its hooks said is not shown: cloudformation:ListHookResults is denied to you"
        return [*lines, denied] if is_denied(error) else lines


def _result(aws: Aws, result_id: str) -> list[str]:
    try:
        found = aws.client("cloudformation").get_hook_result(HookResultId=result_id)
    except (BotoCoreError, ClientError):
        return []
    return list(_lines(found))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A hook's result: the hook with its mode and reason, then what it found, and the remedy."""
    mode = _MODES.get(str(found.get("FailureMode", "")), "")
    reason = " ".join(str(found.get("HookStatusReason", "")).split())
    name = found.get("TypeName") or "a hook"
    yield f"hook {name}{f' ({mode})' if mode else ''}: {reason or found.get('Status', 'failed')}"
    for one in found.get("Annotations", ()):
        if one.get("Status") != "FAILED":
            continue
        level = str(one.get("SeverityLevel", "")).lower()
        told = [one.get("StatusMessage"), one.get("RemediationMessage"), one.get("RemediationLink")]
        text = "; ".join(" ".join(str(part).split()) for part in told if part)
        yield f"{one.get('AnnotationName', 'it')}{f' ({level})' if level else ''}: {text}"
