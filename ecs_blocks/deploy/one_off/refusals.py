"""Why ECS did not start a task: the ``failures`` in RunTask's answer, and its errors, in words.

Source: Amazon ECS Developer Guide, "Amazon ECS API failure reasons".
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.ecs.names import cleaned, last

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROOM: Final = (
    "let the cluster grow (the maximum of its capacity provider's Auto Scaling group), or wait "
    "until other tasks have ended"
)
_AGAIN: Final = "try again in some minutes; more subnets, in other zones, give ECS more choice"


class Refusal(Struct, frozen=True):
    """Why there is no task: a sentence, and what to do."""

    sentence: str
    hint: str = ""


class _Row(Struct, frozen=True):
    pattern: re.Pattern[str]
    sentence: str
    hint: str


def _row(pattern: str, sentence: str, hint: str) -> _Row:
    return _Row(re.compile(pattern, re.IGNORECASE), sentence, hint)


_ROWS: Final = (
    _row("^RESOURCE:MEMORY", "no instance of the cluster has as much memory left", _ROOM),
    _row("^RESOURCE:CPU", "no instance of the cluster has as much CPU left", _ROOM),
    _row(
        "^RESOURCE:ENI",
        "no instance of the cluster has a network interface left",
        "let instances carry more of them: the verb account-setup turns ENI trunking on; or "
        f"{_ROOM}",
    ),
    _row("^RESOURCE:GPU", "no instance of the cluster has a GPU left", _ROOM),
    _row(
        "^RESOURCE:PORTS?",
        "the task's host port is taken on every instance",
        "use awsvpc, or let ECS choose the host port",
    ),
    _row("^RESOURCE:FARGATE|capacity is unavailable", "Fargate has no capacity now", _AGAIN),
    _row("^RESOURCE", "no instance of the cluster has room for the task", _ROOM),
    _row(
        "^AGENT",
        "the ECS agent of the instance is not connected",
        "replace the instance, or try again: it may be starting",
    ),
    _row(
        "^ATTRIBUTE",
        "no instance has what the task definition asks for",
        "look at the architecture, the log driver and the network mode of the task, and at the "
        "instances' ECS agent",
    ),
    _row(
        "^LOCATION",
        "no instance is in a zone of the service's subnets",
        "let the cluster's Auto Scaling group use these zones",
    ),
    _row(
        "^MEMBEROF|placement constraint",
        "no instance fits the placement constraints of the service",
        "look at the constraints, and at the attributes of the instances",
    ),
    _row(
        "EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|no container instances",
        "the cluster has no instances",
        "let its Auto Scaling group have some, with managed scaling on for the capacity provider",
    ),
    _row("^INACTIVE", "the instance is no longer part of the cluster", "try again"),
    _row(
        "limit on the number of (?:tasks|vCPU)|limit on .*vCPU",
        "the account runs as many tasks on Fargate as it may",
        "ask for a higher quota (Service Quotas, AWS Fargate), or wait until tasks have ended",
    ),
    _row(
        "PROVISIONING.*(?:quota|limit)|(?:quota|limit).*PROVISIONING",
        "too many tasks of the cluster are waiting for capacity already",
        _ROOM,
    ),
    _row(
        "unable to assume|could not be assumed|role .* is invalid",
        "ECS may not use a role of the task definition",
        "look whether the role still exists and trusts ecs-tasks.amazonaws.com",
    ),
    _row(
        "is inactive|TaskDefinition not found",
        "the task definition is not active any more",
        "deploy the service, so that it has one that is",
    ),
    _row(
        "has been blocked|is currently blocked",
        "AWS has blocked the account for ECS",
        "ask AWS Support",
    ),
)


def of_failures(failures: Sequence[Mapping[str, Any]]) -> Refusal:
    """What the ``failures`` say: the most frequent reason, and how often."""
    if not failures:
        return Refusal("it says neither of a task nor of a failure", "try again")
    reasons = Counter(str(one.get("reason") or "no reason") for one in failures)
    reason, count = reasons.most_common(1)[0]
    details = [str(one["detail"]) for one in failures if one.get("detail")]
    found = of_text(reason, details[0] if details else "")
    others = [other for other in reasons if other != reason]
    where = [last(str(one["arn"])) for one in failures if one.get("arn")]
    parts = [found.sentence]
    if len(failures) > 1:
        parts.append(f"{count} of {len(failures)} instances say so")
    elif where and where[0]:
        parts.append(where[0])
    if others:
        parts.append(f"others: {', '.join(others)}")
    return Refusal("; ".join(parts), found.hint)


def of_text(reason: str, detail: str = "") -> Refusal:
    """What one of AWS's texts says; its own words stay beside ours."""
    said = cleaned(f"{reason}: {detail}" if detail else reason)
    for row in _ROWS:
        if row.pattern.search(reason) or (detail and row.pattern.search(detail)):
            return Refusal(f"{row.sentence} ({said})", row.hint)
    return Refusal(said)
