"""What runs, in words: from the plain data of ``progress`` to what a person reads.

Everything here is a pure function, and used by the screen and by the plain lines alike. The texts
may still hold what AWS and containers wrote: whoever prints them cleans them (``safe_text``).
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.show.hiding import without_credentials
from ecs_blocks.deploy.show.safe_text import clean_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.progress import FailedTask, Resource, Service, Snapshot, Target, Tasks


class Tone(enum.Enum):
    """How a text is meant; a colour on a terminal that has some, never the only sign of it."""

    PLAIN = "plain"
    GOOD = "good"
    BUSY = "busy"
    BAD = "bad"
    QUIET = "quiet"
    STRONG = "strong"


class State(Struct, frozen=True):
    """A sign, the word for it, and its tone."""

    mark: str
    word: str
    tone: Tone


_VERBS: Final = {
    "CREATE": ("creating", "created", "could not be created"),
    "UPDATE": ("updating", "updated", "could not be updated"),
    "DELETE": ("deleting", "deleted", "could not be deleted"),
    "IMPORT": ("importing", "imported", "could not be imported"),
    "EXPORT": ("exporting", "exported", "could not be exported"),
    "ROLLBACK": ("rolling back", "rolled back", "could not be rolled back"),
    "REDEPLOY": ("starting again", "started again", "could not be started again"),
}
_EXACT: Final = {
    "": State("⟳", "starting", Tone.BUSY),
    "DELETE_SKIPPED": State("✓", "kept", Tone.GOOD),
    "REVIEW_IN_PROGRESS": State("⟳", "in review", Tone.BUSY),
}
_CANCELLED: Final = re.compile(r"^Resource \w+ (?:was )?cancell?ed", re.IGNORECASE)
_NOISE: Final = re.compile(r"^(?:Resource \w+ Initiated|Eventual consistency check initiated)$")
_REPLACES: Final = "requires the creation of a new physical resource"

_ROLLOUTS: Final = {
    "": State("⟳", "waiting for ECS", Tone.BUSY),
    "PENDING": State("⟳", "waiting for ECS", Tone.BUSY),
    "IN_PROGRESS": State("⟳", "rolling out", Tone.BUSY),
    "COMPLETED": State("✓", "rolled out", Tone.GOOD),
    "SUCCESSFUL": State("✓", "rolled out", Tone.GOOD),
    "FAILED": State("✗", "rollout failed", Tone.BAD),
    "STOP_REQUESTED": State("✗", "rollout being stopped", Tone.BAD),
    "STOPPED": State("✗", "rollout stopped", Tone.BAD),
    "ROLLBACK_REQUESTED": State("✗", "going back to the old revision", Tone.BAD),
    "ROLLBACK_IN_PROGRESS": State("✗", "going back to the old revision", Tone.BAD),
    "ROLLBACK_SUCCESSFUL": State("✗", "went back to the old revision", Tone.BAD),
    "ROLLBACK_FAILED": State("✗", "could not go back to the old revision", Tone.BAD),
}
"""ECS's rolloutState and the status of its ServiceDeployment."""


def duration(seconds: float) -> str:
    """``6s``, ``4m12s``, ``1h02m``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02}m"


def state_of(status: str, reason: str = "") -> State:
    """A resource's status; one that is not known stays as it is."""
    if status in _EXACT:
        return _EXACT[status]
    verb = _VERBS.get("ROLLBACK" if "ROLLBACK" in status else status.partition("_")[0])
    if verb and status.endswith("_IN_PROGRESS"):
        word = "replacing" if _REPLACES in reason else verb[0]
        return State("⟳", word, Tone.BUSY)
    if verb and status.endswith("_COMPLETE"):
        return State("✓", verb[1], Tone.GOOD)
    if verb and status.endswith("_FAILED"):
        if _CANCELLED.search(reason):
            return State("○", "cancelled", Tone.QUIET)
        return State("✗", verb[2], Tone.BAD)
    return State("•", status, Tone.PLAIN)


def stack_state(status: str) -> State:
    """A stack's status: there, to be rolled back is no success."""
    if status.endswith("_CLEANUP_IN_PROGRESS"):
        done = stack_state(status.replace("_CLEANUP_IN_PROGRESS", ""))
        return State(done.mark, f"{done.word}, cleaning up", done.tone)
    state = state_of(status)
    if "ROLLBACK" in status:
        return State("⟳" if state.tone is Tone.BUSY else "✗", state.word, Tone.BAD)
    return state


def service_state(service: Service) -> State:
    """Where a service's deployment is."""
    if service.waiting_for:
        return State("⟳", "waits for a person", Tone.STRONG)
    return _ROLLOUTS.get(service.rollout, State("•", service.rollout, Tone.PLAIN))


def title(resource: Resource) -> str:
    """``Network/Vpc``: the nested stacks, then the logical id."""
    return "/".join((*resource.path, resource.logical_id))


def reason_of(resource: Resource) -> str:
    """AWS's reason where it tells something that the state does not."""
    state = state_of(resource.status, resource.reason)
    if state.word in ("replacing", "cancelled") or _NOISE.search(resource.reason):
        return ""
    return resource.reason


def short_type(name: str) -> str:
    """``ECS::Service``."""
    return name.removeprefix("AWS::")


