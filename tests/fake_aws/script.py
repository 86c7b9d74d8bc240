"""What a test wants to happen: told before or during a run, asked by the engine."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from tests.fake_aws.ecs.wishes import TaskScript

FAILED: Final = (
    'Resource handler returned message: "it did not work" (RequestToken: 0a1b2c3d, '
    "HandlerErrorCode: GeneralServiceException)"
)
BOTH: Final = ("CREATE", "UPDATE")


class Failure(Struct):
    """A resource fails in some phase: CREATE, UPDATE, DELETE or ROLLBACK (of an update)."""

    logical_id: str
    phases: tuple[str, ...]
    reason: str
    after_s: float
    times: int | None
    stack: str | None


class Script(TaskScript):
    """The wishes of a test; those about tasks are in ``ecs/wishes.py``.

    Names of stacks are needed only where two have the same logical id.
    """

    def __init__(self) -> None:
        super().__init__()
        self._failures: list[Failure] = []
        self._seconds: dict[str, float] = {}
        self._held: set[str] = set()
        self.change_sets: list[ChangeSetWish] = []
        self.change_set_takes_s = 3.0
        self._nested: dict[str, str] = {}
        self.hook_results: dict[str, list[dict[str, Any]]] = {}
        """What ListHookResults answers, by target; with ``*`` for every one."""
        self.drifted: dict[str, dict[str, Any]] = {}
        """What DescribeStackResourceDrifts says, by logical id; other resources are in sync."""
        self.drift_fails = ""
        self.hooks: dict[str, dict[str, Any]] = {}
        """What the events of a resource say of a hook, by logical id."""

    def resource_fails(
        self,
        logical_id: str,
        reason: str = FAILED,
        *,
        on: tuple[str, ...] | str = BOTH,
        after_s: float = 2.0,
        times: int | None = 1,
        stack: str | None = None,
    ) -> None:
        """Let a resource fail the next *times* times (None: always) in the phases *on*.

        Phases are CREATE, UPDATE, DELETE, and ROLLBACK: going back to what was before an update.
        """
        phases = (on,) if isinstance(on, str) else on
        self._failures.append(Failure(logical_id, phases, reason, after_s, times, stack))

    def hook_fails(self, logical_id: str, result: dict[str, Any]) -> None:
        """Let a hook forbid what is done to a resource; *result* is what GetHookResult answers."""
        name = result["TypeName"]
        self.resource_fails(logical_id, f"The following hook(s) failed: [{name}]")
        self.hook_results[logical_id] = [result]
        self.hooks[logical_id] = {
            "HookType": name,
            "HookStatus": "HOOK_COMPLETE_FAILED",
            "HookStatusReason": result.get("HookStatusReason", ""),
            "HookInvocationPoint": "PRE_PROVISION",
            "HookFailureMode": result.get("FailureMode", "FAIL"),
            "HookInvocationId": result["HookResultId"],
        }

    def resource_takes(self, logical_id: str, seconds: float) -> None:
        """How long whatever is done to a resource takes."""
        self._seconds[logical_id] = seconds

    def hold(self, logical_id: str) -> None:
        """Let a resource stay in progress until ``release``."""
        self._held.add(logical_id)

    def release(self, logical_id: str) -> None:
        """Let a held resource go on."""
        self._held.discard(logical_id)

    def mended(self, logical_id: str) -> None:
        """Let a resource fail no more."""
        self._failures = [one for one in self._failures if one.logical_id != logical_id]

    def change_set_fails(
        self, reason: str | None, *, events: tuple[dict[str, Any], ...] = (), times: int | None = 1
    ) -> None:
        """Let the next change sets end FAILED with *reason*, and DescribeEvents show *events*.

        ``None`` is a failure without a StatusReason.
        """
        self.change_sets.append(ChangeSetWish("FAILED", reason, events, times))

    def change_set_warns(
        self, *, events: tuple[dict[str, Any], ...] = (), reason: str = "", times: int | None = 1
    ) -> None:
        """Let the next change sets be complete, with warnings that DescribeEvents shows."""
        self.change_sets.append(ChangeSetWish("CREATE_COMPLETE", reason, events, times))

    def nested_change_set_fails(self, logical_id: str, reason: str) -> None:
        """Let the change set of a nested stack fail, and with it those above."""
        self._nested[logical_id] = reason

    def nested_failure(self, logical_id: str) -> str:
        """Why the change set of a nested stack is to fail, or nothing."""
        return self._nested.get(logical_id, "")

    def is_held(self, logical_id: str) -> bool:
        """Whether a resource waits for ``release``."""
        return logical_id in self._held

    def failure(self, stack: str, logical_id: str, phase: str) -> Failure | None:
        """The failure that is due, which then counts as used."""
        for one in self._failures:
            fits = one.logical_id == logical_id and phase in one.phases
            if fits and one.stack in (None, stack) and one.times != 0:
                if one.times is not None:
                    one.times -= 1
                return one
        return None

    def seconds(self, logical_id: str, default: float) -> float:
        """How long something takes."""
        return self._seconds.get(logical_id, default)

    def next_change_set(self) -> ChangeSetWish | None:
        """How the next change set is to end, if the test says."""
        for one in self.change_sets:
            if one.times != 0:
                if one.times is not None:
                    one.times -= 1
                return one
        return None


class ChangeSetWish(Struct):
    """How a change set ends."""

    status: str
    reason: str | None
    events: tuple[dict[str, Any], ...]
    times: int | None
    changes: list[dict[str, Any]] = field(default_factory=list)
