"""Small templates to check, and what was found as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.cloudformation.stack import StackResource
from ecs_blocks.deploy.place import Access
from ecs_blocks.deploy.preflight.subject import Subject
from tests.deploy.preflight.scripted import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding, Gap
    from ecs_blocks.deploy.preflight.subject import Running

    Check = Callable[[Aws, Subject], Iterator[Finding]]


def subject(
    resources: Mapping[str, tuple[str, dict[str, Any]]],
    *,
    has: Mapping[str, tuple[str, str]] | None = None,
    rollback_alarms: tuple[str, ...] = (),
    access: Access | None = None,
    written: Mapping[str, Any] | None = None,
    running: Running | Gap | None = None,
) -> Subject:
    """A stack of *resources* (type without ``AWS::``, properties); *has* what it has now."""
    return Subject(
        environment="prod",
        account_id=ACCOUNT,
        stack_name="hoge-prod",
        template={
            "Resources": {
                name: {"Type": f"AWS::{kind}", "Properties": properties}
                for name, (kind, properties) in resources.items()
            }
        },
        resources={
            name: StackResource(name, f"AWS::{kind}", physical_id, "CREATE_COMPLETE", "")
            for name, (kind, physical_id) in (has or {}).items()
        },
        images=(),
        rollback_alarms=rollback_alarms,
        access=access or Access(),
        written=written or {},
        running=running,
    )


def found(check: Check, aws: Aws, of: Subject) -> list[str]:
    """What *check* finds, each as ``kind: where: message``."""
    return [f"{one.kind}: {one}" for one in check(aws, of)]
