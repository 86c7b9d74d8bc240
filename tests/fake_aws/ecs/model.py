"""What ECS keeps: services, their deployments, tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct, field

from tests.fake_aws.clock import Process


class Task(Struct, eq=False):
    """A task. ``health`` is that of its targets, or its container's."""

    arn: str
    cluster_arn: str
    group: str
    started_by: str
    definition: dict[str, Any]
    created: dt.datetime
    containers: list[dict[str, Any]]
    ip: str
    status: str = "PROVISIONING"
    desired: str = "RUNNING"
    health: str = "UNKNOWN"
    started: dt.datetime | None = None
    stopped: dt.datetime | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    failed: bool = False
    """Whether it counts as a failure of its deployment."""
    overrides: dict[str, Any] = field(default_factory=dict)
    has_exec: bool = False
    """Whether it was started with ECS Exec on."""
    process: Process | None = None

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def lives(self) -> bool:
        """Whether it has not stopped."""
        return self.status != "STOPPED"


class Deployment(Struct, eq=False):
    """A deployment of a service: as DescribeServices and DescribeServiceDeployments show it."""

    id: str
    arn: str
    revision_arn: str
    definition_arn: str
    desired: int
    created: dt.datetime
    updated: dt.datetime
    source: Deployment | None
    status: str = "PRIMARY"
    rollout: str = "IN_PROGRESS"
    rollout_reason: str = ""
    state: str = "IN_PROGRESS"
    state_reason: str | None = None
    finished: dt.datetime | None = None
    stage: str | None = None
    hooks: list[dict[str, Any]] = field(default_factory=list)
    breaker: str = "DISABLED"
    threshold: int = 0
    triggered_alarms: list[str] = field(default_factory=list)
    rollback: dict[str, Any] | None = None
    is_new: bool = True
    """Whether its tasks may still turn out to be bad: those of what has served are good."""
    superseded: bool = False
    """A newer one began before it was over."""
    process: Process | None = None


class Service(Struct, eq=False):
    """A service. ``settings`` are the parts of its description that never move by themselves."""

    arn: str
    name: str
    cluster_arn: str
    created: dt.datetime
    desired: int
    definition_arn: str
    settings: dict[str, Any]
    status: str = "ACTIVE"
    deployments: list[Deployment] = field(default_factory=list)
    """Newest first, those that are over too."""
    tasks: list[Task] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    """Task definitions that have served."""

    @property
    def controller(self) -> str:
        """Who deploys: ECS, CODE_DEPLOY, EXTERNAL."""
        return str(self.settings.get("deploymentController", {}).get("type", "ECS"))

    @property
    def configuration(self) -> dict[str, Any]:
        """The deploymentConfiguration."""
        found = self.settings.get("deploymentConfiguration", {})
        assert isinstance(found, dict)
        return found

    @property
    def target_groups(self) -> list[str]:
        """The ARNs of the target groups that its tasks join."""
        balancers = self.settings.get("loadBalancers", [])
        return [one["targetGroupArn"] for one in balancers if "targetGroupArn" in one]

    def tasks_of(self, deployment: Deployment) -> list[Task]:
        """The tasks that a deployment started."""
        return [one for one in self.tasks if one.started_by == deployment.id]
