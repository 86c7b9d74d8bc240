"""Where the deployment of a task definition stands, and why: from a service's state, pure."""

from __future__ import annotations

import datetime as dt
import enum
import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.ecs.names import last

if TYPE_CHECKING:
    from collections.abc import Collection

    from ecs_blocks.deploy.ecs.state import Deployment, State

_BACK: Final = re.compile(r"rolling back|rolled back", re.IGNORECASE)
_FAILED: Final = re.compile(r"deployment failed|rolling back to deployment", re.IGNORECASE)
_BREAKER: Final = re.compile(r"circuit ?breaker", re.IGNORECASE)
_SAME_MOMENT: Final = dt.timedelta(minutes=2)
_LIVES: Final = frozenset({"PENDING", "IN_PROGRESS", "SUCCESSFUL"})
_WORDS: Final = {"SUCCESSFUL": "COMPLETED"}


class Standing(enum.StrEnum):
    """Where the deployment of the wanted task definition stands."""

    GONE = "the service does not exist"
    UNSEEN = "it has not begun"
    DEPLOYING = "in progress"
    DEPLOYED = "completed"
    FAILED = "failed"
    GOING_BACK = "ECS is going back"
    WENT_BACK = "ECS went back"
    STUCK = "ECS could not go back"
    REPLACED = "something else was deployed after it"
    ELSEWHERE = "another controller decides"


_OF_ROLLOUT: Final = {
    "ROLLBACK_REQUESTED": Standing.GOING_BACK,
    "ROLLBACK_IN_PROGRESS": Standing.GOING_BACK,
    "ROLLBACK_SUCCESSFUL": Standing.WENT_BACK,
    "ROLLBACK_FAILED": Standing.STUCK,
}


def standing(now: State | None, wanted: str, *, was_seen: bool = False) -> Standing:
    """Where the deployment of the task definition *wanted* stands.

    ``was_seen`` says that it was once there: then its absence means something.
    """
    if now is None or now.status == "INACTIVE":
        return Standing.GONE
    primary = now.primary
    if primary is None:
        return Standing.ELSEWHERE if now.controller != "ECS" else Standing.UNSEEN
    if now.is_of(primary, wanted):
        return _of_primary(now, primary)
    if now.controller != "ECS":
        return Standing.ELSEWHERE
    status = now.rollout.status if now.rollout else ""
    if status in _OF_ROLLOUT:
        return _OF_ROLLOUT[status]
    if now.deployment_id and _is_behind(now, primary):
        return Standing.DEPLOYING
    if _went_back(now, primary, wanted):
        return Standing.WENT_BACK if primary.rollout == "COMPLETED" else Standing.GOING_BACK
    return Standing.REPLACED if was_seen or status or now.of(wanted) else Standing.UNSEEN


def _of_primary(now: State, primary: Deployment) -> Standing:
    status = now.rollout.status if now.rollout and not now.failed_again else ""
    if status in _OF_ROLLOUT:
        return _OF_ROLLOUT[status]  # to other settings with the same task definition
    if primary.rollout == "FAILED" or status == "STOPPED":
        return Standing.FAILED
    if status == "SUCCESSFUL" or primary.rollout:
        is_done = "COMPLETED" in (primary.rollout, _WORDS.get(status))
        return Standing.DEPLOYED if is_done else Standing.DEPLOYING
    is_settled = primary.running == primary.desired and len(now.deployments) == 1
    return Standing.DEPLOYED if is_settled else Standing.DEPLOYING


def goes_back(one: Deployment) -> bool:
    """Whether ECS says of a deployment that it goes, or went, back to it."""
    return bool(_BACK.search(one.reason))


def _went_back(now: State, primary: Deployment, wanted: str) -> bool:
    """Whether ECS itself went back, by what is left to see of it."""
    mine = now.of(wanted)
    if goes_back(primary) or (mine is not None and mine.rollout == "FAILED"):
        return True
    if now.deployment_id:
        told = [one.message for one in now.events if now.deployment_id in one.message]
        return any(map(_FAILED.search, told))
    if primary.created_at is None or not _is_older(primary.task_definition, wanted):
        return False
    since = primary.created_at - _SAME_MOMENT
    return any(_FAILED.search(one.message) for one in now.events if one.at >= since)


def _is_behind(now: State, primary: Deployment) -> bool:
    """Whether DescribeServices still shows what was before the deployment that is meant."""
    found = now.rollout
    if found is None or found.status not in _LIVES:
        return False
    at, since = primary.created_at, found.created_at
    return at is not None and since is not None and at < since


def cause(now: State, wanted: str) -> str:
    """Why the deployment of *wanted* failed: ``circuit breaker, 10/10 failures``."""
    found = now.rollout
    mine = now.of(wanted)
    told = " ".join(
        text
        for text in (
            found.reason if found else "",
            mine.reason if mine else "",
            now.primary.reason if now.primary else "",
        )
        if text
    )
    if found and found.alarms:
        return f"alarm {', '.join(found.alarms)}"
    if (found and found.is_breaker_triggered) or _BREAKER.search(told):
        if found and found.failures is not None and found.threshold is not None:
            return f"circuit breaker, {found.failures}/{found.threshold} failures"
        count = mine.failed if mine else 0
        return f"circuit breaker, {count} failures" if count else "circuit breaker"
    if found and found.reason:
        return found.reason.rstrip(".")
    if mine and mine.reason and mine.rollout == "FAILED":
        return mine.reason.rstrip(".")
    failed = next((one.message for one in now.events if _FAILED.search(one.message)), "")
    return failed.rpartition(") ")[2].rstrip(".")


def word(now: State | None, wanted: str) -> str:
    """ECS's own word for the deployment of *wanted*; SUCCESSFUL is shown as COMPLETED."""
    if now is None:
        return "DELETED"
    if now.rollout:
        return _WORDS.get(now.rollout.status, now.rollout.status)
    mine = now.of(wanted)
    if mine is not None and mine.rollout:
        return mine.rollout
    return _STANDING_WORDS.get(standing(now, wanted), "")


_STANDING_WORDS: Final = {
    Standing.DEPLOYING: "IN_PROGRESS",
    Standing.DEPLOYED: "COMPLETED",
    Standing.GOING_BACK: "ROLLBACK_IN_PROGRESS",
    Standing.WENT_BACK: "ROLLBACK_SUCCESSFUL",
}


def replaced_by(now: State, wanted: str, before: Collection[str]) -> str:
    """A sentence on what is deployed instead of *wanted*; *before* is what ran at first."""
    primary = now.primary
    if primary is None or now.is_of(primary, wanted):
        return ""
    other = last(primary.task_definition)
    if primary.task_definition in before and _is_older(primary.task_definition, wanted):
        return f"the service was set back to {other}"
    at = f" at {primary.created_at:%H:%M:%S} UTC" if primary.created_at else ""
    did = f"deployed {other} after {last(wanted)}"
    if primary.task_definition == wanted:
        did = f"started {other} once more"
    return f"somebody else {did} (UpdateService{at}, deployment {primary.id})"


def _is_older(one: str, other: str) -> bool:
    """Whether a task definition is an earlier revision than another."""
    family, _, number = last(one).rpartition(":")
    same, _, against = last(other).rpartition(":")
    numbers = number.isdecimal() and against.isdecimal()
    return family != same or not numbers or int(number) < int(against)
