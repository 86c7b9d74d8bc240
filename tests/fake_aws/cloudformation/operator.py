"""What every operation on a stack shares: how it begins, ends and removes things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_aws.cloudformation.engine import Engine, Step, Steps
from tests.fake_aws.cloudformation.model import Definition, Operation, Resource, Stack
from tests.fake_aws.cloudformation.templates import needs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.fake_aws.world import World

START_S = 1.0


def named(failed: list[str]) -> str:
    """The tail of CloudFormation's sentence on failed resources."""
    return f"[{', '.join(failed)}]. "


class Operator:
    """Runs operations; each goes on by itself as time does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.engine = Engine(world)

    def begin(
        self, stack: Stack, kind: str, token: str, *, keep: bool = False, delete: bool = False
    ) -> Operation:
        """A new operation; the events from here on are its."""
        operation = Operation(
            self.world.ids.uuid(),
            kind,
            self.world.clock.aws_time(),
            token,
            keep_on_failure=keep,
            delete_on_failure=delete,
        )
        stack.operations.append(operation)
        return operation

    def end(self, stack: Stack, operation: Operation, status: str, reason: str = "") -> None:
        """The operation is over, and the stack in *status*."""
        self.close(operation, "SUCCEEDED" if status.endswith("_COMPLETE") else "FAILED")
        self.engine.event(stack, status, reason)
        self.world.cloudformation.ended(stack)

    def close(self, operation: Operation, status: str = "FAILED") -> None:
        """The operation is over; another one goes on."""
        operation.status, operation.ended = status, self.world.clock.aws_time()

    def go(self, stack: Stack, steps: Iterator[float]) -> None:
        """Run *steps* from now on, in the place of whatever ran."""
        if stack.process is not None:
            stack.process.cancel()
        stack.process = self.world.clock.run(steps)

    def remove(
        self, stack: Stack, resource: Resource, policy: str, operation: Operation
    ) -> Iterator[float]:
        """Delete what is not wanted any more: a failure is only an event."""
        current = stack.resources.get(resource.logical_id)
        status = current.status if current else ""
        if policy.startswith("Retain"):
            self.engine.event(stack, "DELETE_SKIPPED", "", resource)
        else:

            def start(_: str) -> Step:
                return self.engine.delete(stack, resource)

            yield from self.engine.run(stack, {resource.logical_id: set()}, start, operation)
        if current is resource:
            del stack.resources[resource.logical_id]
        elif current is not None:
            current.status = status

    def remove_all(
        self,
        stack: Stack,
        operation: Operation,
        *,
        retained: Collection[str] = (),
        on_create: bool = False,
    ) -> Steps:
        """Delete every resource, each before what it needed; return those that would not go."""
        bodies = stack.definition.resources
        living = {one: bodies.get(one, {}) for one, found in stack.resources.items() if found.lives}
        needed_by = {one: set[str]() for one in living}
        for one, needed in needs(living).items():
            for other in needed:
                needed_by[other].add(one)

        def start(logical_id: str) -> Step | None:
            resource = stack.resources[logical_id]
            if logical_id in retained or _is_kept(living[logical_id], on_create=on_create):
                self.engine.event(stack, "DELETE_SKIPPED", "", resource)
                return None
            return self.engine.delete(stack, resource)

        return (yield from self.engine.run(stack, needed_by, start, operation, go_on=True))

    def keep_definition(self, stack: Stack) -> Definition:
        """What a rollback goes back to."""
        return stack.before or stack.definition


def _is_kept(body: dict[str, object], *, on_create: bool) -> bool:
    policy = body.get("DeletionPolicy", "Delete")
    return policy == "Retain" or (policy == "RetainExceptOnCreate" and not on_create)
