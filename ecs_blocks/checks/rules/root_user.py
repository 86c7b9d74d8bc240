"""A container that runs as root is one mistake away from owning more than itself.

Root inside the container is the kernel's root outside of it wherever the isolation has a hole, and
it may read and change every file of the image meanwhile. Without ``User`` the image decides, and
most images say nothing, which is root.

Give the image a user of its own and name it in ``User``: ``"1000"``, ``"1000:1000"`` or its name.
A sidecar needs that as much as the application. Windows containers have no ``User`` and are not
reported.

Source: AWS Security Hub, control ECS.20; Amazon ECS Developer Guide, "Task and container security
best practices".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_windows

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    if not on_windows(task):
        yield from each(containers(task), _container)


def _container(container: Part) -> Iterator[Fault]:
    given = text(container.get("User")).strip()
    if not given:
        place = container.at("User")
        yield Fault(place, "User is not set: the container runs as the image's user, mostly root")
    elif _is_root(given.split(":", 1)[0]):
        yield Fault(container.at("User"), f"the container runs as root (User is {given!r})")


def _is_root(user: str) -> bool:
    return user == "root" or (user.isdecimal() and int(user) == 0)


CHECK = Check(
    id="EB303",
    title="container runs as root",
    types=(TASK_DEFINITION,),
    severity=Severity.WARNING,
    fix="give the image a user of its own and name it in User, as in '1000:1000'",
    judge=_judge,
)
