"""Why tasks of a stack stopped, read from the history that its cluster keeps (``TaskHistory``)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.calls import ERRORS, asked, code_of, explained, is_denied
from ecs_blocks.deploy.cloudformation.stack import living, read_resources
from ecs_blocks.deploy.ecs import logs
from ecs_blocks.deploy.ecs.classify import classify, has_ended_well, is_scale_in
from ecs_blocks.deploy.ecs.names import cleaned, cluster_in, family_of, last
from ecs_blocks.deploy.ecs.reading import Reader
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import revision
from ecs_blocks.deploy.one_off.service import aws_time
from ecs_blocks.deploy.stopped_tasks import End, History, Kept, Kind, Owner, StoppedTask
from ecs_blocks.deploy.task_events import NoEventError, stopped_event
from ecs_blocks.naming import TASK_HISTORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack, StackResource
    from ecs_blocks.deploy.task_events import StoppedEvent

    Owners = Mapping[tuple[str, str], Owner]
    """By the cluster, empty where nothing names it, and by the ``group`` of the tasks."""

_LONGEST_PATTERN: Final = 1000
"""Characters; CloudWatch Logs takes 1,024. Source: API Reference, FilterLogEvents."""
_SAID_EVERY_S: Final = 10.0


def read_history(
    aws: Aws, stack: Stack, back: dt.timedelta, say: Callable[[str], None] = lambda _: None
) -> History:
    """The tasks of *stack* that stopped in the time *back* from now; *say* what takes long.

    Raises:
        DeployError: nothing in the stack runs tasks, its cluster keeps no history, or AWS did not
            answer.
    """
    owners = _owners(living(read_resources(aws, stack.stack_id)))
    if not owners:
        raise DeployError(Exit.INPUT, f"{stack.name} has neither an ECS service nor a job")
    kept, now = _kept(aws)
    clusters = {cluster for cluster, group in owners if group.startswith("service:")}
    is_told = bool(clusters) and "" not in clusters
    wanted = {name.join(TASK_HISTORY) for name in clusters} if is_told else set(kept)
    groups = [kept[name] for name in sorted(wanted & set(kept))]
    if not groups:
        missing = f"there is no log group {min(wanted)}" if wanted else f"none in {aws.region} does"
        raise DeployError(
            Exit.INPUT,
            f"the cluster keeps no history of stopped tasks: {missing}",
            "add eb.TaskHistory to the cluster's stack; what failed in the last hour is in status",
        )
    since = max(now - back, min(one.begins for one in groups))
    reading = _Reading(aws, stack, owners, since, now, say)
    for one in groups:
        reading.read(one, is_ours=is_told)
    if not reading.groups and reading.refused:
        raise reading.refused[0]
    tasks = _stopped(Reader(aws, ""), reading.tasks(), owners)
    notes = tuple(error.message for error in reading.refused)
    return History(since, tuple(reading.groups), tuple(tasks), reading.left_out, notes)


def _owners(resources: Sequence[StackResource]) -> dict[tuple[str, str], Owner]:
    """What the stack runs: services, jobs, and steps before a deploy.

    A job's tasks are of their family; only a service's ARN names a cluster.
    """
    owners: dict[tuple[str, str], Owner] = {}
    for one in resources:
        if one.type == "AWS::ECS::Service":
            key = (cluster_in(one.physical_id), f"service:{last(one.physical_id)}")
            owners[key] = Owner(Kind.SERVICE, one.logical_id)
        elif one.type == "AWS::ECS::TaskDefinition":
            family = family_of(one.physical_id)
            steps = revision.family_of({"family": family})
            owners["", f"family:{family}"] = Owner(Kind.JOB, one.logical_id)
            owners["", f"family:{steps}"] = Owner(Kind.STEP, one.logical_id)
    return owners


def _kept(aws: Aws) -> tuple[dict[str, Kept], dt.datetime]:
    """The histories of this account and region by name, and AWS's time of day."""
    pages = aws.client("logs").get_paginator("describe_log_groups").paginate
    answers = asked(
        "looking for the history of tasks",
        lambda: list(pages(logGroupNamePrefix=TASK_HISTORY[0])),
    )
    now = aws_time(answers[-1], aws.clock)
    groups = [one for answer in answers for one in answer.get("logGroups") or ()]
    found = [_group(one, now) for one in groups]
    return {one.name: one for one in found if one.name.endswith(TASK_HISTORY[1])}, now


