"""Doing things to many resources in the order of their needs, with an event for each step."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from tests.fake_aws.cloudformation import policy
from tests.fake_aws.cloudformation.kinds import UNTAGGED, fixed_name, recreation
from tests.fake_aws.cloudformation.model import Definition, Event, Operation, Resource, Stack, Undo
from tests.fake_aws.cloudformation.work import Held, Timed, Work
from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from tests.fake_aws.world import World

TICK_S: Final = 1.0
Steps = Generator[float, None, list[str]]
"""Yields seconds to wait; returns the logical ids that failed."""


class Step(Struct, eq=False):
    """One resource on its way. ``verb`` is what its events say; ``before`` is how it was."""

    resource: Resource
    verb: str
    work: Work
    before: Resource | None = None


class Engine:
    """Works on the resources of stacks."""

    def __init__(self, world: World) -> None:
        self.world = world

    def event(
        self,
        stack: Stack,
        status: str,
        reason: str = "",
        resource: Resource | None = None,
        *,
        physical_id: str | None = None,
    ) -> None:
        """Note what happened: to the stack itself, or to a resource of it."""
        now = self.world.clock.aws_time()
        if resource is None:
            stack.status, stack.reason = status, reason
            logical_id, kind, physical_id = stack.name, "AWS::CloudFormation::Stack", stack.id
            event_id = self.world.ids.uuid()
        else:
            logical_id, kind = resource.logical_id, resource.type
            resource.status, resource.reason, resource.at = status, reason, now
            physical_id = resource.physical_id if physical_id is None else physical_id
            stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            event_id = f"{logical_id}-{status}-{stamp}"
            if any(one.event_id == event_id for one in stack.events[-50:]):
                event_id = f"{logical_id}-{self.world.ids.uuid()}"
        stack.events.append(
            Event(
                event_id,
                now,
                stack.operations[-1],
                logical_id,
                physical_id,
                kind,
                status,
                reason,
            )
        )

    def run(
        self,
        stack: Stack,
        wanted: Mapping[str, set[str]],
        begin: Callable[[str], Step | None],
        operation: Operation,
        *,
        go_on: bool = False,
    ) -> Steps:
        """Begin each of *wanted* when what it needs is done, until all are over or one failed.

        *go_on* is for deletions: what does not need the one that failed is done all the same.
        """
        left, running, failed = dict(wanted), dict[str, Step](), list[str]()
        while left or running:
            ready = [one for one, needed in left.items() if not needed & (left | running).keys()]
            for logical_id in ready:
                del left[logical_id]
                step = begin(logical_id)
                if step is not None:
                    running[logical_id] = step
            for logical_id, step in list(running.items()):
                if step.work.is_over():
                    del running[logical_id]
                    failed += self._end(stack, step)
            if go_on:
                for logical_id in _blocked(left, failed):
                    del left[logical_id]
            elif failed or operation.cancelled:
                return failed + self._cancel(stack, running)
            if running:
                yield TICK_S
        return failed

    def _end(self, stack: Stack, step: Step) -> list[str]:
        if not step.work.failure:
            self.event(stack, f"{step.verb}_COMPLETE", "", step.resource)
            return []
        self.event(stack, f"{step.verb}_FAILED", step.work.failure, step.resource)
        self._restore(stack, step)
        return [step.resource.logical_id]

    def _restore(self, stack: Stack, step: Step) -> None:
        """After a failed update a resource counts as what it was."""
        if step.before is None:
            return
        self.back(stack, step.resource, step.before)

    def back(self, stack: Stack, resource: Resource, before: Resource) -> None:
        """Let *resource* be what it was; what was made in its place is left to be deleted."""
        if resource.physical_id != before.physical_id:
            stack.leftovers.append(structs.replace(resource))
        resource.physical_id, resource.attributes = before.physical_id, before.attributes
        resource.properties = before.properties

    def _cancel(self, stack: Stack, running: dict[str, Step]) -> list[str]:
        for step in running.values():
            step.work.abandon()
            word = {"CREATE": "creation", "UPDATE": "update"}.get(step.verb, "deletion")
            self.event(stack, f"{step.verb}_FAILED", f"Resource {word} cancelled", step.resource)
            self._restore(stack, step)
        return list(running)

    def refuse(self, stack: Stack, resource: Resource, verb: str, reason: str) -> Step:
        """A step that fails at once."""
        self.event(stack, f"{verb}_IN_PROGRESS", "", resource)
        return Step(resource, verb, Timed(self.world, 0, reason))

    def create(self, stack: Stack, resource: Resource) -> Step:
        """Begin to make a resource: its first event has no physical id, as in AWS."""
        self.event(stack, "CREATE_IN_PROGRESS", "", resource)
        return Step(resource, "CREATE", self._made(stack, resource, "CREATE"))

    def _made(self, stack: Stack, resource: Resource, verb: str) -> Work:
        kind, name = resource.type, fixed_name(resource.type, resource.properties)
        if name is not None and (kind, name) in self.world.names:
            return Timed(
                self.world,
                1,
                f"Resource handler returned message: \"Resource of type '{kind}' with identifier "
                f"'{name}' already exists.\" (RequestToken: {self.world.ids.uuid()}, "
                "HandlerErrorCode: AlreadyExists)",
            )
        work = self._begun(stack, resource, verb, "create")
        if resource.physical_id:
            if name is not None:
                self.world.names[kind, name] = stack.id
            self.event(stack, f"{verb}_IN_PROGRESS", "Resource creation Initiated", resource)
        return work

    def update(
        self, stack: Stack, resource: Resource, properties: dict[str, Any], phase: str = "UPDATE"
    ) -> Step:
        """Begin to change a resource where it stands."""
        before = structs.replace(resource)
        resource.properties = properties
        self.event(stack, "UPDATE_IN_PROGRESS", "", resource)
        work = self._begun(stack, resource, phase, "update", before.properties)
        return Step(resource, "UPDATE", work, before)

    def replace(self, stack: Stack, resource: Resource, properties: dict[str, Any]) -> Step:
        """Begin to make a new resource in the place of the old one."""
        kind, name = resource.type, fixed_name(resource.type, properties)
        if name is not None and fixed_name(kind, resource.properties) == name:
            refusal = (
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {name} and update the stack again."
            )
            return self.refuse(stack, resource, "UPDATE", refusal)
        before = structs.replace(resource)
        reason = (
            "Requested update requires the creation of a new physical resource; hence creating one."
        )
        self.event(stack, "UPDATE_IN_PROGRESS", reason, resource)
        resource.properties = properties
        return Step(resource, "UPDATE", self._made(stack, resource, "UPDATE"), before)

    def delete(self, stack: Stack, resource: Resource) -> Step:
        """Begin to delete a resource."""
        self.event(stack, "DELETE_IN_PROGRESS", "", resource)
        work = self._begun(stack, resource, "DELETE", "delete")
        if not isinstance(work, Timed) or not work.will_fail:
            self.forget(resource)
        return Step(resource, "DELETE", work)

    def forget(self, resource: Resource) -> None:
        """Its name is free again."""
        name = fixed_name(resource.type, resource.properties)
        if name is not None:
            self.world.names.pop((resource.type, name), None)

    def _begun(
        self,
        stack: Stack,
        resource: Resource,
        phase: str,
        verb: str,
        before: dict[str, Any] | None = None,
    ) -> Work:
        handler = self.world.handler(resource.type)
        failure = self.world.script.failure(stack.name, resource.logical_id, phase)
        try:
            if verb == "create":
                work = handler.create(stack, resource)
            elif failure:
                return Timed(self.world, failure.after_s, failure.reason)
            elif verb == "update":
                work = handler.update(stack, resource, before or {})
            else:
                work = handler.delete(stack, resource)
        except AwsError as error:
            return Timed(self.world, 0, error.message)
        if failure:
            return Timed(self.world, failure.after_s, failure.reason)
        if self.world.script.is_held(resource.logical_id):
            return Held(self.world, resource.logical_id)
        return work

    def changed(
        self, stack: Stack, resource: Resource, properties: dict[str, Any], new: Definition
    ) -> Step | None:
        """Begin what brings *resource* to *properties*; None where nothing is different."""
        old, before = resource.properties, stack.before or Definition()
        names = [one for one in {**old, **properties} if old.get(one) != properties.get(one)]
        was = {**before.resources.get(resource.logical_id, {}), "Properties": 0}
        tagged = resource.type not in UNTAGGED and before.tags != new.tags
        same = was == {**new.resources[resource.logical_id], "Properties": 0}
        if not names and same and not tagged:
            return None
        replaced = any(recreation(resource.type, name) == "Always" for name in names)
        refusal = policy.refusal(
            stack.policy, resource, "Update:Replace" if replaced else "Update:Modify"
        )
        if replaced and stack.disable_rollback:
            refusal = "Replacement type updates not supported on stack with disable-rollback."
        if refusal:
            return self.refuse(stack, resource, "UPDATE", refusal)
        if all(one.logical_id != resource.logical_id for one in stack.undo):
            stack.undo.append(Undo(resource.logical_id, structs.replace(resource)))
        if replaced:
            return self.replace(stack, resource, properties)
        return self.update(stack, resource, properties)


def _blocked(left: Mapping[str, set[str]], failed: list[str]) -> set[str]:
    """Those of *left* that need, however indirectly, what failed."""
    found: set[str] = set()
    while new := {one for one, needed in left.items() if needed & {*failed, *found}} - found:
        found |= new
    return found
