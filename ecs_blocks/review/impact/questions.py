"""What only the account can answer: one line each, with what tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.views.tasks import SERVICE, task_of
from ecs_blocks.review.impact.phrases import listed, verb
from ecs_blocks.review.impact.reading import at, named
from ecs_blocks.review.impact.service_facts import is_daemon, tasks_of
from ecs_blocks.review.impact.weights import rewritten
from ecs_blocks.review.model import Action
from ecs_blocks.templates.resolve import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject


def questions(subject: Subject) -> Iterator[str]:
    """What a review without AWS cannot know of this stack; a live one tells that itself."""
    if subject.pair.after is None or subject.pair.live is not None:
        return
    tells = "only the account tells" if subject.pair.after.is_file else "--base live tells"
    yield from (f"{one}: {tells}" for one in _asked(subject))


def _asked(subject: Subject) -> Iterator[str]:
    services = [
        (subject.before.resources.get(one.id), one) for one in subject.after.of_type(SERVICE)
    ]
    if any(old is not None and _is_scaled(subject, new) for old, new in services):
        yield "how many tasks run now"
    moved = dict.fromkeys(one.shifted.service for one in rewritten(subject) if not one.fresh)
    if moved:
        yield f"in which target group the tasks of {listed(moved)} are now"
    if not subject.is_new and subject.changes:
        yield "whether somebody changed it by hand since (drift)"
    if any(_has_new_image(subject, new.id) for _, new in services):
        yield "whether the new image is in its registry, and is for this CPU"
    secrets = [name for _, new in services for name in _new_secrets(subject, new.id)]
    if secrets:
        are = verb(secrets, "secret for {} is", "secrets for {} are").format(listed(secrets))
        yield f"whether the {are} there"
    if any(one.action is Action.ADD for one in subject.changes):
        yield "whether the account's quotas leave room for what is added"


def _is_scaled(subject: Subject, service: Resource) -> bool:
    """Whether the template does not fix how many tasks it runs."""
    return not is_daemon(service) and tasks_of(service, subject.after).fixed is None


def _has_new_image(subject: Subject, service: str) -> bool:
    old, new = (
        [normalised(one.get("Image")) for one in found or ()]
        for found in _containers(subject, service)
    )
    return any(one not in old for one in new)


def _new_secrets(subject: Subject, service: str) -> Iterator[str]:
    """The names of the secrets that its containers take from where they did not before."""
    old, new = (
        [item for one in found or () for item in named(one.get("Secrets")).items()]
        for found in _containers(subject, service)
    )
    return (name for name, item in new if (name, item) not in old)


def _containers(subject: Subject, service: str) -> Iterator[list[dict[str, Any]] | None]:
    """The containers of its task before and after; None where they are not known."""
    for template in (subject.before, subject.after):
        found = template.resources.get(service)
        listed_ = at(task_of(found, template), "ContainerDefinitions") if found else None
        if isinstance(listed_, list):
            yield [one for one in listed_ if isinstance(one, dict)]
        else:
            yield None
