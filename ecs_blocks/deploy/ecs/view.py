"""What a person is shown of a service: counts, what is waited for, why health checks fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.names import last, target_group_of
from ecs_blocks.deploy.progress import Pause, Target, Tasks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.ecs.state import Happening, Rollout, State

_UNHEALTHY: Final = re.compile(r"is unhealthy in \(target-group ([^)]+)\) due to \(reason (.*)\)")
_GROUP: Final = re.compile(r"\(target-group ([^)]+)\)")


def new_tasks(now: State | None, wanted: str) -> Tasks | None:
    """The counts of the task definition that is deployed; None before ECS knows of it."""
    mine = now.of(wanted) if now else None
    found = now.rollout if now else None
    if mine is None and found is None:
        return None
    failed = max(mine.failed if mine else 0, (found.failures or 0) if found else 0)
    return Tasks(
        revision=last(wanted),
        desired=mine.desired if mine else found.requested if found else 0,
        running=mine.running if mine else found.running if found else 0,
        pending=mine.pending if mine else found.pending if found else 0,
        failed=failed,
        traffic_percent=found.traffic_percent if found else None,
        image=found.image if found else "",
    )


def old_tasks(now: State | None, wanted: str) -> tuple[Tasks, ...]:
    """The counts of the other task definitions that still run, the newest first."""
    found: dict[str, Tasks] = {}
    if now is None:
        return ()
    for one in now.deployments:
        if now.is_of(one, wanted) or not (one.running or one.pending or one.desired):
            continue
        name = last(one.task_definition)
        so_far = found.get(name, Tasks(name, 0, 0, 0))
        found[name] = Tasks(
            name,
            so_far.desired + one.desired,
            so_far.running + one.running,
            so_far.pending + one.pending,
            so_far.failed + one.failed,
        )
    return tuple(found.values())


def pause_of(found: Rollout | None) -> Pause | None:
    """The hook at which a deployment waits for a person, if it does."""
    return found.pauses[0] if found is not None and found.pauses else None


def waiting_for(pause: Pause | None) -> str:
    """What a person has to do before the deployment goes on, or an empty text."""
    if pause is None:
        return ""
    until = f" until {pause.until}" if pause.until else ""
    then = {"CONTINUE": ", then it goes on", "ROLLBACK": ", then it rolls back"}
    return f"approval at {pause.stage or 'a hook'}{until}{then.get(pause.action, '')}"


def events_since(now: State | None, since: dt.datetime | None) -> tuple[Happening, ...]:
    """The service's events since its deployment began; both times are AWS's."""
    if now is None or since is None:
        return ()
    return tuple(one for one in now.events if one.at >= since)


def health_of(
    task: Mapping[str, Any], events: Sequence[Happening], targets: Sequence[Target]
) -> str:
    """Why the load balancer found the task unhealthy, as the events or the target group say."""
    group = _GROUP.search(str(task.get("stoppedReason", "")))
    if group is None:
        return ""
    task_id = last(str(task.get("taskArn", "")))
    told = [
        (task_id in one.message, found.group(2))
        for one in events
        if (found := _UNHEALTHY.search(one.message)) and found.group(1) == group.group(1)
    ]
    if told:
        return max(told, key=lambda one: one[0])[1]
    name = target_group_of(group.group(1))
    return next((one.reason for one in targets if one.group == name), "")
