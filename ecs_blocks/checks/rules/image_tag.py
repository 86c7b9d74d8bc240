"""An image without a tag of its own is another image tomorrow.

``latest``, or no tag, names whatever was pushed last. CloudFormation sees no change when it moves,
so nothing is deployed; the next task that starts by itself takes it all the same; and a rollback
has nothing to go back to.

Name a tag that is pushed once (a commit, a build number) or, better, a digest:
``repository@sha256:…``.

Source: Amazon ECS Developer Guide, "Container image considerations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, literal, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(containers(task), _container)


def _container(container: Part) -> Iterator[Fault]:
    written = literal(container.raw("Image"))
    if written.endswith(":latest"):  # certain even where the repository is not known yet
        yield Fault(container.at("Image"), f"the tag of {written!r} is 'latest', which moves")
        return
    image = text(container.get("Image"))
    if image and "@" not in image and ":" not in image.rsplit("/", 1)[-1]:
        yield Fault(container.at("Image"), f"{image!r} has no tag, which means 'latest'")


CHECK = Check(
    id="EB314",
    title="image tag is 'latest'",
    types=(TASK_DEFINITION,),
    severity=Severity.WARNING,
    fix="name a tag that is pushed once, or a digest (repository@sha256:…)",
    judge=_judge,
)
