"""What is seen of a running operation: plain data, from whoever looks to whoever shows it.

A ``Snapshot`` is the whole of what is known at one moment. A presenter gets one after the other and
decides what of it is new; it asks AWS nothing.
"""

from __future__ import annotations

import enum

from msgspec import Struct


class Resource(Struct, frozen=True):
    """A resource of the stack, in its last known status.

    ``status`` is CloudFormation's (``CREATE_IN_PROGRESS``); ``path`` names the nested stacks on the
    way to it, outermost first. ``event_id`` tells one event from the next.
    """

    logical_id: str
    type: str
    status: str
    reason: str = ""
    physical_id: str = ""
    event_id: str = ""
    at: str = ""
    path: tuple[str, ...] = ()


class Tasks(Struct, frozen=True):
    """The tasks of one revision of a service: ``revision`` is ``hoge:42``."""

    revision: str
    desired: int
    running: int
    pending: int
    failed: int = 0
    traffic_percent: float | None = None
    image: str = ""


class FailureKind(enum.StrEnum):
    """Why a task stopped."""

    IMAGE_PULL = "image"
    ARCHITECTURE = "architecture"
    SECRET = "secret"  # noqa: S105 - a kind of failure
    OUT_OF_MEMORY = "out of memory"
    EXIT = "exit code"
    LOAD_BALANCER_HEALTH = "load balancer's health check"
    CONTAINER_HEALTH = "container's health check"
    NO_CAPACITY = "no capacity"
    NETWORK = "network interface"
    STORAGE = "storage"
    LOGGING = "logging"
    SPOT = "spot interruption"
    OTHER = "other"


class FailedTask(Struct, frozen=True):
    """A task that stopped and should not have.

    ``task_id`` is its id, empty where no task could even be placed. ``log_lines`` are the last ones
    of ``container``, fetched when the failure was first seen. ``hint`` says what to do. ``same`` is
    how many more tasks failed for the same reason.
    """

    task_id: str
    kind: FailureKind
    summary: str
    container: str = ""
    exit_code: int | None = None
    ran_s: float | None = None
    log_lines: tuple[str, ...] = ()
    hint: str = ""
    note: str = ""
    same: int = 0


class Target(Struct, frozen=True):
    """The health of a target group's targets: how many are in which state."""

    group: str
    healthy: int
    unhealthy: int
    initial: int = 0
    draining: int = 0
    reason: str = ""


class Pause(Struct, frozen=True):
    """A hook at which a service deployment waits for a person.

    ``until`` is when ECS waits no more, by its own clock (``2026-11-23 18:00 UTC``), empty where it
    does not say; ``action`` is what it does then: CONTINUE or ROLLBACK.
    """

    deployment_arn: str
    hook_id: str
    stage: str
    until: str = ""
    action: str = ""


class Service(Struct, frozen=True):
    """An ECS service in the middle of its deployment.

    ``new`` and ``old`` are the revisions; ``old`` is empty where there was none, ``new`` where none
    is being deployed. ``breaker_failures`` of ``breaker_threshold`` failed tasks end it.
    ``rollout`` is ECS's word: IN_PROGRESS, COMPLETED, FAILED, ROLLBACK_IN_PROGRESS and so on.
    ``waiting_for`` says what a person has to do before it goes on, and ``pause`` at which hook.
    ``failed_tasks`` is how many tasks have failed since it began; None where that was not seen.
    """

    logical_id: str
    name: str
    rollout: str
    new: Tasks | None = None
    old: tuple[Tasks, ...] = ()
    breaker_failures: int | None = None
    breaker_threshold: int | None = None
    stage: str = ""
    waiting_for: str = ""
    pause: Pause | None = None
    targets: tuple[Target, ...] = ()
    alarms: tuple[str, ...] = ()
    failures: tuple[FailedTask, ...] = ()
    note: str = ""
    failed_tasks: int | None = None


class Snapshot(Struct, frozen=True):
    """Everything that is known of an operation now.

    ``operation`` is CREATE, UPDATE, DELETE, ROLLBACK; ``status`` the stack's. ``planned`` is how
    many resources the plan changes, ``done`` how many are. ``resources`` are those with an event of
    this operation, in the order in which they began; ``failed`` are failures that another event of
    the same resource has followed, which may have come since the last look. ``note`` is about the
    watching itself: that contact is lost, say.
    """

    stack_name: str
    operation: str
    status: str
    elapsed_s: float
    planned: int = 0
    done: int = 0
    resources: tuple[Resource, ...] = ()
    services: tuple[Service, ...] = ()
    note: str = ""
    failed: tuple[Resource, ...] = ()
