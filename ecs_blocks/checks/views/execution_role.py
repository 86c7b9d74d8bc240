"""The execution role of a task definition, and what it has to be allowed for the task to start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import Fault, Unknown
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.role_permissions import may

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource, Template

PATH: Final = "ExecutionRoleArn"


class Need(Struct, frozen=True):
    """That the task asks for *actions* on the resource with the ARN *wanted*, at *path*."""

    path: str
    actions: tuple[str, ...]
    wanted: str
    what: str


def lacking(task: Resource, template: Template, needs: Iterable[Need]) -> Iterator[Fault]:
    """A fault for each of *needs* that the task's execution role does not meet.

    Raises:
        Unknown: the role is not one of this template, or not all of it can be read.
    """
    if task.raw(PATH) is None:
        return  # without a role: another check says where one is needed

    def met(need: Need) -> Iterator[Fault]:
        role = template.target(task.raw(PATH))
        if role is None or role.type != ROLE:
            raise Unknown(PATH)
        try:
            missing = [one for one in need.actions if not may(role, template, one, need.wanted)]
        except Unknown:
            raise Unknown(PATH) from None
        if missing:
            yield Fault(need.path, f"{role.id} lacks {', '.join(missing)} on {need.what}")

    yield from each(needs, met)
