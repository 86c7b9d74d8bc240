"""A service as ECS describes it, as plain data.

A service of the controller ECS has ``deployments``; one of CODE_DEPLOY or EXTERNAL has task sets,
which are shown here as deployments too.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.progress import Pause

if TYPE_CHECKING:
    from collections.abc import Mapping


class Deployment(Struct, frozen=True):
    """A deployment of a service, or a task set. ``rollout`` is ECS's word, empty without one."""

    id: str
    status: str
    task_definition: str
    desired: int
    running: int
    pending: int
    failed: int = 0
    created_at: dt.datetime | None = None
    rollout: str = ""
    reason: str = ""


class Rollout(Struct, frozen=True):
    """A service deployment: what ECS keeps of one, also after it is over.

    ``task_definition`` is the one that it brings, empty if that could not be read. ``is_again``
    says that it went back to what it brought itself: it was forced, and changed nothing.
    """

    arn: str
    task_definition: str
    status: str
    revision_id: str = ""
    reason: str = ""
    stage: str = ""
    strategy: str = ""
    created_at: dt.datetime | None = None
    failures: int | None = None
    threshold: int | None = None
    is_breaker_triggered: bool = False
    alarms: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    requested: int = 0
    running: int = 0
    pending: int = 0
    traffic_percent: float | None = None
    image: str = ""
    is_again: bool = False


class Happening(Struct, frozen=True):
    """An event of the service."""

    at: dt.datetime
    message: str


class State(Struct, frozen=True):
    """A service at one moment. ``rollout`` is the wanted task definition's newest one.

    ``deployment_id`` is the one deployment that is meant, where those before it have the same task
    definition; empty where the task definition says enough.
    """

    name: str
    status: str
    controller: str
    desired: int
    running: int
    pending: int
    deployments: tuple[Deployment, ...] = ()
    target_groups: tuple[tuple[str, ...], ...] = ()
    events: tuple[Happening, ...] = ()
    current_rollout: str = ""
    rollout: Rollout | None = None
    deployment_id: str = ""

    @property
    def failed_again(self) -> bool:
        """Whether it was started again as it is, that failed, and what ran before runs on."""
        found = self.rollout
        return found is not None and found.is_again and found.status == "ROLLBACK_SUCCESSFUL"

    @property
    def primary(self) -> Deployment | None:
        """The newest deployment."""
        primary = [one for one in self.deployments if one.status == "PRIMARY"]
        return next(iter(primary or self.deployments), None)

    def of(self, task_definition: str) -> Deployment | None:
        """The newest deployment of a task definition that is still listed."""
        found = [one for one in self.deployments if self.is_of(one, task_definition)]
        return max(found, key=_age, default=None)

    def is_of(self, one: Deployment, task_definition: str) -> bool:
        """Whether a deployment is one of the task definition, and the one that is meant."""
        return one.task_definition == task_definition and self.deployment_id in ("", one.id)


def _age(one: Deployment) -> float:
    return one.created_at.timestamp() if one.created_at else 0.0


def state(service: Mapping[str, Any]) -> State:
    """The state in one of DescribeServices' answers."""
    controller = str((service.get("deploymentController") or {}).get("type", "ECS"))
    is_ecs = controller == "ECS"
    sets = () if is_ecs else tuple(map(_task_set, service.get("taskSets") or ()))
    return State(
        name=str(service.get("serviceName", "")),
        status=str(service.get("status", "")),
        controller=controller,
        desired=int(service.get("desiredCount", 0)),
        running=int(service.get("runningCount", 0)),
        pending=int(service.get("pendingCount", 0)),
        deployments=sets or tuple(map(_deployment, service.get("deployments") or ())),
        target_groups=tuple(_groups(service)),
        events=tuple(
            Happening(one["createdAt"], str(one.get("message", "")))
            for one in service.get("events") or ()
            if "createdAt" in one
        ),
        current_rollout=str(service.get("currentServiceDeployment") or ""),
    )


