"""Why tasks of a stack stopped, from the history that its cluster keeps (``TaskHistory``).

ECS itself forgets a stopped task after an hour. An event of EventBridge describes a task as
DescribeTasks does, but for its times, which are text.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.stack import living, read_resources
from ecs_blocks.deploy.ecs.classify import classify, is_scale_in
from ecs_blocks.deploy.ecs.failures import key_of
from ecs_blocks.deploy.ecs.names import cluster_in, family_of, last
from ecs_blocks.deploy.ecs.reading import Reader
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.service import aws_time
from ecs_blocks.deploy.progress import FailedTask
from ecs_blocks.naming import TASK_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack, StackResource

_TASK: Final = "ECS Task State Change"
_LONGEST_PATTERN: Final = 1000
"""Characters; CloudWatch Logs takes 1,024. Source: API Reference, FilterLogEvents."""
_TIMES: Final = ("startedAt", "executionStoppedAt", "stoppingAt", "stoppedAt")


class StoppedTask(Struct, frozen=True):
    """A task that stopped ``at`` a time of AWS's clock.

    ``of`` is the logical id of its service, or of its task definition where no service ran it;
    ``revision`` is ``hoge:42``. ``was_unneeded`` says that ECS stopped it because there were fewer
    to run, or a new version. ``reason`` is ECS's.
    """

    at: dt.datetime
    of: str
    revision: str
    reason: str
    task: FailedTask
    was_unneeded: bool


class History(Struct, frozen=True):
    """The tasks that stopped since a time, oldest first, and the log groups that told of them."""

    since: dt.datetime
    groups: tuple[str, ...]
    tasks: tuple[StoppedTask, ...]


def read_history(aws: Aws, stack: Stack, back: dt.timedelta) -> History:
    """The tasks of *stack* that stopped in the time *back* from now.

    Raises:
        DeployError: nothing in the stack runs tasks, its cluster keeps no history, or AWS did not
            answer.
    """
    owners, clusters = _owners(living(read_resources(aws, stack.stack_id)))
    if not owners:
        raise DeployError(Exit.INPUT, f"{stack.name} has neither an ECS service nor a job")
    kept, now = _kept(aws)
    wanted = {name.join(TASK_HISTORY) for name in clusters} or kept
    groups = tuple(sorted(wanted & kept))
    if not groups:
        missing = f"there is no log group {min(wanted)}" if wanted else f"none in {aws.region} does"
        raise DeployError(
            Exit.INPUT,
            f"the cluster keeps no history of stopped tasks: {missing}",
            "add eb.TaskHistory to the cluster's stack; what failed in the last hour is in status",
        )
    since = now - back
    found = (event for group in groups for event in _events(aws, group, owners, since))
    tasks = _stopped(Reader(aws, ""), found, owners)
    return History(since, groups, tuple(sorted(tasks, key=lambda one: one.at)))


def alike(tasks: Iterable[StoppedTask]) -> list[StoppedTask]:
    """The last of those that stopped for one reason, which says how many more there were."""
    found: dict[object, StoppedTask] = {}
    for one in tasks:
        key = (one.of, one.revision, key_of(one.task))
        same = found.pop(key).task.same + 1 if key in found else 0
        found[key] = structs.replace(one, task=structs.replace(one.task, same=same))
    return list(found.values())


def _owners(resources: Sequence[StackResource]) -> tuple[dict[str, str], set[str]]:
    """What the stack runs, by the ``group`` of its tasks, and in which clusters, if that is told.

    A job's tasks are of their family; only a service's ARN names a cluster.
    """
    owners: dict[str, str] = {}
    clusters: set[str] = set()
    for one in resources:
        if one.type == "AWS::ECS::Service":
            owners[f"service:{last(one.physical_id)}"] = one.logical_id
            clusters.add(cluster_in(one.physical_id))
        elif one.type == "AWS::ECS::TaskDefinition":
            owners[f"family:{family_of(one.physical_id)}"] = one.logical_id
    return owners, set() if "" in clusters else clusters


def _kept(aws: Aws) -> tuple[set[str], dt.datetime]:
    """The histories of this account and region, and AWS's time of day."""
    found: set[str] = set()
    token: dict[str, str] = {}
    while True:
        answer = asked(
            "looking for the history of tasks",
            aws.client("logs").describe_log_groups,
            logGroupNamePrefix=TASK_HISTORY[0],
            **token,
        )
        found |= {str(one.get("logGroupName", "")) for one in answer.get("logGroups") or ()}
        if not answer.get("nextToken"):
            return found, aws_time(answer, aws.clock)
        token = {"nextToken": str(answer["nextToken"])}


def _events(
    aws: Aws, group: str, owners: Mapping[str, str], since: dt.datetime
) -> Iterator[Mapping[str, Any]]:
    """The events of a group that may be of these owners."""
    pattern = " || ".join(f'($.detail.group = "{one}")' for one in owners)
    only = {"filterPattern": f"{{ {pattern} }}"} if len(pattern) < _LONGEST_PATTERN else {}
    token: dict[str, str] = {}
    while True:
        answer = asked(
            f"reading {group}",
            aws.client("logs").filter_log_events,
            logGroupName=group,
            startTime=int(since.timestamp() * 1000),
            **only,
            **token,
        )
        for one in answer.get("events") or ():
            with suppress(ValueError):  # anybody may write into a log group
                event = json.loads(one.get("message", ""))
                if isinstance(event, dict) and event.get("detail-type") == _TASK:
                    yield event
        after = answer.get("nextToken")
        if not after or after == token.get("nextToken"):
            return
        token = {"nextToken": str(after)}


def _stopped(
    reader: Reader, events: Iterable[Mapping[str, Any]], owners: Mapping[str, str]
) -> Iterator[StoppedTask]:
    """Each task once: an event may come more than once, and in any order."""
    tasks: dict[str, dict[str, Any]] = {}
    for event in events:
        task = _as_described(event)
        arn = str(task.get("taskArn", ""))
        is_newer = task.get("version", 0) >= tasks.get(arn, {}).get("version", 0)
        if task.get("group") in owners and task.get("lastStatus") == "STOPPED" and is_newer:
            tasks[arn] = task
    for task in tasks.values():
        unneeded = is_scale_in(task)
        revision = str(task.get("taskDefinitionArn", ""))
        definition = None if unneeded else reader.definition(revision)
        yield StoppedTask(
            at=task["at"],
            of=owners[str(task["group"])],
            revision=last(revision),
            reason=str(task.get("stoppedReason", "")),
            task=classify(task, definition),
            was_unneeded=unneeded,
        )


def _as_described(event: Mapping[str, Any]) -> dict[str, Any]:
    """The task of an event as DescribeTasks has it; ``at`` is when it stopped."""
    detail = event.get("detail")
    task: dict[str, Any] = dict(detail) if isinstance(detail, dict) else {}
    for key in _TIMES:
        with suppress(ValueError):
            task[key] = dt.datetime.fromisoformat(str(task.get(key, "")))
        if not isinstance(task.get(key), dt.datetime):
            task.pop(key, None)
    try:
        said = dt.datetime.fromisoformat(str(event.get("time", "")))
    except ValueError:
        return {}
    return {**task, "at": task.get("stoppedAt", said)}
