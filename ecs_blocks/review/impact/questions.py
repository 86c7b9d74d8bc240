"""What only the account can answer: one line each, with what tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.views.tasks import task_of
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.service_facts import SERVICE, is_daemon, tasks_of
from ecs_blocks.review.model import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject


def questions(subject: Subject) -> Iterator[str]:
    """What a review without AWS cannot know of this stack; a live one tells that itself."""
    if subject.pair.after is None or subject.pair.live is not None:
        return
    services = [
        (subject.before.resources.get(one.id), one) for one in subject.after.of_type(SERVICE)
    ]
    if any(old is not None and _is_scaled(subject, new) for old, new in services):
        yield "how many tasks run now: `--base live` tells"
    if not subject.is_new and subject.changes:
        yield "whether somebody changed it by hand since (drift): `--base live` tells"
    if any(_has_new_image(subject, new.id) for _, new in services):
        yield "whether the new image is in its registry, and is for this CPU: `--base live` tells"
    if any(one.action is Action.ADD for one in subject.changes):
        yield "whether the account's quotas leave room for what is added: `--base live` tells"


def _is_scaled(subject: Subject, service: Resource) -> bool:
    """Whether the template does not fix how many tasks it runs."""
    return not is_daemon(service) and tasks_of(service, subject.after).fixed is None


def _has_new_image(subject: Subject, service: str) -> bool:
    sides = (subject.before, subject.after)
    tasks = [
        task_of(found, one) if (found := one.resources.get(service)) is not None else None
        for one in sides
    ]
    images = [
        [one.get("Image") for one in listed if isinstance(one, dict)]
        if isinstance(listed := at(task, "ContainerDefinitions"), list)
        else None
        for task in tasks
    ]
    return images[1] is not None and differs(*images)