def resource_words(resource: Resource) -> str:
    """``✓ HogeService created (ECS::Service)``."""
    state, reason = state_of(resource.status, resource.reason), reason_of(resource)
    text = f"{state.mark} {title(resource)} {state.word} ({short_type(resource.type)})"
    return f"{text}: {reason}" if reason else text


def progress_words(snapshot: Snapshot) -> str:
    """``9/14 resources``, as long as that is what is being done."""
    if "ROLLBACK" in snapshot.status or not (snapshot.planned or snapshot.done):
        return ""
    if not snapshot.planned:
        return f"{snapshot.done} resources"
    return f"{min(snapshot.done, snapshot.planned)}/{snapshot.planned} resources"


def counts(tasks: Tasks) -> str:
    """``2/4 running · 1 starting · 3 failed``."""
    parts = [f"{tasks.running}/{tasks.desired} running"]
    parts += [f"{tasks.pending} starting"] if tasks.pending else []
    parts += [f"{tasks.failed} failed"] if tasks.failed else []
    if tasks.traffic_percent is not None:
        parts.append(f"{tasks.traffic_percent:g} % of traffic")
    return " · ".join(parts)


def short_image(image: str) -> str:
    """``hoge:1.8.3@sha256:9c1f00aa``: without the registry, the digest cut."""
    name, at, digest = image.rpartition("/")[2].partition("@")
    return f"{name}{at}{digest[:15]}"


def breaker_words(service: Service) -> str:
    """``circuit breaker 3 of 10``, where ECS counts failures."""
    if service.breaker_failures is None:
        return ""
    limit = f" of {service.breaker_threshold}" if service.breaker_threshold else ""
    return f"circuit breaker {service.breaker_failures}{limit}"


def target_words(target: Target) -> str:
    """``targets of hoge: 4 healthy · 1 unhealthy (its reason)``."""
    parts = [f"{target.healthy} healthy"]
    if target.unhealthy:
        why = f" ({target.reason})" if target.reason else ""
        parts.append(f"{target.unhealthy} unhealthy{why}")
    parts += [f"{target.initial} starting"] if target.initial else []
    parts += [f"{target.draining} draining"] if target.draining else []
    _, is_arn, name = target.group.partition(":targetgroup/")
    group = name.partition("/")[0] if is_arn else target.group
    return f"targets of {group}: {' · '.join(parts)}"


def service_facts(service: Service) -> list[tuple[str, Tone]]:
    """Everything of a service but its failed tasks, one fact each, and how it is meant."""
    facts = []
    if service.new:
        tone = Tone.BAD if service.new.failed else Tone.BUSY
        facts.append((f"new {service.new.revision}: {counts(service.new)}", tone))
    facts += [(f"old {tasks.revision}: {counts(tasks)}", Tone.PLAIN) for tasks in service.old]
    if service.breaker_failures:
        facts.append((breaker_words(service), Tone.BAD))
    facts += [(f"alarm {alarm}", Tone.BAD) for alarm in service.alarms]
    for target in service.targets:
        facts.append((target_words(target), Tone.BAD if target.unhealthy else Tone.PLAIN))
    facts += [(f"stage {service.stage}", Tone.QUIET)] if service.stage else []
    return facts


def service_words(service: Service) -> str:
    """A service in one line: ``⟳ HogeService rolling out, new hoge:42: 2/4 running, …``."""
    state = service_state(service)
    texts = [f"{state.mark} {service.logical_id} {state.word}"]
    texts += [fact for fact, _ in service_facts(service)]
    texts += [service.waiting_for] if service.waiting_for else []
    texts += [service.note] if service.note else []
    return ", ".join(texts)


def failure_words(task: FailedTask, *, short: bool = False) -> str:
    """``task 7f2a… (app): exited 1, after 6s, 3 more the same``; *short* cuts the id."""
    who = f"task {task.task_id[:8] if short else task.task_id}" if task.task_id else "no task"
    what = task.summary or str(task.kind)
    where = f" ({task.container})" if task.container and task.container not in what else ""
    ran = ""
    if task.ran_s is not None and not re.search(r"after \d", what):
        ran = f", after {duration(task.ran_s)}"
    same = f", {task.same} more the same" if task.same else ""
    return f"{who}{where}: {what}{ran}{same}"


def log_of(task: FailedTask, masked: Callable[[str], str] = str) -> list[str]:
    """The container's last lines, clean, each at most 1,000 characters, without credentials.

    *masked* gives a line without the secrets that are known.
    """
    lines = (line for text in task.log_lines for line in clean_lines(text[:20_000]))
    return [without_credentials(masked(line)[:1000]) for line in lines]


def heartbeat(snapshot: Snapshot) -> str:
    """``still running, 4m12s, 9/14 resources, HogeService 2/4 running``."""
    state = stack_state(snapshot.status)
    doing = "still running" if state.tone is Tone.BUSY else state.word
    parts = [doing, duration(snapshot.elapsed_s)]
    parts += filter(None, [progress_words(snapshot)])
    for service in snapshot.services:
        if service.new:
            parts.append(f"{service.logical_id} {counts(service.new)}")
    parts += filter(None, [snapshot.note])
    return ", ".join(parts)