def _deployment(one: Mapping[str, Any]) -> Deployment:
    return Deployment(
        id=str(one.get("id", "")),
        status=str(one.get("status", "")),
        task_definition=str(one.get("taskDefinition", "")),
        desired=int(one.get("desiredCount", 0)),
        running=int(one.get("runningCount", 0)),
        pending=int(one.get("pendingCount", 0)),
        failed=int(one.get("failedTasks", 0)),
        created_at=one.get("createdAt"),
        rollout=str(one.get("rolloutState", "")),
        reason=str(one.get("rolloutStateReason", "")),
    )


def _task_set(one: Mapping[str, Any]) -> Deployment:
    is_steady = one.get("stabilityStatus") == "STEADY_STATE"
    return Deployment(
        id=str(one.get("id", "")),
        status=str(one.get("status", "")),
        task_definition=str(one.get("taskDefinition", "")),
        desired=int(one.get("computedDesiredCount", 0)),
        running=int(one.get("runningCount", 0)),
        pending=int(one.get("pendingCount", 0)),
        created_at=one.get("createdAt"),
        rollout="COMPLETED" if is_steady else "IN_PROGRESS",
    )


def _groups(service: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The target groups of each load balancer: with blue and green, two of them take turns."""
    sets = [one for each in service.get("taskSets") or () for one in each.get("loadBalancers", ())]
    found: dict[str, tuple[str, ...]] = {}
    for one in (*(service.get("loadBalancers") or ()), *sets):
        other = (one.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        group = one.get("targetGroupArn")
        if group:
            found[str(group)] = (str(group), str(other)) if other else (str(group),)
    return list(found.values())


def rollout(
    one: Mapping[str, Any], task_definitions: Mapping[str, str], images: Mapping[str, str]
) -> Rollout:
    """A service deployment of DescribeServiceDeployments or ListServiceDeployments.

    *task_definitions* and *images* are those of service revisions, by ARN.
    """
    target = one.get("targetServiceRevision") or {}
    revision = str(target.get("arn") or one.get("targetServiceRevisionArn") or "")
    breaker = one.get("deploymentCircuitBreaker") or {}
    is_watched = breaker.get("status") not in (None, "DISABLED")
    strategy = str((one.get("deploymentConfiguration") or {}).get("strategy", ""))
    shifts = strategy not in ("", "ROLLING")
    return Rollout(
        arn=str(one.get("serviceDeploymentArn", "")),
        task_definition=task_definitions.get(revision, ""),
        status=str(one.get("status", "")),
        revision_id=last(revision),
        reason=str((one.get("rollback") or {}).get("reason") or one.get("statusReason") or ""),
        stage=str(one.get("lifecycleStage") or ""),
        strategy=strategy,
        created_at=one.get("createdAt"),
        failures=breaker.get("failureCount") if is_watched else None,
        threshold=breaker.get("threshold") if is_watched else None,
        is_breaker_triggered=breaker.get("status") == "TRIGGERED",
        alarms=tuple((one.get("alarms") or {}).get("triggeredAlarmNames") or ()),
        pauses=tuple(_pauses(one)),
        requested=int(target.get("requestedTaskCount", 0)),
        running=int(target.get("runningTaskCount", 0)),
        pending=int(target.get("pendingTaskCount", 0)),
        traffic_percent=target.get("requestedProductionTrafficWeight") if shifts else None,
        image=images.get(revision, ""),
    )


def _pauses(one: Mapping[str, Any]) -> list[Pause]:
    return [
        Pause(
            deployment_arn=str(one.get("serviceDeploymentArn", "")),
            hook_id=str(hook.get("hookId", "")),
            stage=str(one.get("lifecycleStage") or ""),
            until=f"{hook['expiresAt']:%Y-%m-%d %H:%M} UTC" if hook.get("expiresAt") else "",
            action=str(hook.get("timeoutAction", "")),
        )
        for hook in one.get("lifecycleHookDetails") or ()
        if hook.get("targetType") == "PAUSE" and hook.get("status") == "AWAITING_ACTION"
    ]
