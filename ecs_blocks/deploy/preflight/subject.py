"""What is checked: a template with every value put in, and what the stack has now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.stack import StackResource, living
from ecs_blocks.deploy.image import Image
from ecs_blocks.deploy.place import Access
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.preflight.template import part
from ecs_blocks.review.changes import compared
from ecs_blocks.review.model import ResourceChange

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.lookups import Resolved
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.review.side import Side


class Running(Struct, frozen=True, kw_only=True):
    """The template that runs, with its values put in, and what the deploy changes of it."""

    template: Mapping[str, Any]
    changes: Mapping[str, ResourceChange]

    @classmethod
    def of(cls, before: Side, after: Side) -> Running:
        """The stack as it is, held against what is to be deployed."""
        found = compared(before, after).resources
        return cls(template=before.resolved(), changes={one.logical_id: one for one in found})


class Subject(Struct, frozen=True, kw_only=True):
    """One stack before its deploy.

    ``template`` has every value put in, what was looked up too. ``resources`` are those that the
    stack has now by logical id, none for a new stack. ``images`` are what ``lookups.resolve``
    found, ``rollback_alarms`` the ARNs of the stack's own rollback triggers. ``written`` is the
    template as it is deployed, with its parameters. ``running`` is what runs now: a gap where it
    could not be read, None for a new stack and where nothing in the template needs it.
    """

    environment: str
    account_id: str
    stack_name: str
    template: Mapping[str, Any]
    resources: Mapping[str, StackResource]
    images: tuple[Image, ...]
    rollback_alarms: tuple[str, ...] = ()
    access: Access = Access()
    written: Mapping[str, Any] = {}
    running: Running | Gap | None = None

    @classmethod
    def of(
        cls,
        target: Target,
        resolved: Resolved,
        stack: Stack | None = None,
        resources: Iterable[StackResource] = (),
        running: Running | Gap | None = None,
    ) -> Subject:
        """The stack of *target* with the values that ``lookups.resolve`` found.

        *stack* is the stack as it is now, None where there is none, *resources* what
        ``read_resources`` says of it, and *running* its template, held against the new one.
        """
        return cls(
            environment=target.environment,
            account_id=target.account_id,
            stack_name=target.stack_name,
            template=target.resolved(resolved.values),
            resources={one.logical_id: one for one in living(list(resources))},
            images=resolved.images,
            rollback_alarms=stack.rollback_alarms if stack else (),
            access=target.place.access,
            written=target.rendered.template,
            running=running,
        )

    def of_type(self, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and properties of the template's resources of *types*."""
        for name, resource in self.template.get("Resources", {}).items():
            if resource.get("Type") in types:
                yield name, part(resource, "Properties")

    def is_new(self, logical_id: str) -> bool:
        """Whether the stack does not have this resource yet."""
        return logical_id not in self.resources

    def new_of_type(self, *types: str) -> list[str]:
        """The logical ids of those of *types* that the deploy will make."""
        return [name for name, _ in self.of_type(*types) if self.is_new(name)]

    def physical_id(self, logical_id: str) -> str:
        """What the stack's resource is called in AWS; empty where there is none."""
        resource = self.resources.get(logical_id)
        return resource.physical_id if resource else ""

    def command(self, *words: str) -> str:
        """What to type for a verb in this environment."""
        return self.access.command(*words, "--env", self.environment)

    def aws_command(self, aws: Aws, words: str, region: str = "") -> str:
        """What to type for *words* of AWS's own command line, in this account."""
        return self.access.aws_command(aws, self.account_id, words, region)

    def deploy(self, app: str) -> str:
        """What to type to deploy *app*."""
        return self.command("deploy", app)
