"""What CloudFormation keeps: stacks, their resources, operations, events and change sets."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from msgspec import Struct, field

from tests.fake_aws.clock import Process

UPDATABLE: Final = frozenset(
    {
        *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
        *("CREATE_FAILED", "UPDATE_FAILED"),  # with DisableRollback
    }
)


class Definition(Struct):
    """What a stack is made of. ``parameters`` are the values, ``text`` is the template's."""

    text: str = ""
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    role_arn: str | None = None
    notification_arns: list[str] = field(default_factory=list)
    rollback_configuration: dict[str, Any] = field(default_factory=dict)

    @property
    def resources(self) -> dict[str, Any]:
        """The template's."""
        found = self.template.get("Resources", {})
        assert isinstance(found, dict)
        return found


class Resource(Struct):
    """A resource of a stack. ``properties`` are the values that it was made with."""

    logical_id: str
    type: str
    physical_id: str = ""
    status: str = ""
    reason: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None

    @property
    def lives(self) -> bool:
        """Whether there is something in AWS."""
        return bool(self.physical_id) and self.status != "DELETE_COMPLETE"


class Operation(Struct):
    """Something that was done to a stack. ``type`` is LastOperations' word: UPDATE_STACK."""

    id: str
    type: str
    started: dt.datetime
    token: str = ""
    status: str = "IN_PROGRESS"
    ended: dt.datetime | None = None
    keep_on_failure: bool = False
    """DisableRollback."""
    delete_on_failure: bool = False
    cancelled: bool = False
    cancel_token: str = ""
    extra: list[dict[str, Any]] = field(default_factory=list)
    """Events that only DescribeEvents shows."""

    @property
    def undo_token(self) -> str:
        """What going back from it carries."""
        return self.cancel_token if self.cancelled else self.token


class Event(Struct, frozen=True):
    """A stack event."""

    event_id: str
    at: dt.datetime
    operation: Operation
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str

    @property
    def is_failure(self) -> bool:
        """Whether something went wrong."""
        return self.status.endswith("_FAILED")


class Undo(Struct, frozen=True):
    """How a change of an update is taken back: to ``before``; None where there was nothing."""

    logical_id: str
    before: Resource | None


class Stack(Struct, eq=False):
    """A stack, also after it was deleted."""

    name: str
    id: str
    created: dt.datetime
    status: str = "REVIEW_IN_PROGRESS"
    reason: str = ""
    updated: dt.datetime | None = None
    deleted: dt.datetime | None = None
    definition: Definition = field(default_factory=Definition)
    before: Definition | None = None
    """What a rollback goes back to."""
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    change_set_id: str | None = None
    protected: bool = False
    policy: str | None = None
    disable_rollback: bool = False
    on_failure: str | None = None
    deployment_mode: str = "STANDARD"
    operations: list[Operation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    undo: list[Undo] = field(default_factory=list)
    leftovers: list[Resource] = field(default_factory=list)
    """What a failed update made and a rollback deletes in the end."""
    parent_id: str | None = None
    process: Process | None = None

    @property
    def busy(self) -> bool:
        """Whether an operation runs."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def force_status(self, status: str, reason: str = "") -> None:
        """Put the stack into *status*, whatever runs stops there."""
        if self.process is not None:
            self.process.cancel()
        self.status, self.reason = status, reason

    @property
    def summary(self) -> dict[str, Any]:
        """What two runs have in common that end the same: nothing with an id or a time in it."""
        return {
            "status": self.status,
            "template": self.definition.template,
            "parameters": dict(self.definition.parameters),
            "tags": dict(self.definition.tags),
            "protected": self.protected,
            "policy": self.policy,
            "resources": {
                one.logical_id: (one.type, one.status)
                for one in self.resources.values()
                if one.status != "DELETE_COMPLETE"
            },
        }


class ChangeSet(Struct, eq=False):
    """A change set. ``request`` is what it was asked for with, ``definition`` what it leads to."""

    name: str
    id: str
    stack: Stack
    request: dict[str, Any]
    kind: str
    definition: Definition
    created: dt.datetime
    status: str = "CREATE_PENDING"
    execution_status: str = "UNAVAILABLE"
    reason: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    operation: Operation | None = None
    executed_token: str | None = None
    gone: bool = False
    parent_id: str | None = None
    root_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is found by its name: neither executed nor deleted."""
        return not self.gone and self.execution_status not in ("EXECUTE_COMPLETE", "EXECUTE_FAILED")