def _group(described: Mapping[str, Any], now: dt.datetime) -> Kept:
    made = dt.datetime.fromtimestamp(int(described.get("creationTime", 0)) / 1000, dt.UTC)
    days = described.get("retentionInDays")
    return Kept(
        str(described.get("logGroupName", "")),
        max(made, now - dt.timedelta(days=days)) if days else made,
    )


class _Reading:
    """What the log groups tell of tasks of these owners since a time."""

    def __init__(  # noqa: PLR0917 - all that a group is read with
        self,
        aws: Aws,
        stack: Stack,
        owners: Owners,
        since: dt.datetime,
        now: dt.datetime,
        say: Callable[[str], None],
    ) -> None:
        self._aws = aws
        self._owners = owners
        self._since = since
        self._now = now
        self._say = say
        self._place = ":".join(stack.stack_id.split(":")[3:5])
        self._tasks: dict[str, StoppedEvent] = {}
        self._said_s = aws.clock.now_s()
        self._lines = 0
        self.left_out = 0
        self.groups: list[Kept] = []
        self.refused: list[DeployError] = []

    def read(self, group: Kept, *, is_ours: bool) -> None:
        """Read one group; one that may be another team's need not be readable, or there.

        Raises:
            DeployError: AWS did not answer, or a group that *is_ours* may not be read.
        """
        keys = [key for key in self._owners if key[0] in ("", group.cluster)]
        try:
            for pattern in _patterns(keys):
                self._read(group, pattern)
        except ERRORS as error:
            found = explained(error, f"reading {group.name}")
            may_lack = is_denied(error) or code_of(error) == "ResourceNotFoundException"
            if is_ours or not may_lack:
                raise found from error
            self.refused.append(found)
        else:
            self.groups.append(group)

    def tasks(self) -> list[StoppedEvent]:
        """Each task once: an event may come more than once, and in any order."""
        return sorted(self._tasks.values(), key=lambda one: one.at)

    def _read(self, group: Kept, pattern: str) -> None:
        start_ms = int(self._since.timestamp() * 1000)
        for page in logs.filtered(self._aws, group.name, startTime=start_ms, filterPattern=pattern):
            lines = page.get("events") or ()
            for line in lines:
                try:
                    self._take(stopped_event(str(line.get("message", "")), self._now), group)
                except NoEventError:
                    self.left_out += 1
            self._lines += len(lines)
            now_s = self._aws.clock.now_s()
            if now_s - self._said_s >= _SAID_EVERY_S:
                self._said_s = now_s
                self._say(f"reading {group.name}: {self._lines:,} events so far")

    def _take(self, event: StoppedEvent | None, group: Kept) -> None:
        """Take an event that is of this account, region and cluster, as its group is."""
        if event is None or not event.cluster_arn.endswith(
            f":{self._place}:cluster/{group.cluster}"
        ):
            return
        before = self._tasks.get(event.arn)
        if _owner(self._owners, event) and (before is None or event.version >= before.version):
            self._tasks[event.arn] = event


def _owner(owners: Owners, event: StoppedEvent) -> Owner | None:
    return owners.get((last(event.cluster_arn), event.group)) or owners.get(("", event.group))


def _patterns(keys: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What CloudWatch Logs is to look for, in as many calls as it takes."""
    terms: list[str] = []
    for _, group in keys:
        term = f'($.detail.group = "{group}")'
        if terms and sum(len(one) + 4 for one in terms) + len(term) > _LONGEST_PATTERN - 4:
            yield f"{{ {' || '.join(terms)} }}"
            terms = []
        terms.append(term)
    if terms:
        yield f"{{ {' || '.join(terms)} }}"


def _stopped(
    reader: Reader, events: Iterable[StoppedEvent], owners: Owners
) -> Iterator[StoppedTask]:
    """In our words."""
    for event in events:
        task, owner = event.task, _owner(owners, event)
        if owner is None:
            continue
        arn = str(task["taskDefinitionArn"])
        is_unneeded = is_scale_in(task)
        definition = None if is_unneeded else reader.definition(arn)
        is_well = not is_unneeded and has_ended_well(task, definition)
        yield StoppedTask(
            at=event.at,
            of=owner,
            revision=last(arn),
            code=str(task.get("stopCode", "")),
            reason=cleaned(str(task.get("stoppedReason", ""))),
            task=classify(task, definition),
            end=End.UNNEEDED if is_unneeded else End.WELL if is_well else End.FAILED,
        )
